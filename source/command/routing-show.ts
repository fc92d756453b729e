import {at, isRecord, numberAt, textAt} from '../base/json.ts';
import {sanitizeLine} from '../base/sanitize.ts';
import {durationText} from '../observe/duration-text.ts';
import type {Service} from '../wire/names.ts';
import {listOf} from './control-client.ts';
import type {RoutingContext} from './routing-control.ts';
import type {RoutingFlags} from './routing-flags.ts';

/* `routing show`: the graph as it was compiled, and what the user has set on top of it. */

const services: readonly Service[] = ['codex', 'claude'];
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
export const remainingText = (untilMs: number | undefined, nowMs: number): string =>
	untilMs === undefined ? '' : ` for ${durationText(Math.max(0, untilMs - nowMs))} more`;

/** One pin in a sentence. */
export const pinText = (pin: unknown, nowMs: number): string => {
	const session = textAt(pin, 'session');
	const who = session === undefined ? textAt(pin, 'service') : `the session ${session} of ${textAt(pin, 'service')}`;
	const how = textAt(pin, 'mode') === 'prefer' ? 'prefers' : 'goes only to';
	return cell(`Pin: ${who} ${how} ${textAt(pin, 'endpoint')}${remainingText(numberAt(pin, 'until_ms'), nowMs)}.`);
};

/** One session's overrides in a sentence. */
export const overrideText = (override: unknown, nowMs: number): string => {
	const fields = ['model', 'effort', 'tier', 'profile'].flatMap(name => {
		const value = textAt(override, name);
		return value === undefined ? [] : `${name} ${value}`;
	});
	const who = `the session ${textAt(override, 'session')} of ${textAt(override, 'service')}`;
	const end = remainingText(numberAt(override, 'until_ms'), nowMs);
	return cell(`Override: ${who} has ${fields.join(', ') || 'none'}${end}.`);
};

/** The rows of one service, or of both. */
export const ofService = <Row extends Readonly<Record<string, unknown>>>(
	rows: readonly Row[],
	service: Service | undefined,
): readonly Row[] => rows.filter(row => service === undefined || row['service'] === service);

const graphLines = async (graph: unknown, service: Service): Promise<readonly string[]> => {
	const nodes = at(graph, service, 'nodes');
	if (!Array.isArray(nodes)) {
		return [];
	}

	const {printedTable} = await import('../tui/table/ink-table.ts');
	const entry = cell(textAt(graph, service, 'entry'));
	const policy = cell(textAt(graph, service, 'affinity_policy'));
	return [
		`${service}: the entry is ${entry}, the affinity policy ${policy}.`,
		printedTable(nodes.filter(isRecord).map(rowOf), columns),
	];
};

/** `routing show`: routes, pins and overrides. */
export const show = async ({control, write, nowMs}: RoutingContext, flags: RoutingFlags): Promise<void> => {
	const {service, json} = flags;
	const [graph, pinAnswer, overrideAnswer] = await Promise.all([
		control.read('/api/v1/graph'),
		control.read('/api/v1/pins'),
		control.read('/api/v1/overrides'),
	]);
	const pins = ofService(listOf(pinAnswer, 'pins'), service);
	const overrides = ofService(listOf(overrideAnswer, 'overrides'), service);
	const shown = services.filter(name => service === undefined || name === service);
	if (json === true) {
		const graphs = Object.fromEntries(shown.flatMap(name => [[name, at(graph, name)]]));
		write(JSON.stringify({graph: graphs, pins, overrides}));
		return;
	}

	const tables = await Promise.all(shown.map(name => graphLines(graph, name)));
	const lines = tables.flat();
	write(
		[
			...(lines.length === 0 ? ['There is no route; providers stand in config.toml.'] : lines),
			...pins.map(pin => pinText(pin, nowMs)),
			...overrides.map(override => overrideText(override, nowMs)),
		].join('\n'),
	);
};
