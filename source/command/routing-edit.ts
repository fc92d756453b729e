import {type ParseArgsOptionsConfig} from 'node:util';
import {exitCode, type ExitCode} from '../base/errors.ts';
import type {ConfigEdit} from '../config/edit/config-edit.ts';
import {readField} from '../config/edit/field-text.ts';
import type {FieldKind} from '../config/edit/provider-fields.ts';
import type {Service} from '../wire/names.ts';
import {editFlags, makeEdit, type EditSurroundings} from './config-edit.ts';
import {readService, wrongUsage} from './routing-flags.ts';
import {readWords} from './arguments.ts';

const help = `Usage: codex-tui routing order ROUTE NAME… [options]
       codex-tui routing set [ROUTE] [fields] [options]
       codex-tui routing prefer-tag [ROUTE] TAG=VALUE[,TAG=VALUE…]… [options]

  Changes the routes in config.toml; comments and everything else stay. The engine takes it at once; "codex-tui config undo" takes
  it back. ROUTE is a route's name; without it the entry route is meant.

  order        the named children first, in this order; the others stay behind them
  set          fields of a route: --strategy --children A,B --target --weight NAME=N… --on-exhausted continue|stop --avoid-below
               --stop-below --hedge-after-ms --then --default --when KEY=VALUE…
               of the routing: --entry --affinity-policy --fallback-ttl-ms --reprobe-preferred-after-ms --last-resort
               An empty text takes a field away.
  prefer-tag   children that have all tags of any of the words come first (strategy tag-preferred); with --on-exhausted stop no others

Options:
  --codex, --claude, --service S   the service; codex where nothing else says it
  --dry-run    show the change as a diff and write nothing
  --json       {"path":…,"changed":true,"written":true,"what":…,"diff":…,"warnings":[]}

Examples:
  codex-tui routing order main spare team
  codex-tui routing set main --strategy weighted --weight team=3 --weight spare=1
  codex-tui routing prefer-tag billing=monthly --on-exhausted continue
`;

/** What `routing` does with the file. */
export const routingEditVerbs = ['order', 'set', 'prefer-tag'] as const;

type Verb = (typeof routingEditVerbs)[number];

interface Field {
	readonly flag: string;
	readonly key: string;
	readonly kind: FieldKind;
}

const field = (kind: FieldKind, key: string, flag = key.replaceAll('_', '-')): Field => ({flag, key, kind});

const routeFields: readonly Field[] = [
	...['strategy', 'target', 'on_exhausted', 'then', 'default'].map(key => field('text', key)),
	...['avoid_below', 'stop_below', 'hedge_after_ms'].map(key => field('number', key)),
	field('names', 'children'),
	field('pairs', 'weights', 'weight'),
	field('pairs', 'when'),
];

const routingFields: readonly Field[] = [
	...['entry', 'affinity_policy', 'last_resort'].map(key => field('text', key)),
	...['fallback_ttl_ms', 'reprobe_preferred_after_ms'].map(key => field('number', key)),
];

const options = {
	...Object.fromEntries(
		[...routeFields, ...routingFields].map(({flag}) => [flag, {type: 'string', multiple: true} as const]),
	),
	...editFlags,
	...{codex: {type: 'boolean'}, claude: {type: 'boolean'}, service: {type: 'string'}},
} as const satisfies ParseArgsOptionsConfig;

const parse = (args: readonly string[]) => readWords('routing', args, options);

type Parsed = ReturnType<typeof parse>['values'];

const common: ReadonlySet<string> = new Set([...Object.keys(editFlags), 'codex', 'claude', 'service']);

const checkFlags = (verb: Verb, values: Parsed): void => {
	const known =
		verb === 'set'
			? [...routeFields, ...routingFields].map(({flag}) => flag)
			: verb === 'order'
				? []
				: ['on-exhausted'];
	const stray = Object.keys(values).find(flag => !common.has(flag) && !known.includes(flag));
	if (stray !== undefined) {
		throw wrongUsage(`routing ${verb} takes no --${stray}.`);
	}
};

const numbers = (pairs: unknown): unknown =>
	Object.fromEntries(
		Object.entries(typeof pairs === 'object' && pairs !== null ? pairs : {}).map(([name, value]) => [
			name,
			readField({name, kind: 'number'}, String(value)),
		]),
	);

/** The values of the fields that a command line names. */
const valuesOf = (fields: readonly Field[], values: Parsed): Readonly<Record<string, unknown>> => {
	const given = new Map<string, unknown>(Object.entries(values));
	return Object.fromEntries(
		fields.flatMap(({flag, key, kind}) => {
			const texts = given.get(flag);
			if (!Array.isArray(texts)) {
				return [];
			}

			if (texts.length > 1 && kind !== 'pairs' && kind !== 'names') {
				throw wrongUsage(`--${flag} is given twice.`);
			}

			const value = readField({name: `--${flag}`, kind}, texts.join(', '));
			return [[key, key === 'weights' && value !== undefined ? numbers(value) : value]];
		}),
	);
};

const setEdit = (words: readonly string[], service: Service, values: Parsed): ConfigEdit => {
	if (words.length > 1) {
		throw wrongUsage('routing set takes the name of one route.');
	}

	const [ofRoute, ofRouting] = [valuesOf(routeFields, values), valuesOf(routingFields, values)];
	const edits: ConfigEdit[] = [
		...(Object.keys(ofRoute).length === 0
			? []
			: [{kind: 'route', route: {service, route: words[0]}, values: ofRoute} as const]),
		...(Object.keys(ofRouting).length === 0 ? [] : [{kind: 'routing', service, values: ofRouting} as const]),
	];
	if (edits.length === 0) {
		throw wrongUsage('routing set takes at least one field, such as --strategy.');
	}

	return {kind: 'all', edits};
};

const preferEdit = (words: readonly string[], service: Service, values: Parsed): ConfigEdit => {
	const [first = ''] = words;
	const hasRoute = first !== '' && !first.includes('=');
	const filters = words.slice(hasRoute ? 1 : 0).map(word => readField({name: 'prefer-tag', kind: 'pairs'}, word));
	if (filters.length === 0) {
		throw wrongUsage('routing prefer-tag takes a tag, such as billing=monthly.');
	}

	const exhausted = valuesOf(routeFields, values);
	return {
		kind: 'route',
		route: {service, route: hasRoute ? first : undefined},
		values: {strategy: 'tag-preferred', prefer_tags: filters, ...exhausted},
	};
};

const editOf = (verb: Verb, words: readonly string[], values: Parsed): ConfigEdit => {
	const service = readService(values) ?? 'codex';
	if (verb === 'set') {
		return setEdit(words, service, values);
	}

	if (verb === 'prefer-tag') {
		return preferEdit(words, service, values);
	}

	const [route, ...children] = words;
	if (route === undefined || children.length === 0) {
		throw wrongUsage('routing order takes the name of a route, then its children in their order.');
	}

	return {
		kind: 'order',
		route: {service, route},
		children: children.flatMap(word => word.split(',')).filter(word => word !== ''),
	};
};

/**
 * `codex-tui routing order|set|prefer-tag`. Writes its answer and resolves with the exit code; throws `CommandError` (2: wrong usage, names that are
 * not there) and as `makeEdit` does.
 */
export const runRoutingEdit = async (
	verb: Verb,
	args: readonly string[],
	surroundings: EditSurroundings,
): Promise<ExitCode> => {
	const {values, positionals} = parse(args);
	if (values.help === true) {
		surroundings.write(help.trimEnd());
		return exitCode.done;
	}

	checkFlags(verb, values);
	await makeEdit(() => editOf(verb, positionals, values), values, surroundings);
	return exitCode.done;
};
