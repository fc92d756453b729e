import type {ClientSession} from '../../event/client-session.ts';
import type {AffinityView, BrainView, OverrideView, PinView} from '../../event/route-view.ts';
import type {SessionView} from '../../event/view.ts';
import {allTokens, type Tally} from '../../observe/usage/tally.ts';
import {nameOfEndpoint} from '../text/format.ts';
import type {FilterFields} from './filter.ts';
import type {ScreenState} from './screen-state.ts';

/*
 * The rows of the page Sessions: what the engine saw, what the clients wrote down, what the ledger counted and what the user changed, joined
 * by session and thread; children below their parents.
 */

/** One thread. The rows of Dash are those that the engine saw. */
export interface SessionRow {
	/** The thread; of a main thread that is its session. */
	readonly key: string;
	readonly sessionId: string;
	readonly service: 'codex' | 'claude';
	readonly client: SessionView['client'];
	readonly origin: ClientSession['origin'];
	/** 0 for a main thread. */
	readonly depth: number;
	readonly title: string | undefined;
	readonly cwd: string | undefined;
	readonly model: string | undefined;
	readonly effort: string | undefined;
	readonly lastSeenAtMs: number;
	readonly liveRequests: number;
	/** What the engine saw of it since it runs; undefined for a sub-agent, whose requests belong to its session. */
	readonly engine: SessionView | undefined;
	/** What its client wrote down. */
	readonly file: ClientSession | undefined;
	/** What the ledger counted of the session with all its threads. */
	readonly tally: Tally | undefined;
	/** Tokens that the client counted for the session with all its threads; undefined: for none. */
	readonly clientTokens: number | undefined;
	readonly override: OverrideView | undefined;
	readonly pin: PinView | undefined;
	readonly affinity: AffinityView | undefined;
}

/** What rows are joined from. */
export interface SessionSources {
	readonly sessions: readonly SessionView[];
	readonly brain: Pick<BrainView, 'overrides' | 'pins' | 'affinities'> | undefined;
	readonly sessionPage: Pick<ScreenState['sessionPage'], 'files' | 'usage'>;
	/** With what only the clients' files know. */
	readonly isWhole: boolean;
}

const serviceOf = (client: SessionView['client']): SessionRow['service'] =>
	client === 'claude-code' ? 'claude' : 'codex';

/** All tokens that a client counted for a thread. */
export const clientTotal = ({tokens}: ClientSession): number | undefined =>
	tokens && tokens.input + tokens.cacheRead + tokens.cacheWrite + tokens.output;

const totalsBySession = (files: readonly ClientSession[]): ReadonlyMap<string, number> => {
	const totals = new Map<string, number>();
	for (const file of files) {
		const total = clientTotal(file);
		if (total !== undefined) {
			totals.set(file.sessionId, (totals.get(file.sessionId) ?? 0) + total);
		}
	}

	return totals;
};

interface OfSession {
	readonly service: string;
	readonly sessionId: string | undefined;
}

const nameOf = ({service, sessionId}: OfSession): string => `${service} ${sessionId ?? ''}`;

const indexOf = <Each extends OfSession>(all: readonly Each[] | undefined): ReadonlyMap<string, Each> =>
	new Map((all ?? []).map(each => [nameOf(each), each]));

/** What is known of a session beside its two sources. Indexed, since Dash asks for every session with every frame. */
const createFinder = ({brain, sessionPage: {usage, files}}: SessionSources) => {
	const tallies = new Map(usage?.grouping === 'session' ? usage.rows.map(({key, tally}) => [key, tally]) : []);
	const totals = totalsBySession(files?.sessions ?? []);
	const [overrides, pins, affinities] = [indexOf(brain?.overrides), indexOf(brain?.pins), indexOf(brain?.affinities)];
	return (
		sessionId: string,
		service: SessionRow['service'],
	): Pick<SessionRow, 'tally' | 'clientTokens' | 'override' | 'pin' | 'affinity'> => {
		const name = nameOf({service, sessionId});
		return {
			tally: tallies.get(sessionId),
			clientTokens: totals.get(sessionId),
			override: overrides.get(name),
			pin: pins.get(name),
			affinity: affinities.get(name),
		};
	};
};

const rowsOf = (sources: SessionSources): readonly SessionRow[] => {
	const find = createFinder(sources);
	const files = sources.isWhole ? (sources.sessionPage.files?.sessions ?? []) : [];
	const seen = new Map(sources.sessions.map(session => [session.sessionId, session]));
	const isTold = new Set(files.map(({threadId}) => threadId));
	const known = sources.sessions
		.filter(({sessionId}) => !isTold.has(sessionId))
		.map((engine): SessionRow => {
			const {sessionId, client, cwd, model, effort, lastSeenAtMs, liveRequests} = engine;
			const service = serviceOf(client);
			return {
				...{key: sessionId, sessionId, service, client, origin: 'main', depth: 0, title: undefined, cwd, model, effort},
				...{lastSeenAtMs, liveRequests, engine, file: undefined, ...find(sessionId, service)},
			};
		});
	return [...known, ...files.map((file): SessionRow => rowOfFile(file, seen.get(file.threadId), find))];
};

const rowOfFile = (
	file: ClientSession,
	engine: SessionView | undefined,
	find: ReturnType<typeof createFinder>,
): SessionRow => {
	const {threadId, sessionId, client, origin, title} = file;
	const service = serviceOf(client);
	const own = origin === 'subagent' ? undefined : find(sessionId, service);
	return {
		...{key: threadId, sessionId, service, client, origin, depth: 0, title},
		cwd: engine?.cwd ?? file.cwd,
		model: engine?.model ?? file.model,
		effort: engine?.effort ?? file.effort,
		lastSeenAtMs: Math.max(file.lastAtMs, engine?.lastSeenAtMs ?? 0),
		liveRequests: engine?.liveRequests ?? 0,
		...{engine, file, tally: own?.tally, clientTokens: own?.clientTokens},
		...{override: own?.override, pin: own?.pin, affinity: own?.affinity},
	};
};

/** Sessions that speak at the same time must not change places with every word: within a minute the younger one stands first. */
const calmMs = 60_000;

const beganAt = ({engine, file}: SessionRow): number => file?.startedAtMs ?? engine?.firstSeenAtMs ?? 0;

const order = (lastAtMs: number, row: SessionRow): readonly [minute: number, beganAtMs: number] => [
	Math.floor(lastAtMs / calmMs),
	beganAt(row),
];

const byOrder = (left: ReturnType<typeof order>, right: ReturnType<typeof order>): number =>
	right[0] - left[0] || right[1] - left[1];

const byLast = (left: SessionRow, right: SessionRow): number =>
	byOrder(order(left.lastSeenAtMs, left), order(right.lastSeenAtMs, right));

const lastOf = (tree: readonly SessionRow[]): number => Math.max(0, ...tree.map(({lastSeenAtMs}) => lastSeenAtMs));

/**
 * Children right below their parents, the newest tree first. A parent that is not there makes its child a root; parents that go round in a
 * circle, as a broken file may tell, make one of them a root.
 */
export const treeOf = (rows: readonly SessionRow[]): readonly SessionRow[] => {
	const keys = new Set(rows.map(({key}) => key));
	const children = Map.groupBy(rows, ({key, file}) => {
		const parent = file?.parentId;
		return parent !== undefined && parent !== key && keys.has(parent) ? parent : '';
	});
	const placed = new Set<string>();
	const grow = (row: SessionRow, depth: number): readonly SessionRow[] => {
		if (placed.has(row.key)) {
			return [];
		}

		placed.add(row.key);
		const below = (children.get(row.key) ?? []).toSorted(byLast).flatMap(child => grow(child, depth + 1));
		return [{...row, depth}, ...below];
	};

	const trees = (children.get('') ?? []).map(root => grow(root, 0));
	const circles = rows.toSorted(byLast).map(row => grow(row, 0));
	return [...trees, ...circles]
		.flatMap(tree => (tree[0] === undefined ? [] : [{tree, at: order(lastOf(tree), tree[0])}]))
		.toSorted((left, right) => byOrder(left.at, right.at))
		.flatMap(({tree}) => tree);
};

/** The rows in the order in which they are shown. */
export const joinSessions = (sources: SessionSources): readonly SessionRow[] =>
	sources.isWhole ? treeOf(rowsOf(sources)) : rowsOf(sources);

let last: {readonly key: readonly unknown[]; readonly rows: readonly SessionRow[]} | undefined;

/** The rows as they are shown: on the page Sessions all of them, or only the live ones; elsewhere those that the engine saw. */
export const sessionRows = (state: ScreenState): readonly SessionRow[] => {
	const {sessions, brain, sessionPage, page} = state;
	const isWhole = page === 'sessions' && !sessionPage.isLiveOnly;
	// Asked many times for one frame, and the answer is the same while nothing that it is made of has changed.
	const key = [sessions, brain, sessionPage.files, sessionPage.usage, isWhole];
	if (last === undefined || key.some((part, index) => part !== last?.key[index])) {
		last = {key, rows: joinSessions({sessions, brain, sessionPage, isWhole})};
	}

	return last.rows;
};

/** Tokens of a session as its row shows them: the client's own count, else what the ledger or the engine counted. */
export const tokensOfRow = ({file, tally, engine}: SessionRow): number | undefined =>
	(file && clientTotal(file)) ??
	(tally === undefined ? engine && engine.inputTokens + engine.outputTokens : allTokens(tally));

/** What a session cost, in nanodollars: what the ledger could price, else the client's tokens at list prices. */
export const costOfRow = ({
	file,
	tally,
}: SessionRow): {readonly nanoUsd: number; readonly isEstimate: boolean} | undefined => {
	if (tally !== undefined && tally.priced > 0) {
		return {nanoUsd: tally.nanoUsd, isEstimate: tally.partlyPriced > 0 || tally.unpriced > 0};
	}

	return file?.nanoUsd === undefined ? undefined : {nanoUsd: file.nanoUsd, isEstimate: true};
};

/** How many requests of a session are known: what the ledger counted, else what the engine saw. */
export const requestsOfRow = ({tally, engine}: SessionRow): number | undefined => tally?.requests ?? engine?.requests;

/** The endpoint that serves a session: where its last request went, else the one that it is tied to. */
export const endpointOfRow = ({engine, affinity}: SessionRow): string | undefined =>
	engine?.endpointKey ?? affinity?.endpointKey;

/** What the filter sees of a row. */
export const sessionFields = [
	'session',
	'client',
	'cwd',
	'title',
	'model',
	'effort',
	'provider',
	'origin',
	'requests',
	'tokens',
	'cost',
	'live',
];

/** The same with its values; `cost` in dollars. */
export const sessionFieldsOf = (row: SessionRow): FilterFields => {
	const cost = costOfRow(row);
	return {
		session: row.key,
		client: row.client,
		cwd: row.cwd,
		title: row.title,
		model: row.override?.model ?? row.model,
		effort: row.override?.effort ?? row.effort,
		provider: nameOfEndpoint(endpointOfRow(row)),
		origin: row.origin,
		requests: requestsOfRow(row),
		tokens: tokensOfRow(row),
		cost: cost && cost.nanoUsd / 1e9,
		live: row.liveRequests,
	};
};
