import type {IncomingMessage, ServerResponse} from 'node:http';
import {isRecord} from '../../base/json.ts';

/* The shapes of the control API's paths: GET reads, POST changes, every fault has a status and a stable code (architecture.md, Control API). */

/** A question or change that cannot be answered as it was put; becomes problem details. */
export class ControlFault extends Error {
	readonly status: number;
	readonly code: string;

	constructor(status: number, code: string, sentence: string) {
		super(sentence);
		this.status = status;
		this.code = code;
	}
}

/** What a path gets to see of a request. */
export interface ControlRequest {
	/** The parts of the path in braces, decoded. */
	readonly params: Readonly<Record<string, string>>;
	readonly query: URLSearchParams;
	/** POST: the parsed JSON object; GET: empty. */
	readonly body: Readonly<Record<string, unknown>>;
	/** Whether a screen that is attached the same way may change things. */
	readonly mayScreenAct: boolean;
}

/** The header by which an attached screen says that it is one. */
export const screenHeader = 'x-codex-tui-screen';

/** A path that answers with one JSON value. Throws {@link ControlFault}, or RelayError where an action cannot be done. */
export interface ControlRoute {
	readonly method: 'GET' | 'POST';
	/** For example `/api/v1/requests/{id}`. */
	readonly path: string;
	/** It changes something: an attached screen needs a permission for it. */
	readonly isChange?: true;
	readonly answer: (request: ControlRequest) => unknown;
}

/** A path that goes on answering until the client leaves. */
export interface ControlStream {
	readonly path: string;
	readonly open: (request: IncomingMessage, response: ServerResponse) => void;
}

/** The parameters where a path fits a pattern; undefined where it does not, also for an escape that decodes to nothing. */
export const matchPath = (pattern: string, path: string): Readonly<Record<string, string>> | undefined => {
	const wanted = pattern.split('/');
	const found = path.split('/');
	if (wanted.length !== found.length) {
		return undefined;
	}

	const params: Record<string, string> = {};
	for (const [index, part] of wanted.entries()) {
		const value = found[index] ?? '';
		if (part.startsWith('{')) {
			const decoded = decode(value);
			if (decoded === undefined || decoded === '') {
				return undefined;
			}

			params[part.slice(1, -1)] = decoded;
		} else if (part !== value) {
			return undefined;
		}
	}

	return params;
};

const decode = (text: string): string | undefined => {
	try {
		return decodeURIComponent(text);
	} catch {
		// A broken escape names nothing that exists.
		return undefined;
	}
};

/** Names of people's things and models are far shorter; what is longer would be kept, sent and shown for ever. */
const longestText = 1024;
const controlCharacter = /\p{Cc}/u;

/** The body of a change as fields that say what is wrong with them. */
export class Fields {
	readonly #values: Readonly<Record<string, unknown>>;

	constructor(values: Readonly<Record<string, unknown>>) {
		this.#values = values;
	}

	/** A text, or undefined where it is missing or null. */
	text(name: string): string | undefined {
		const value = this.#values[name];
		if (value === undefined || value === null) {
			return undefined;
		}

		if (typeof value !== 'string' || value === '') {
			throw this.#fault(name, 'takes a text that is not empty');
		}

		if (value.length > longestText || controlCharacter.test(value)) {
			throw this.#fault(name, `takes up to ${longestText} characters, and no control characters`);
		}

		return value;
	}

	/** A text that must be there. */
	needed(name: string): string {
		const value = this.text(name);
		if (value === undefined) {
			throw this.#fault(name, 'is missing');
		}

		return value;
	}

	choice<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
		const value = this.text(name);
		const found = values.find(candidate => candidate === value);
		if (value !== undefined && found === undefined) {
			throw this.#fault(name, `takes ${values.join(' or ')}`);
		}

		return found;
	}

	/** One of these, which must be there. */
	neededChoice<Value extends string>(name: string, values: readonly Value[]): Value {
		const value = this.choice(name, values);
		if (value === undefined) {
			throw this.#fault(name, `is missing; it takes ${values.join(' or ')}`);
		}

		return value;
	}

	/** A text; null means "take it away", undefined "leave it". */
	nullable(name: string): string | null | undefined {
		return this.isNull(name) ? null : this.text(name);
	}

	/** True or false; missing is false. */
	flag(name: string): boolean {
		const value = this.#values[name];
		if (value !== undefined && typeof value !== 'boolean') {
			throw this.#fault(name, 'takes true or false');
		}

		return value === true;
	}

	/** A list of texts, or undefined where it is missing. */
	texts(name: string): readonly string[] | undefined {
		const value = this.#values[name];
		if (value === undefined || value === null) {
			return undefined;
		}

		if (!Array.isArray(value) || !value.every(item => typeof item === 'string' && item !== '')) {
			throw this.#fault(name, 'takes a list of texts');
		}

		return value.map(String);
	}

	/** Milliseconds from now on, or undefined where it is missing. */
	duration(name: string): number | undefined {
		const value = this.#values[name];
		if (value !== undefined && !(typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)) {
			throw this.#fault(name, 'takes milliseconds');
		}

		return value;
	}

	/** A time that must be there, wall-clock milliseconds. */
	neededTime(name: string): number {
		const value = this.time(name);
		if (value === undefined) {
			throw this.#fault(name, 'is missing; it takes milliseconds since 1970');
		}

		return value;
	}

	/** A time, wall-clock milliseconds. */
	time(name: string): number | undefined {
		const value = this.#values[name];
		if (value === undefined || value === null) {
			return undefined;
		}

		if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0) {
			throw this.#fault(name, 'takes milliseconds since 1970');
		}

		return value;
	}

	/** Null as opposed to missing: "take it away". */
	isNull(name: string): boolean {
		return this.#values[name] === null;
	}

	#fault(name: string, what: string): ControlFault {
		return new ControlFault(400, 'bad-field', `The field "${name}" ${what}.`);
	}
}

/** A body that must be an object. */
export const objectBody = (value: unknown): Readonly<Record<string, unknown>> => {
	if (!isRecord(value)) {
		throw new ControlFault(400, 'bad-body', 'A POST needs one JSON object as its body.');
	}

	return value;
};
