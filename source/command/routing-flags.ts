import {readDelay} from '../base/delay.ts';
import type {Service} from '../wire/names.ts';
import {readWords, usageErrorOf} from './arguments.ts';

/* The command line of `routing`: which flags a verb takes, and times as people write them. */

/** Everything that a verb may find on the command line. */
export interface RoutingFlags {
	/** Undefined: not said. */
	readonly service: Service | undefined;
	readonly model?: string | undefined;
	readonly session?: string | undefined;
	readonly tier?: string | undefined;
	readonly effort?: string | undefined;
	readonly profile?: string | undefined;
	readonly path?: string | undefined;
	readonly method?: string | undefined;
	/** Each `name=value`. */
	readonly header?: readonly string[] | undefined;
	readonly cwd?: string | undefined;
	readonly client?: string | undefined;
	readonly kind?: string | undefined;
	readonly subagent?: string | undefined;
	readonly down?: readonly string[] | undefined;
	readonly up?: readonly string[] | undefined;
	readonly in?: string | undefined;
	readonly for?: string | undefined;
	readonly until?: string | undefined;
	readonly prefer?: boolean | undefined;
	readonly clear?: boolean | undefined;
	readonly 'no-pin'?: boolean | undefined;
	readonly 'no-affinity'?: boolean | undefined;
	readonly json?: boolean | undefined;
	readonly help?: boolean | undefined;
	/** What is no flag, at most as much as the verb takes. */
	readonly words: readonly string[];
}

/** A wrong command line: exit code 2 (product.md 5). */
export const wrongUsage = usageErrorOf('routing');

const text = {type: 'string'} as const;
const list = {type: 'string', multiple: true} as const;
const flag = {type: 'boolean'} as const;
const short = {type: 'boolean', short: 'h'} as const;

const known = {
	...{service: text, codex: flag, claude: flag, model: text, session: text, tier: text, effort: text, profile: text},
	...{down: list, up: list, in: text, for: text, until: text, prefer: flag, clear: flag},
	...{path: text, method: text, header: list, cwd: text, client: text, kind: text, subagent: text},
	...{'no-pin': flag, 'no-affinity': flag, json: flag, help: short},
} as const;

const always = ['service', 'codex', 'claude', 'json', 'help'];
const ask = ['model', 'session', 'tier', 'effort'];
/** What conditions of routes ask besides (codex-helper.md 1.4; routing.md 2). */
const conditions = ['path', 'method', 'header', 'cwd', 'client', 'kind', 'subagent'];
const end = ['for', 'until'];

/** What stands beside each verb; `words`: names of what may follow it without a flag. */
const verbFlags = {
	show: {flags: [], words: 0},
	explain: {flags: [...ask, ...conditions], words: 1},
	'what-if': {flags: [...ask, ...conditions, 'down', 'up', 'in', 'no-pin', 'no-affinity'], words: 0},
	pin: {flags: ['session', 'prefer', ...end], words: 1},
	unpin: {flags: ['session'], words: 0},
	override: {flags: [...ask, 'profile', 'clear'], words: 0},
	actions: {flags: [], words: 0},
	dismiss: {flags: [], words: 2},
	extend: {flags: end, words: 2},
} as const;

/** What `routing` can do. */
export type RoutingVerb = keyof typeof verbFlags;

/** The verb of a command line; undefined where there is none. Throws CommandError `wrong-usage` for one that does not exist. */
export const readVerb = (name: string | undefined): RoutingVerb | undefined => {
	if (name === undefined || name === '--help' || name === '-h') {
		return undefined;
	}

	if (!isVerb(name)) {
		throw wrongUsage(
			`routing knows no "${name.slice(0, 40)}"; it takes one of ${Object.keys(verbFlags).join(', ')}, order, set, prefer-tag.`,
		);
	}

	return name;
};

const isVerb = (name: string): name is RoutingVerb => Object.hasOwn(verbFlags, name);

const parse = (args: readonly string[]) => readWords('routing', args, known);

/** The flags of a verb. Throws CommandError `wrong-usage` for a flag, a word or a service that it does not take. */
export const readRoutingFlags = (verb: RoutingVerb, args: readonly string[]): RoutingFlags => {
	const {values, positionals} = parse(args);
	const {flags, words} = verbFlags[verb];
	const taken: readonly string[] = [...always, ...flags];
	const stray = Object.keys(values).find(name => !taken.includes(name));
	if (stray !== undefined) {
		throw wrongUsage(`routing ${verb} takes no --${stray}.`);
	}

	if (positionals.length > words) {
		throw wrongUsage(`routing ${verb} takes no "${(positionals[words] ?? '').slice(0, 60)}".`);
	}

	for (const [name, value] of Object.entries(values)) {
		if ([value].flat().includes('')) {
			throw wrongUsage(`--${name} is empty.`);
		}
	}

	return {...values, service: readService(values), words: positionals};
};

/** The service that flags name; undefined: none. Throws what `refuse` makes of a sentence. */
export const readService = (
	values: {
		readonly service?: string | undefined;
		readonly codex?: boolean | undefined;
		readonly claude?: boolean | undefined;
	},
	refuse = wrongUsage,
): Service | undefined => {
	const {service, codex, claude} = values;
	const named = new Set([service, codex === true ? 'codex' : undefined, claude === true ? 'claude' : undefined]);
	named.delete(undefined);
	const [first] = named;
	if (named.size > 1 || (first !== undefined && first !== 'codex' && first !== 'claude')) {
		throw refuse('The service is codex or claude.');
	}

	return first === 'claude' ? 'claude' : first === undefined ? undefined : 'codex';
};

/** A duration such as `2h` in milliseconds. Throws CommandError `wrong-usage`. */
export const readDuration = (name: string, given: string): number => {
	const delay = readDelay(given);
	if (typeof delay === 'string') {
		throw wrongUsage(`--${name}: ${delay}`);
	}

	return delay;
};

/**
 * When something ends, wall-clock milliseconds: `--for 2h`, or `--until` with a duration, a time of day (the next `18:30`) or a date such as
 * `2026-12-24T18:30`; local time. Undefined where neither was given. Throws CommandError `wrong-usage`, also for a moment that is over.
 */
export const readEnd = (flags: Pick<RoutingFlags, 'for' | 'until'>, nowMs: number): number | undefined => {
	const {for: span, until} = flags;
	if (span !== undefined && until !== undefined) {
		throw wrongUsage('--for and --until say the same; give one of them.');
	}

	const endMs =
		span === undefined
			? until === undefined
				? undefined
				: readMoment(until, nowMs)
			: nowMs + readDuration('for', span);
	if (endMs !== undefined && endMs <= nowMs) {
		throw wrongUsage('The end must be in the future.');
	}

	return endMs;
};

const readMoment = (given: string, nowMs: number): number => {
	const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(given) ?? [];
	if (hour !== undefined && minute !== undefined) {
		const moment = new Date(nowMs);
		moment.setHours(Number(hour), Number(minute), 0, 0);
		if (moment.getTime() <= nowMs) {
			moment.setDate(moment.getDate() + 1);
		}

		return moment.getTime();
	}

	const delay = readDelay(given);
	const dateMs = /^\d{4}-\d{2}-\d{2}/.test(given) ? Date.parse(given) : Number.NaN;
	if (typeof delay === 'string' && Number.isNaN(dateMs)) {
		throw wrongUsage(`--until: "${given.slice(0, 40)}" is no time: write 18:30, 2026-12-24T18:30, or 2h.`);
	}

	return typeof delay === 'string' ? dateMs : nowMs + delay;
};
