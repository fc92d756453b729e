import {at, isRecord, numberAt, textAt} from '../base/json.ts';
import type {Home} from '../config/home.ts';
import type {ClientSessionsView} from '../event/client-session.ts';
import type {ExplainView} from '../event/explain.ts';
import type {BrainView, OverrideView, PinView} from '../event/route-view.ts';
import type {SessionView} from '../event/view.ts';
import {periodOf} from '../observe/usage/calendar.ts';
import type {UsageView} from '../observe/usage/usage-view.ts';
import {joinSessions, type SessionRow} from '../tui/store/session-rows.ts';
import type {Service} from '../wire/names.ts';
import {clientHomesOf} from './client-homes.ts';
import {findControl, listOf, type ControlClient} from './control-client.ts';
import {openSessionsOf} from './session-open.ts';
import {openUsage} from './usage-open.ts';

/* The sessions of the page Sessions for the command line: the clients' files, the ledger, and the engine where one runs. */

/** All that the verbs of `session` work on. */
export interface JoinedSessions {
	readonly rows: readonly SessionRow[];
	readonly files: ClientSessionsView;
	readonly usage: UsageView;
	/** Undefined: no engine runs. */
	readonly control: ControlClient | undefined;
}

const serviceAt = (row: unknown): Service => (textAt(row, 'service') === 'claude' ? 'claude' : 'codex');

const sessionViewOf = (row: unknown): readonly SessionView[] => {
	const sessionId = textAt(row, 'sessionId');
	const client = (['codex', 'claude-code', 'sdk'] as const).find(name => name === textAt(row, 'client'));
	const count = (name: string): number => numberAt(row, name) ?? 0;
	return sessionId === undefined || client === undefined
		? []
		: [
				{
					...{sessionId, client, model: textAt(row, 'model'), effort: textAt(row, 'effort'), cwd: textAt(row, 'cwd')},
					...{endpointKey: textAt(row, 'endpointKey'), firstSeenAtMs: count('firstSeenAtMs')},
					...{lastSeenAtMs: count('lastSeenAtMs'), requests: count('requests'), liveRequests: count('liveRequests')},
					...{threads: count('threads'), inputTokens: count('inputTokens'), outputTokens: count('outputTokens')},
					lastRequestId: textAt(row, 'lastRequestId') ?? '',
				},
			];
};

const overrideOf = (row: unknown): OverrideView => ({
	...{service: serviceAt(row), sessionId: textAt(row, 'sessionId') ?? '', model: textAt(row, 'model')},
	...{effort: textAt(row, 'effort'), tier: textAt(row, 'tier'), profile: textAt(row, 'profile')},
});

const pinOf = (row: unknown): PinView => ({
	service: serviceAt(row),
	sessionId: textAt(row, 'sessionId'),
	pin: {
		endpointKey: textAt(row, 'pin', 'endpointKey') ?? '',
		mode: textAt(row, 'pin', 'mode') === 'prefer' ? 'prefer' : 'only',
		setAtMs: numberAt(row, 'pin', 'setAtMs') ?? 0,
		untilMs: numberAt(row, 'pin', 'untilMs'),
	},
});

const affinityOf = (row: unknown): BrainView['affinities'][number] => ({
	...{
		service: serviceAt(row),
		sessionId: textAt(row, 'sessionId') ?? '',
		endpointKey: textAt(row, 'endpointKey') ?? '',
	},
	...{account: textAt(row, 'account') ?? '', lastSelectedAtMs: numberAt(row, 'lastSelectedAtMs') ?? 0},
	...{lastChangedAtMs: numberAt(row, 'lastChangedAtMs') ?? 0, changeReason: textAt(row, 'changeReason') ?? ''},
});

const readBrain = async (control: ControlClient): Promise<Pick<BrainView, 'overrides' | 'pins' | 'affinities'>> => {
	const brain = await control.read('/api/v1/brain');
	return {
		overrides: listOf(brain, 'overrides').map(overrideOf),
		pins: listOf(brain, 'pins').map(pinOf),
		affinities: listOf(brain, 'affinities').map(affinityOf),
	};
};

const readSeen = async (control: ControlClient): Promise<readonly SessionView[]> => {
	const rows = await control.read('/api/v1/sessions');
	return Array.isArray(rows) ? rows.flatMap((row: unknown) => sessionViewOf(row)) : [];
};

/** Reads everything; `isLive`: only what the engine saw since it runs. Rejects where a running engine does not answer. */
export const readSessions = async (
	home: Home,
	{env, nowMs, isLive}: {readonly env: NodeJS.ProcessEnv; readonly nowMs: number; readonly isLive: boolean},
): Promise<JoinedSessions> => {
	const [source, opened, control] = await Promise.all([
		openSessionsOf({home, ...clientHomesOf(env)}),
		openUsage(home, {env, now: () => nowMs}),
		findControl(home, env),
	]);
	const [files, usage, brain, sessions] = await Promise.all([
		source.complete(),
		opened.source.complete({period: periodOf('all', nowMs), grouping: 'session'}),
		control && readBrain(control),
		control ? readSeen(control) : [],
	]);
	const rows = joinSessions({sessions, brain, sessionPage: {files, usage}, isWhole: true});
	return {rows: isLive ? rows.filter(({engine}) => engine !== undefined) : rows, files, usage, control};
};

/** Where the next request of a session would go, in the engine's words; undefined: no engine runs. */
export const readNext = async (
	control: ControlClient | undefined,
	{service, sessionId, model}: SessionRow,
): Promise<ExplainView | undefined> => {
	const query = new URLSearchParams({service, session: sessionId, ...(model === undefined ? {} : {model})});
	const answer = await control?.read(`/api/v1/explain?${query.toString()}`);
	const steps = at(answer, 'steps');
	return isRecord(answer) && Array.isArray(steps)
		? {
				question: textAt(answer, 'question') ?? '',
				chosen: textAt(answer, 'chosen'),
				steps: steps.map((step: unknown) => ({
					mark: (['chosen', 'yes', 'no'] as const).find(mark => mark === textAt(step, 'mark')) ?? 'note',
					subject: textAt(step, 'subject') ?? '',
					text: textAt(step, 'text') ?? '',
				})),
				detail: {},
			}
		: undefined;
};
