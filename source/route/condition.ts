import type {RouteCondition} from '../config/graph.ts';
import type {RouteCall} from './inputs.ts';

/** Whether every part of a condition that is there holds for a call (codex-helper.md 1.4; routing.md 2); an empty one always holds. */
export const isConditionMet = (when: RouteCondition, call: RouteCall, nowMs: number): boolean =>
	isSame(when.path, call.path) &&
	isSame(when.method?.toUpperCase(), call.method.toUpperCase()) &&
	isSame(when.serviceTier, call.tier) &&
	isSame(when.reasoningEffort, call.effort) &&
	isSame(when.session, call.sessionId) &&
	isSame(when.requestKind, call.kind) &&
	isSame(when.client, call.client) &&
	isSubagentMet(when.subagent, call) &&
	isGlobMet(when.model, call.model, anyGlob) &&
	isGlobMet(when.cwd, call.cwd, pathGlob) &&
	hasHeaders(when.headers, call.headers) &&
	isTimeMet(when.time, nowMs);

const isSame = (wanted: string | undefined, actual: string | undefined): boolean =>
	wanted === undefined || wanted === actual;

const isSubagentMet = (wanted: boolean | string | undefined, call: RouteCall): boolean =>
	wanted === undefined || (typeof wanted === 'boolean' ? wanted === call.isSubagent : wanted === call.subagent);

const hasHeaders = (wanted: ReadonlyMap<string, string>, headers: RouteCall['headers']): boolean => {
	for (const [name, value] of wanted) {
		if (headers[name] !== value) {
			return false;
		}
	}

	return true;
};

interface Glob {
	readonly star: string;
	readonly character: string;
	readonly compiled: Map<string, RegExp>;
}

// A configuration has few patterns; the bound only guards against a program that makes them up.
const maxCompiled = 1000;
const anyGlob: Glob = {star: '[\\s\\S]*', character: '[\\s\\S]', compiled: new Map()};
const pathGlob: Glob = {star: '[^/]*', character: '[^/]', compiled: new Map()};

const isGlobMet = (pattern: string | undefined, text: string | undefined, glob: Glob): boolean => {
	if (pattern === undefined) {
		return true;
	}

	return text !== undefined && regExpOf(pattern, glob).test(text);
};

const regExpOf = (pattern: string, glob: Glob): RegExp => {
	const known = glob.compiled.get(pattern);
	if (known) {
		return known;
	}

	const source = pattern.replaceAll(/\*\*|[*?]|[\\^$.+()[\]{}|/-]/g, part => {
		switch (part) {
			case '**': {
				return '[\\s\\S]*';
			}

			case '*': {
				return glob.star;
			}

			case '?': {
				return glob.character;
			}

			default: {
				return `\\${part}`;
			}
		}
	});
	const made = new RegExp(`^${source}$`, 's');
	if (glob.compiled.size >= maxCompiled) {
		glob.compiled.clear();
	}

	glob.compiled.set(pattern, made);
	return made;
};

const minutesPerHour = 60;

/** A window over midnight belongs to the day on which it begins; one that ends where it begins lasts the whole day. */
const isTimeMet = (windows: RouteCondition['time'], nowMs: number): boolean => {
	if (windows.length === 0) {
		return true;
	}

	const now = new Date(nowMs);
	const minute = now.getHours() * minutesPerHour + now.getMinutes();
	const today = now.getDay();
	const yesterday = (today + 6) % 7;
	return windows.some(({from, to, days}) => {
		const isDay = (day: number): boolean => days.length === 0 || days.includes(day);
		if (from < to) {
			return isDay(today) && from <= minute && minute < to;
		}

		return from === to ? isDay(today) : (isDay(today) && from <= minute) || (isDay(yesterday) && minute < to);
	});
};
