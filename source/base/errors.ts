/**
 * The base of all errors that somebody branches on or that a user reads.
 * `message` is one sentence that says what is wrong, where, and what to do next; it never holds a secret.
 */
export class RelayError extends Error {
	override readonly name: string = 'RelayError';
	/** A stable kebab-case noun, documented in the README's table of errors. */
	readonly code: string;

	constructor(code: string, message: string, options?: ErrorOptions) {
		super(message, options);
		this.code = code;
	}
}

/** The exit codes of every command (product.md 5). */
export const exitCode = {
	done: 0,
	failed: 1,
	usage: 2,
	configInvalid: 3,
	inUse: 4,
	checkFailed: 5,
	cancelled: 6,
	engineGaveUp: 75,
} as const;

/** One of the numbers in {@link exitCode}. */
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** An error that ends a command with its own exit code; the command line prints `message` as one sentence on stderr. */
export class CommandError extends RelayError {
	override readonly name = 'CommandError';
	readonly exitCode: ExitCode;

	constructor(exit: ExitCode, code: string, message: string) {
		super(code, message);
		this.exitCode = exit;
	}
}

/** The message of anything that was thrown, for a sentence that names the cause. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** The `code` of a Node or undici error (`ECONNRESET`, `UND_ERR_SOCKET`, …), or undefined. */
export const codeOf = (thrown: unknown): string | undefined =>
	thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;

/** Fails to compile where a union's case is not handled, and throws where the data lied. */
export const assertNever = (value: never): never => {
	throw new RelayError('unexpected-case', `This case is not handled: ${JSON.stringify(value)}.`);
};
