import {resolve} from 'node:path';
import {RelayError} from '../base/errors.ts';
import {at, isRecord, textAt} from '../base/json.ts';
import {sanitizeLine} from '../base/sanitize.ts';
import type {Service} from '../wire/names.ts';
import {endpointKeysOf, findNamed, type RoutingContext} from './routing-control.ts';
import {readDuration, wrongUsage, type RoutingFlags} from './routing-flags.ts';

/* `routing explain` and `routing what-if`: the engine's own answer, made by the function that routes, as a table. */

const columns = ['STEP', 'WHAT', 'MAY SERVE', 'WHY', 'PLACE'];

const words: Readonly<Record<string, string>> = {chosen: 'chosen', yes: 'yes', no: 'no', note: ''};

const cell = (text: string | undefined): string => sanitizeLine(text ?? '');

const rowOf = (step: unknown, index: number) => ({
	STEP: index + 1,
	WHAT: cell(textAt(step, 'subject')),
	'MAY SERVE': words[textAt(step, 'mark') ?? ''] ?? '',
	WHY: cell(textAt(step, 'text')),
	PLACE: cell(textAt(step, 'location')),
});

const outcomeOf = (view: unknown, steps: readonly unknown[]): string => {
	const chosen = textAt(view, 'chosen');
	if (chosen === undefined) {
		return 'Nobody can serve it.';
	}

	const after = steps.filter(step => at(step, 'mark') === 'yes').map(step => cell(textAt(step, 'subject')));
	return `First choice: ${cell(chosen)}.${after.length === 0 ? ' Nobody else could serve it.' : ` After it: ${after.join(', ')}.`}`;
};

const format = async (view: unknown): Promise<string> => {
	const steps = at(view, 'steps');
	if (!Array.isArray(steps)) {
		throw new RelayError('engine-answer', `The engine's answer is no explanation; is it of another version?`);
	}

	const rows = steps.filter(isRecord).map(rowOf);
	const {printedTable} = await import('../tui/table/ink-table.ts');
	const table = rows.length === 0 ? [] : [printedTable(rows, columns)];
	return [cell(textAt(view, 'question')), ...table, outcomeOf(view, steps)].join('\n');
};

const print = async ({write}: RoutingContext, view: unknown, isJson: boolean): Promise<void> => {
	write(isJson ? JSON.stringify(view) : await format(view));
};

/** What conditions of routes ask of a request besides its model, tier, effort and session; a folder as it stands to this one. */
const imaginedOf = ({path, method, header = [], cwd, client, kind, subagent}: RoutingFlags) => {
	const nameless = header.find(text => !/^[^=]+=/.test(text));
	if (nameless !== undefined) {
		throw wrongUsage('--header takes a name and a value, such as --header x-team=blue.');
	}

	const folder = cwd === undefined ? undefined : resolve(cwd);
	return {fields: {path, method, cwd: folder, client, kind, subagent}, headers: header};
};

/** `routing explain [REQUEST]`: a past request's stored plan, or the plan for the next request of this kind. */
export const explain = async (context: RoutingContext, flags: RoutingFlags): Promise<void> => {
	const {service = 'codex', model, session, tier, effort, json} = flags;
	const [request] = flags.words;
	const imagined = imaginedOf(flags);
	const asked = {model, session, tier, effort, ...imagined.fields};
	const extra = Object.entries({...asked, header: imagined.headers[0]}).find(([, value]) => value !== undefined);
	if (request !== undefined && extra !== undefined) {
		throw wrongUsage(`A past request has its own ${extra[0]}; leave --${extra[0]} out, or ask what-if.`);
	}

	const fields = [
		...Object.entries({service, request, ...asked}),
		...imagined.headers.map(header => ['header', header] as const),
	].filter((field): field is [string, string] => field[1] !== undefined);
	const view = await context.control.read(`/api/v1/explain?${new URLSearchParams(fields).toString()}`);
	await print(context, view, json === true);
};

const checkNames = async ({control}: RoutingContext, names: readonly string[], service: Service): Promise<void> => {
	const keys = names.length === 0 ? [] : await endpointKeysOf(control);
	for (const name of names) {
		findNamed(keys, name, service);
	}
};

/** `routing what-if`: the plan of an imagined situation; nothing changes. */
export const whatIf = async (context: RoutingContext, flags: RoutingFlags): Promise<void> => {
	const {service = 'codex', model, session, tier, effort, json, down = [], up = [], in: delay} = flags;
	const both = down.find(name => up.includes(name));
	if (both !== undefined) {
		throw wrongUsage(`"${both.slice(0, 60)}" cannot be down and up.`);
	}

	const inMs = delay === undefined ? undefined : readDuration('in', delay);
	const imagined = imaginedOf(flags);
	await checkNames(context, [...down, ...up], service);
	const view = await context.control.change('/api/v1/what-if', {
		...{service, model, session, tier, effort, down, up, in_ms: inMs},
		...imagined.fields,
		headers: imagined.headers.length === 0 ? undefined : imagined.headers,
		without_pin: flags['no-pin'],
		without_affinity: flags['no-affinity'],
	});
	await print(context, view, json === true);
};
