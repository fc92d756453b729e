import {readLimit, readVerb, readWords, usageErrorOf} from './arguments.ts';

/** The verbs of `codex-tui request`. */
const verbs = ['list', 'show', 'curl', 'replay'] as const;

/** What the command line asks for. */
export interface RequestFlags {
	readonly verb: (typeof verbs)[number];
	/** Empty for `list`. */
	readonly id: string;
	readonly to: string | undefined;
	/** Undefined: no body, but what became of the request. */
	readonly part: 'request' | 'answer' | undefined;
	readonly raw: boolean;
	readonly errors: boolean;
	readonly limit: number;
	readonly isAgreed: boolean;
	readonly json: boolean;
}

/** A CommandError `usage` (exit code 2) that points at the help. */
export const wrongRequest = usageErrorOf('request');

const flag = {type: 'boolean'} as const;
const text = {type: 'string'} as const;

const parse = (args: readonly string[]) =>
	readWords('request', args, {
		...{to: text, limit: text, body: flag, answer: flag, raw: flag, errors: flag, yes: flag, json: flag},
		help: {type: 'boolean', short: 'h'},
	});

/** Reads the flags. Throws CommandError `usage`. */
export const readRequestFlags = (args: readonly string[]): RequestFlags | 'help' => {
	const {values, positionals} = parse(args);
	if (values.help === true) {
		return 'help';
	}

	const takes = 'the id of one request; list shows them';
	const {verb, id} = readVerb('request', positionals, {verbs, takes});
	if ((verb === 'replay') !== (values.to !== undefined)) {
		throw wrongRequest(verb === 'replay' ? 'replay needs --to NAME, the upstream.' : '--to goes with replay.');
	}

	return {
		...{
			verb,
			id,
			limit: readLimit('request', values.limit),
			to: values.to,
			raw: values.raw === true,
			errors: values.errors === true,
		},
		part: values.body === true ? 'request' : values.answer === true ? 'answer' : undefined,
		isAgreed: values.yes === true,
		json: values.json === true,
	};
};
