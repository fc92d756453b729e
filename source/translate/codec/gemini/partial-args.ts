import {isJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import {objectsField} from '../field.ts';

type Step = string | number;
type Branch = Record<string, unknown> | unknown[];

const stepPattern = /\.([^.[\]]+)|\[(\d+)\]|\[['"]([^'"]*)['"]\]/g;
const maxIndex = 10_000;
const unsafe = new Set(['__proto__', 'constructor', 'prototype']);

/** `$.a.b[0]` and `$['a']` as steps; undefined for a path that is none of these. */
const stepsOf = (path: string): readonly Step[] | undefined => {
	const steps = [...path.matchAll(stepPattern)].map(([, name, index, quoted]): Step =>
		index === undefined ? (name ?? quoted ?? '') : Number(index),
	);
	const isUsable = steps.every(step => (typeof step === 'number' ? step <= maxIndex : !unsafe.has(step)));
	return path.startsWith('$') && steps.length > 0 && isUsable ? steps : undefined;
};

const read = (branch: Branch, step: Step): unknown =>
	Array.isArray(branch) ? branch[Number(step)] : Object.hasOwn(branch, step) ? branch[step] : undefined;

const write = (branch: Branch, step: Step, value: unknown): void => {
	if (Array.isArray(branch)) {
		branch[Number(step)] = value;
	} else {
		branch[step] = value;
	}
};

const isBranch = (value: unknown): value is Branch => typeof value === 'object' && value !== null;

const valueOf = (piece: JsonObject): unknown =>
	textField(piece, 'stringValue') ??
	['numberValue', 'boolValue'].map(name => piece[name]).find(value => value !== undefined) ??
	('nullValue' in piece ? null : undefined);

/** The arguments of one call that come in pieces: a path and a value each, strings in several parts (Vertex; translation.md 3.6). */
export class PartialArguments {
	readonly #root: Record<string, unknown> = {};

	push(functionCall: JsonObject): void {
		if (isJsonObject(functionCall['args'])) {
			Object.assign(this.#root, functionCall['args']);
		}

		for (const piece of objectsField(functionCall, 'partialArgs')) {
			const steps = stepsOf(textField(piece, 'jsonPath') ?? '');
			const value = valueOf(piece);
			if (steps !== undefined && value !== undefined) {
				this.#set(steps, value);
			}
		}
	}

	/** The arguments so far, as JSON. */
	json(): string {
		return JSON.stringify(this.#root);
	}

	#set(steps: readonly Step[], value: unknown): void {
		let branch: Branch = this.#root;
		for (const [index, step] of steps.slice(0, -1).entries()) {
			const known = read(branch, step);
			const next: Branch = isBranch(known) ? known : typeof steps[index + 1] === 'number' ? [] : {};
			write(branch, step, next);
			branch = next;
		}

		const last = steps.at(-1) ?? '';
		const before = read(branch, last);
		write(branch, last, typeof before === 'string' && typeof value === 'string' ? before + value : value);
	}
}
