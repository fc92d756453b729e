import {originText, type Setting} from '../../config/settings-list.ts';
import type {CheckResult} from '../../event/doctor.ts';
import type {EngineView} from '../../event/protocol.ts';
import type {IncidentView, Pin, RouteView, TraceEntry} from '../../event/view.ts';
import type {UsageRow} from '../../observe/usage/usage-view.ts';
import {wordsOf, type Words} from '../language/words.ts';
import {nameOfEndpoint} from '../text/format.ts';
import {isPaused} from './brain-selectors.ts';
import {parseFilter, type FilterFields} from './filter.ts';
import {sortRows, type ListSort} from './list-sort.ts';
import type {RequestRow} from './request-costs.ts';
import type {ListName, PageName, PaneName, ScreenState} from './screen-state.ts';
import {sessionFields, sessionFieldsOf, sessionRows, type SessionRow} from './session-rows.ts';
import {usageFields, usageFieldsOf} from './usage-rows.ts';

/* Pure questions about the state, shared by views and keys, so that both always mean the same row. */

/** The row type of each list. */
export interface ListRows {
	readonly routes: RouteView;
	readonly sessions: SessionRow;
	readonly requests: RequestRow;
	readonly incidents: IncidentView;
	readonly trace: TraceEntry;
	readonly usage: UsageRow;
	readonly checks: CheckResult;
	readonly settings: Setting;
}

/** What a row is called and what the filter sees of it. */
export interface ListNature<Row> {
	readonly keyOf: (row: Row) => string;
	/** Another name of the row under which it may be selected before it is there. */
	readonly otherKeyOf?: (row: Row) => string | undefined;
	readonly fields: readonly string[];
	/** `words`: of the language in which the row is shown. */
	readonly fieldsOf: (row: Row, words: Words) => FilterFields;
}

/** Under this key the newest replay of a request is selected. */
export const replayKey = (requestId: string): string => `replay:${requestId}`;

/** The outcomes of attempts and requests that are no trouble. */
const fineOutcomes: readonly unknown[] = [undefined, 'success', 'cancelled'];

const isTrouble = (outcome: unknown): boolean => !fineOutcomes.includes(outcome);

const natures: {readonly [Name in ListName]: ListNature<ListRows[Name]>} = {
	routes: {
		keyOf: row => row.endpointKey,
		fields: ['provider', 'service', 'state', 'dialect', 'url', 'auth', 'alias'],
		fieldsOf: row => ({
			provider: nameOfEndpoint(row.endpointKey),
			service: row.service,
			state: row.enabled ? row.phase : 'off',
			dialect: row.dialect,
			url: row.baseUrl,
			auth: row.authSource,
			alias: row.alias,
		}),
	},
	sessions: {keyOf: row => row.key, fields: sessionFields, fieldsOf: sessionFieldsOf},
	requests: {
		keyOf: row => row.requestId,
		otherKeyOf: ({replayOf}) => replayOf && replayKey(replayOf),
		fields: [
			'id',
			'status',
			'state',
			'provider',
			'model',
			'client',
			'session',
			'kind',
			'path',
			'attempts',
			'ttfb',
			'duration',
			'cost',
			'note',
			'error',
		],
		fieldsOf: (row, {requests}) => ({
			id: row.requestId,
			status: row.statusCode,
			state: row.state,
			provider: nameOfEndpoint(row.endpointKey),
			model: row.model,
			client: row.client,
			session: row.sessionId,
			kind: row.kind,
			path: row.path,
			attempts: row.attempts.length,
			ttfb: row.ttfbMs,
			duration: row.durationMs,
			cost: row.cost && row.cost.nanoUsd / 1e9,
			note: row.note && requests.said(row.note),
			error: row.state === 'failed' || row.state === 'cut' ? 'yes' : undefined,
		}),
	},
	incidents: {
		keyOf: row => row.id,
		fields: ['id', 'rule', 'scope', 'title', 'state', 'count'],
		fieldsOf: (row, {engine}) => ({
			id: row.id,
			rule: row.rule,
			scope: row.scope,
			title: engine.incident(row).title,
			state: row.state,
			count: row.count,
		}),
	},
	trace: {
		keyOf: row => String(row.sequence),
		fields: ['kind', 'provider', 'what', 'error'],
		fieldsOf: (row, {engine}) => ({
			kind: row.kind,
			provider: nameOfEndpoint(row.endpointKey),
			what: engine.trace(row),
			error: isTrouble(row.detail['outcome']) ? 'yes' : undefined,
		}),
	},
	usage: {keyOf: row => row.key, fields: usageFields, fieldsOf: usageFieldsOf},
	checks: {
		keyOf: row => row.id,
		fields: ['id', 'about', 'state', 'what', 'where', 'fix'],
		fieldsOf: (row, {doctor}) => ({
			id: row.id,
			about: row.group,
			state: row.state,
			what: doctor.said(row.what),
			where: row.where,
			fix: row.fix && doctor.said(row.fix),
		}),
	},
	settings: {
		keyOf: row => row.key,
		fields: ['key', 'value', 'default', 'from', 'about'],
		fieldsOf: (row, {settings}) => ({
			key: row.key,
			value: row.value,
			default: row.usual,
			from: `${row.origin.kind} ${originText(row.origin)}`,
			about: settings.about(row),
		}),
	},
};

/** What the rows of a list are called, and what of them can be filtered, sorted and exported. */
export const natureOf = <Name extends ListName>(name: Name): ListNature<ListRows[Name]> => natures[name];

/** A list as it is shown. */
export interface VisibleList<Row> {
	readonly rows: readonly Row[];
	readonly total: number;
	/** Into `rows`; -1 where there are none. */
	readonly index: number;
	readonly selected: Row | undefined;
	readonly filter: string;
	/** What is wrong with the filter. */
	readonly problem: string | undefined;
	readonly isFollowing: boolean;
	readonly sort: ListSort | undefined;
	/** The key of the row at an index. */
	readonly keyAt: (index: number) => string | undefined;
}

/** Lists whose newest row is the last one. */
const growsDown = (name: ListName): boolean => name === 'trace';

const indexOf = (found: number, count: number, name: ListName): number =>
	count === 0 ? -1 : found !== -1 ? found : growsDown(name) ? count - 1 : 0;

/** The rows of a list that its filter lets through, with the selected one. */
export const listOf = <Name extends ListName>(state: ScreenState, name: Name): VisibleList<ListRows[Name]> => {
	const lists: {readonly [Each in ListName]: ReadonlyArray<ListRows[Each]>} = {...state, sessions: sessionRows(state)};
	const nature = natureOf(name);
	const all = lists[name];
	const {selectedKey, filter: saved, sort} = state.lists[name];
	const {editing} = state;
	const text = editing?.kind === 'filter' && editing.list === name ? editing.text : saved;
	const words = wordsOf(state);
	const fieldsOf = (row: ListRows[Name]): FilterFields => nature.fieldsOf(row, words);
	const filter = parseFilter(text, nature.fields, words.filters);
	const sorted = sortRows(all, sort, fieldsOf);
	const rows = text === '' ? sorted : sorted.filter(row => filter.matches(fieldsOf(row)));
	const index = indexOf(
		selectedKey === undefined
			? -1
			: rows.findIndex(row => nature.keyOf(row) === selectedKey || nature.otherKeyOf?.(row) === selectedKey),
		rows.length,
		name,
	);
	return {
		rows,
		total: all.length,
		index,
		selected: rows[index],
		filter: text,
		problem: filter.problem,
		isFollowing: selectedKey === undefined,
		sort,
		keyAt: at => {
			const row = rows[at];
			return row === undefined ? undefined : nature.keyOf(row);
		},
	};
};

/** The pane that has the focus. */
export const focusOf = (state: ScreenState): PaneName => state.focus[state.page];

/** The list whose selected row a page's detail pane shows. */
const listBeside: Readonly<Record<PageName, ListName>> = {
	dash: 'routes',
	routes: 'routes',
	sessions: 'sessions',
	requests: 'requests',
	trace: 'trace',
	explain: 'requests',
	incidents: 'incidents',
	usage: 'usage',
	doctor: 'checks',
	settings: 'settings',
};

/** Whether a pane is a list of rows. */
export const isList = (pane: PaneName): pane is ListName => Object.hasOwn(natures, pane);

/** The list that keys and the filter act on: the focused one, or that whose detail has the focus. */
export const activeList = (state: ScreenState): ListName => {
	const pane = focusOf(state);
	return isList(pane) ? pane : listBeside[state.page];
};

/** Explain shows no list: the filter of Requests means nothing there. */
export const showsList = ({page}: Pick<ScreenState, 'page'>): boolean => page !== 'explain';

/** The request that the transcript and the trace are about. */
export const selectedRequest = (state: ScreenState): RequestRow | undefined => listOf(state, 'requests').selected;

/** The request that a person asks about: on Incidents the newest that the selected one rests on, elsewhere the selected one. */
export const requestAtHand = (state: ScreenState): string | undefined =>
	state.page === 'incidents' || focusOf(state) === 'incidents'
		? listOf(state, 'incidents').selected?.evidence.findLast(({requestId}) => requestId !== undefined)?.requestId
		: selectedRequest(state)?.requestId;

/** The pin that counts for an upstream's service. */
export const pinOf = (engine: EngineView | undefined, service: RouteView['service']): Pin | undefined =>
	engine?.pins[service];

/** Requests that run now. */
export const liveCount = (state: ScreenState): number =>
	state.requests.filter(({state: at}) => at === 'running').length;

/** Open incidents. */
export const openIncidents = (state: ScreenState): number =>
	state.incidents.filter(({state: at}) => at === 'open').length;

/** What the last five minutes were like: requests that ended, how many well, and the 95th percentile of their first byte. */
export const recentFigures = (
	state: ScreenState,
): {readonly ended: number; readonly succeeded: number; readonly ttfbP95Ms: number | undefined} => {
	const since = state.nowMs - 300_000;
	const ended = state.requests.filter(
		({startedAtMs, state: at}) => startedAtMs >= since && at !== 'running' && at !== 'cancelled',
	);
	const times = ended.flatMap(({ttfbMs}) => ttfbMs ?? []).toSorted((left, right) => left - right);
	return {
		ended: ended.length,
		succeeded: ended.filter(({state: at}) => at === 'success').length,
		ttfbP95Ms: times[Math.min(times.length - 1, Math.floor(times.length * 0.95))],
	};
};

/** Whether an upstream may be tried at all: switched on, and with a key where it needs one. */
export const isUsable = (route: RouteView): boolean => route.enabled && hasKey(route);

/** Whether an upstream, or one of its accounts, has the key that it needs. */
export const hasKey = ({hasAuth, accounts}: RouteView): boolean =>
	accounts?.some(account => account.enabled && account.hasAuth) ?? hasAuth;

/**
 * The upstream that the next ordinary request of a service goes to, as far as the screen can know: the pinned one, the one that served last,
 * the first that may serve. A strategy that turns may choose another; Explain asks the engine.
 */
export const activeRoute = (state: ScreenState, service: RouteView['service']): RouteView | undefined => {
	const pin = pinOf(state.engine, service);
	const routes = state.routes.filter(route => route.service === service);
	const ready = routes.filter(route => isUsable(route) && route.phase === 'closed' && !isPaused(state, route));
	const served = state.requests.find(request => request.service === service && request.state === 'success');
	return (
		routes.find(({endpointKey}) => endpointKey === pin?.endpointKey) ??
		ready.find(({endpointKey}) => endpointKey === served?.endpointKey) ??
		ready[0] ??
		routes.find(isUsable)
	);
};
