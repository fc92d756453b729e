import {readLimit, readVerb, readWords, usageErrorOf} from './arguments.ts';

/** The verbs of `codex-tui session`. */
const verbs = ['list', 'show', 'override', 'reset'] as const;

/** What the command line asks for. */
export interface SessionFlags {
	readonly verb: (typeof verbs)[number];
	/** Empty for `list`. */
	readonly id: string;
	readonly filter: string;
	readonly live: boolean;
	readonly limit: number;
	readonly json: boolean;
	/** `-` gives a field back to the client. */
	readonly fields: Readonly<Partial<Record<'model' | 'effort' | 'tier' | 'profile', string>>>;
}

/** A CommandError `usage` (exit code 2) that points at the help. */
export const wrongSession = usageErrorOf('session');

const flag = {type: 'boolean'} as const;
const text = {type: 'string'} as const;

const parse = (args: readonly string[]) =>
	readWords('session', args, {
		...{filter: text, limit: text, live: flag, json: flag, model: text, effort: text, tier: text, profile: text},
		help: {type: 'boolean', short: 'h'},
	});

const fieldsOf = ({model, effort, tier, profile}: ReturnType<typeof parse>['values']): SessionFlags['fields'] => ({
	...(model === undefined ? {} : {model}),
	...(effort === undefined ? {} : {effort}),
	...(tier === undefined ? {} : {tier}),
	...(profile === undefined ? {} : {profile}),
});

/** Reads the flags. Throws CommandError `usage`. */
export const readSessionFlags = (args: readonly string[]): SessionFlags | 'help' => {
	const {values, positionals} = parse(args);
	if (values.help === true) {
		return 'help';
	}

	const takes = 'the id of one session, or how it begins';
	const {verb, id} = readVerb('session', positionals, {verbs, takes});
	const fields = fieldsOf(values);
	const named = Object.entries(fields);
	if ((verb === 'override') !== named.length > 0) {
		throw wrongSession(
			verb === 'override'
				? 'override needs one of --model, --effort, --tier, --profile.'
				: '--model, --effort, --tier and --profile go with override.',
		);
	}

	const empty = named.find(([, value]) => value === '');
	if (empty !== undefined) {
		throw wrongSession(`--${empty[0]} is empty; "-" gives it back to the client.`);
	}

	return {
		...{verb, id, fields, filter: values.filter ?? '', limit: readLimit('session', values.limit)},
		...{live: values.live === true, json: values.json === true},
	};
};
