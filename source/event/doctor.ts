/* What the doctor tells a screen or a script: results of checks, none of which ever holds a secret. */

/** What the checks are about, in the order in which they are shown. */
export const checkGroups = [
	'engine',
	'config',
	'client',
	'keys',
	'providers',
	'files',
	'terminal',
	'versions',
] as const;

/** One of {@link checkGroups}. */
export type CheckGroup = (typeof checkGroups)[number];

/** `skipped`: it could not be looked at, or there is nothing to look at. */
export type CheckState = 'ok' | 'warn' | 'fail' | 'skipped';

/** One part of a check that has several, such as `dns`, `tcp`, `tls`, `auth`. */
export interface CheckStep {
	readonly name: string;
	readonly state: CheckState;
	/** A phrase. */
	readonly text: string;
	readonly tookMs: number | undefined;
}

/** What one check found. */
export interface CheckFinding {
	readonly state: CheckState;
	/** One sentence: what is so. */
	readonly what: string;
	/** The file, address or variable that it is about. */
	readonly where?: string | undefined;
	/** One sentence: what to do. Only where something is to be done. */
	readonly fix?: string | undefined;
	/** Set where the doctor itself can do it: the short question that is asked before. */
	readonly repair?: string | undefined;
	readonly steps?: readonly CheckStep[] | undefined;
}

/** A finding with its check. */
export interface CheckResult extends CheckFinding {
	/** Stable: `port`, `client.codex`, `key:codex/relay/default`, `provider:…`, `deep:…`. */
	readonly id: string;
	readonly group: CheckGroup;
	readonly tookMs: number;
}

/** Which checks are run: all, those that a start looks at (no upstream is asked), or some by id, group or provider. What costs money, by id only. */
export type CheckChoice = 'all' | 'start' | readonly string[];

/** The doctor as a screen holds it. */
export interface DoctorLink {
	/** Runs checks; `tell` gets each result when it is there. Resolves when all are; a check that breaks is a result too. */
	readonly run: (choice: CheckChoice, tell: (result: CheckResult) => void) => Promise<void>;
	/** Does what a result's `repair` asks for; resolves with the sentence that says so. Rejects with a RelayError. */
	readonly repair: (id: string) => Promise<string>;
}

/** Whether an upstream is tested by a request that costs money: such checks run by name only, never with the others. */
export const isDeep = (id: string): boolean => id.startsWith('deep:');
