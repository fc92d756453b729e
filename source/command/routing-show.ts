import {at, numberAt, textAt} from '../base/json.ts';
import {sanitizeLine} from '../base/sanitize.ts';
import {durationText} from '../observe/duration-text.ts';
import type {Service} from '../wire/names.ts';
import {listOf} from './control-client.ts';
import type {RoutingContext} from './routing-control.ts';
import type {RoutingFlags} from './routing-flags.ts';

/* `routing show`: the graph as it was compiled, and what the user has set on top of it. */

type Row = Readonly<Record<string, unknown>>;

const columns = ['ROUTE', 'STRATEGY', 'CHILDREN', 'PLACE'];

const cell = (text: string | undefined): string => sanitizeLine(text ?? '');

const textsIn = (value: unknown): readonly string[] =>
	Array.isArray(value) ? value.filter((text: unknown) => typeof text === 'string').map(cell) : [];

const rowOf = (node: unknown) => ({
	ROUTE: cell(textAt(node, 'name')),
	STRATEGY: cell(textAt(node, 'strategy')),
	CHILDREN: textsIn(at(node, 'children')).join(', '),
	PLACE: cell(textAt(node, 'location')),
});

/** ` for 2 h more`, or nothing where it does not end. */
const remainingText = (untilMs: number | undefined, nowMs: number): string =>
	untilMs === undefined ? '' : ` for ${durationText(Math.max(0, untilMs - nowMs))} more`;

/** One pin in a sentence. */
export const pinText = (pin: unknown, nowMs: number): string => {
	const session = textAt(pin, 'session');
	const who = session === undefined ? textAt(pin, 'service') : `the session ${session} of ${textAt(pin, 'service')}`;
	const how = textAt(pin, 'mode') === 'prefer' ? 'prefers' : 'goes only to';
	return cell(`Pin: ${who} ${how} ${textAt(pin, 'endpoint')}${remainingText(numberAt(pin, 'until_ms'), nowMs)}.`);
};

/** One session's overrides in a sentence. */
export const overrideText = (override: unknown): string => {
	const fields = ['model', 'effort', 'tier'].flatMap(name => {
		const value = textAt(override, name);
		return value === undefined ? [] : `${name} ${value}`;
	});
	const who = `the session ${textAt(override, 'session')} of ${textAt(override, 'service')}`;
	return cell(`Override: ${who} has ${fields.join(', ')}.`);
};

/** The rows of one service, or of both. */
export const ofService = (rows: readonly Row[], service: Service | undefined): readonly Row[] =>
	rows.filter(row => service === undefined || row['service'] === service);

const graphLines = async (graph: Row): Promise<readonly string[]> => {
	const {printedTable} = await import('../tui/table/ink-table.ts');
	const rows = listOf(graph, 'nodes').map(rowOf);
	const [service, entry, policy] = ['service', 'entry', 'affinity_policy'].map(name => cell(textAt(graph, name)));
	return rows.every(({CHILDREN}) => CHILDREN === '')
		? [`${service}: no upstream is configured.`]
		: [`${service}: the entry is ${entry}, the affinity policy ${policy}.`, printedTable(rows, columns)];
};

/** `routing show`: routes, pins and overrides. */
export const show = async ({control, write, nowMs}: RoutingContext, flags: RoutingFlags): Promise<void> => {
	const {service, json} = flags;
	const names = ['services', 'pins', 'overrides'] as const;
	const paths = {services: 'graph', pins: 'pins', overrides: 'overrides'} as const;
	const answers = await Promise.all(names.map(name => control.read(`/api/v1/${paths[name]}`)));
	const [services = [], pins = [], overrides = []] = names.map((name, index) =>
		ofService(listOf(answers[index], name), service),
	);
	if (json === true) {
		write(JSON.stringify({services, pins, overrides}));
		return;
	}

	const graphs = await Promise.all(services.map(graphLines));
	write([...graphs.flat(), ...pins.map(pin => pinText(pin, nowMs)), ...overrides.map(overrideText)].join('\n'));
};
