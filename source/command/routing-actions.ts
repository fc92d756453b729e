import {numberAt, textAt} from '../base/json.ts';
import {sanitizeLine} from '../base/sanitize.ts';
import {listOf} from './control-client.ts';
import {endpointKeysOf, findNamed, type RoutingContext} from './routing-control.ts';
import {durationText} from '../observe/duration-text.ts';
import {readEnd, wrongUsage, type RoutingFlags} from './routing-flags.ts';

/* Policy actions: the cooldowns that hold now, and the user's word on them (routing.md 5: each can be dismissed or extended). */

const columns = ['ENDPOINT', 'ACCOUNT', 'MODEL', 'WHY', 'ENDS', 'TIMES'];

type Action = Readonly<Record<string, unknown>>;

const cell = (text: string | undefined): string => sanitizeLine(text ?? '');

const endOf = (action: Action, nowMs: number): string => {
	const untilMs = numberAt(action, 'expiresAtMs');
	return untilMs === undefined ? 'when its key changes' : `in ${durationText(Math.max(0, untilMs - nowMs))}`;
};

const rowOf = (action: Action, nowMs: number) => ({
	ENDPOINT: cell(textAt(action, 'endpointKey')),
	ACCOUNT: cell(textAt(action, 'account')),
	MODEL: cell(textAt(action, 'model') ?? 'all'),
	WHY: cell([textAt(action, 'cause'), textAt(action, 'reason')].filter(text => text !== undefined).join(': ')),
	ENDS: endOf(action, nowMs),
	TIMES: numberAt(action, 'generation') ?? '',
});

const readActions = async ({control}: RoutingContext, {service}: RoutingFlags): Promise<readonly Action[]> => {
	const actions = listOf(await control.read('/api/v1/actions'), 'actions');
	return actions.filter(action => service === undefined || textAt(action, 'endpointKey')?.startsWith(`${service}/`));
};

/** `routing actions`: every cooldown that holds now. */
export const actions = async (context: RoutingContext, flags: RoutingFlags): Promise<void> => {
	const found = await readActions(context, flags);
	if (flags.json === true) {
		context.write(JSON.stringify({actions: found}));
		return;
	}

	if (found.length === 0) {
		context.write('No upstream cools down.');
		return;
	}

	const {printedTable} = await import('../tui/table/ink-table.ts');
	const rows = found.map(action => rowOf(action, context.nowMs));
	context.write(printedTable(rows, columns));
};

interface Target {
	readonly endpoint: string;
	readonly account: string | undefined;
}

/** The cooling accounts that a name means, each once however many of its models cool. */
const findTargets = async (context: RoutingContext, flags: RoutingFlags): Promise<readonly Target[]> => {
	const [name = '', account] = flags.words;
	const keys = findNamed(await endpointKeysOf(context.control), name, flags.service);
	const targets = (await readActions(context, flags))
		.map(action => ({endpoint: textAt(action, 'endpointKey') ?? '', account: textAt(action, 'account')}))
		.filter(target => keys.includes(target.endpoint) && (account === undefined || target.account === account));
	return [...new Map(targets.map(target => [`${target.endpoint} ${target.account}`, target])).values()];
};

const said = {
	dismiss: {done: 'may serve again', doing: 'dismiss'},
	extend: {done: 'rests', doing: 'extend'},
} as const;

/** `routing dismiss NAME [ACCOUNT]` ends cooldowns now, `routing extend` moves their end. */
export const settle =
	(verb: keyof typeof said) =>
	async (context: RoutingContext, flags: RoutingFlags): Promise<void> => {
		const {control, write, nowMs} = context;
		const [name] = flags.words;
		if (name === undefined) {
			throw wrongUsage(`routing ${verb} takes the name of a provider or endpoint, and may be of one account.`);
		}

		const untilMs = verb === 'extend' ? readEnd(flags, nowMs) : undefined;
		if (verb === 'extend' && untilMs === undefined) {
			throw wrongUsage('routing extend takes --for or --until.');
		}

		const targets = await findTargets(context, flags);
		for (const target of targets) {
			// One after the other: where one is refused, those before it are done and the sentence is about the right one.
			await control.change('/api/v1/actions', {action: verb, ...target, until_ms: untilMs});
		}

		if (flags.json === true) {
			write(JSON.stringify({action: verb, targets, until_ms: untilMs, changed: targets.length > 0}));
			return;
		}

		const end = untilMs === undefined ? '' : ` for ${durationText(untilMs - nowMs)}`;
		const lines = targets.map(({endpoint, account}) => `${endpoint} (${account ?? 'all'}) ${said[verb].done}${end}.`);
		write(lines.length === 0 ? `Nothing to ${said[verb].doing}: ${name} does not cool down.` : lines.join('\n'));
	};
