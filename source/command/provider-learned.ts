import {CommandError, exitCode} from '../base/errors.ts';
import {openHome} from '../config/home.ts';
import {durationText} from '../observe/duration-text.ts';
import {mendText, readMend} from '../translate/mend/mend.ts';
import {findControl, listOf, type ControlClient} from './control-client.ts';

/** Which of what was learned is meant; less says more. */
export interface LearnedRequest {
	/** A provider, `codex/NAME`, or an endpoint's key; undefined: all. */
	readonly name: string | undefined;
	readonly model: string | undefined;
	readonly need: string | undefined;
	readonly json: boolean;
}

interface Row {
	readonly endpointKey: string;
	readonly model: string | undefined;
	readonly need: string;
	readonly has: boolean;
	readonly isLearned: boolean;
	readonly atMs: number;
}

const columns = ['UPSTREAM', 'MODEL', 'NEED', 'MEANS', 'SEEN'];

/** The engine is ours, of this version: its rows are what `CapabilityStore.list` made. */
const isRow = (row: Record<string, unknown>): row is Record<string, unknown> & Row =>
	typeof row['endpointKey'] === 'string' && typeof row['need'] === 'string' && typeof row['atMs'] === 'number';

const isNamed = ({endpointKey}: Row, name: string): boolean => {
	const [service = '', provider = ''] = endpointKey.split('/');
	return [provider, `${service}/${provider}`, endpointKey].includes(name);
};

const isMeant = (row: Row, {name, model, need}: LearnedRequest): boolean =>
	(name === undefined || isNamed(row, name)) &&
	(model === undefined || row.model === model) &&
	(need === undefined || row.need === need);

const control = async (env: NodeJS.ProcessEnv): Promise<ControlClient> => {
	const client = await findControl(await openHome(env), env);
	if (client === undefined) {
		const sentence = 'No engine runs in this home; start codex-tui first: what was learned is in its memory.';
		throw new CommandError(exitCode.failed, 'no-engine', sentence);
	}

	return client;
};

const rowsFor = async (client: ControlClient, request: LearnedRequest): Promise<readonly Row[]> =>
	listOf(await client.read('/api/v1/capabilities'), 'capabilities')
		.filter(isRow)
		.filter(row => isMeant(row, request));

const meaning = ({need, has, isLearned}: Row): string => {
	const mend = need.startsWith('mend:') ? readMend(need.slice('mend:'.length)) : undefined;
	const what = mend === undefined ? (has ? 'it can' : 'it cannot') : mendText(mend);
	return isLearned ? what : `${what} (seen once, not believed yet)`;
};

/** What was learned of providers, as a table or as JSON. Throws `CommandError` `no-engine` and what the control API refuses. */
export const learnedText = async (request: LearnedRequest, env: NodeJS.ProcessEnv): Promise<string> => {
	const rows = await rowsFor(await control(env), request);
	if (request.json) {
		return JSON.stringify({learned: rows});
	}

	if (rows.length === 0) {
		return 'Nothing was learned within the last day.';
	}

	const {printedTable} = await import('../tui/table/ink-table.ts');
	const nowMs = Date.now();
	const cells = rows.map(row => ({
		UPSTREAM: row.endpointKey,
		MODEL: row.model ?? 'every model',
		NEED: row.need,
		MEANS: meaning(row),
		SEEN: `${durationText(Math.max(0, nowMs - row.atMs))} ago`,
	}));
	return printedTable(cells, columns);
};

/** Has the engine forget it, and says how much that was. Throws as {@link learnedText} does. */
export const forgetText = async (request: LearnedRequest, env: NodeJS.ProcessEnv): Promise<string> => {
	const client = await control(env);
	const rows = await rowsFor(client, request);
	for (const {endpointKey, model, need} of rows) {
		await client.change('/api/v1/capabilities', {
			forget: {endpoint: endpointKey, need, ...(model !== undefined && {model})},
		});
	}

	return request.json
		? JSON.stringify({forgotten: rows.length})
		: rows.length === 0
			? 'There was nothing to forget.'
			: `${rows.length === 1 ? '1 lesson is' : `${rows.length} lessons are`} forgotten; the next refusal teaches it again.`;
};
