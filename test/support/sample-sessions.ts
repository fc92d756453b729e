import type {
	ClientSession,
	ClientSessionsLink,
	ClientSessionsView,
	ClientTranscript,
} from '../../source/event/client-session.ts';
import {addTally, emptyTally} from '../../source/observe/usage/tally.ts';
import type {ScreenState} from '../../source/tui/store/screen-state.ts';
import {sampleExplain} from './sample-explain.ts';
import {sampleUsage} from './sample-usage.ts';

/* Invented records of clients that fit the sample screen: threads with a sub-agent and a fork, older ones, and files with faults. */

const session = (threadId: string, nowMs: number, change: Partial<ClientSession>): ClientSession => ({
	...{threadId, sessionId: threadId, client: 'codex', origin: 'main', parentId: undefined, agent: undefined},
	path: `/home/me/.codex/sessions/2026/11/21/rollout-2026-11-21T11-00-00-${threadId}.jsonl`,
	...{bytes: 48_000, isArchived: false, version: '0.169.0', provider: 'codex-tui', cwd: '/home/me/src/api'},
	...{
		title: undefined,
		model: 'gpt-5.3-codex',
		effort: 'high',
		startedAtMs: nowMs - 3_600_000,
		lastAtMs: nowMs - 60_000,
	},
	...{turns: 3, messages: 12, errors: 0, tokens: undefined, nanoUsd: undefined, faults: []},
	...change,
});

/** The thread of the sample screen's first session. */
export const firstThread = '01a9e3f0-7c11-7000-8000-00000000007c';

/** Seven threads of both clients. */
export const sampleClientSessions = (nowMs: number): ClientSessionsView => ({
	sessions: [
		session(firstThread, nowMs, {
			title: 'Mend the flaky test of the invoice export',
			tokens: {input: 300_000, cacheRead: 880_000, cacheWrite: 0, output: 22_000},
			nanoUsd: 920_000_000,
			lastAtMs: nowMs - 12_000,
		}),
		session('01a9e3f1-0000-7000-8000-0000000000a1', nowMs, {
			...{sessionId: firstThread, origin: 'subagent', parentId: firstThread, agent: 'Copernicus'},
			...{title: 'Look for every place that rounds', turns: 1, messages: 4, lastAtMs: nowMs - 300_000},
			tokens: {input: 40_000, cacheRead: 0, cacheWrite: 0, output: 1200},
		}),
		session('01a9e3f2-0000-7000-8000-0000000000b2', nowMs, {
			...{origin: 'fork', parentId: firstThread, title: 'The same, but with decimals', lastAtMs: nowMs - 7_200_000},
		}),
		session('77e0aa00-1111-4000-8000-000000000012', nowMs, {
			...{
				client: 'claude-code',
				cwd: '/home/me/notes',
				model: 'claude-opus-4-8',
				effort: undefined,
				version: '2.1.197',
			},
			...{title: '把会议记录整理成要点', lastAtMs: nowMs - 90_000_000, nanoUsd: 41_000_000, errors: 2},
			path: '/home/me/.claude/projects/-home-me-notes/77e0aa00-1111-4000-8000-000000000012.jsonl',
			tokens: {input: 9000, cacheRead: 30_000, cacheWrite: 2000, output: 800},
		}),
		session('agent-a1b2c3d4', nowMs, {
			...{client: 'claude-code', sessionId: '77e0aa00-1111-4000-8000-000000000012', origin: 'subagent'},
			...{parentId: '77e0aa00-1111-4000-8000-000000000012', agent: 'Explore', model: 'claude-haiku-4-5'},
			...{title: 'Find the notes of May', lastAtMs: nowMs - 90_100_000},
		}),
		session('01a80000-0000-7000-8000-0000000000c3', nowMs, {
			...{cwd: undefined, model: undefined, effort: undefined, version: undefined, turns: 0, messages: 0},
			...{lastAtMs: nowMs - 400_000_000, faults: [{kind: 'unknown', count: 1}]},
		}),
		session('01a80000-0000-7000-8000-0000000000d4', nowMs, {
			...{title: 'A long day', lastAtMs: nowMs - 500_000_000},
			faults: [
				{kind: 'cut', count: 1},
				{kind: 'sampled', count: 31_000_000},
			],
		}),
	],
	fileCount: 9,
	unread: 0,
	unreadableFolders: [],
});

/** A link that answers with the sample records, and with one conversation for every thread. */
export class FakeSessions implements ClientSessionsLink {
	readonly asked: string[] = [];
	readonly #nowMs: number;

	constructor(nowMs: number) {
		this.#nowMs = nowMs;
	}

	readonly look = async (): Promise<ClientSessionsView> => sampleClientSessions(this.#nowMs);

	readonly transcript = async (
		threadId: string,
		knownVersion?: number,
	): Promise<ClientTranscript | {readonly unchanged: true} | undefined> => {
		this.asked.push(threadId);
		const items: ClientTranscript['items'] = [
			{kind: 'user', title: undefined, text: `What did we decide in ${threadId}?`, isLive: false},
			{kind: 'assistant', title: undefined, text: 'To read it out of the file.', isLive: false},
		];
		return knownVersion === 7 ? {unchanged: true} : {items, isTruncated: false, version: 7};
	};
}

/** What the ledger has of the first thread: less than the client, for the proxy saw a part. */
const sampleTally = () => {
	const tally = emptyTally();
	addTally(tally, {
		...emptyTally(),
		...{requests: 41, retried: 2, durationMs: 320_000, answers: 41, withUsage: 40},
		...{input: 210_000, cacheRead: 560_000, output: 15_000, nanoUsd: 610_000_000, priced: 40},
		endings: {ok: 39, limited: 1, refused: 0, failed: 1, cut: 0, cancelled: 0},
	});
	return tally;
};

/** The page Sessions with all that it knows. */
export const withSampleSessions = (state: ScreenState): ScreenState => {
	const rows = [{key: firstThread, label: firstThread, about: '/home/me/src/api', tally: sampleTally(), spark: []}];
	return {
		...state,
		sessionPage: {
			isLiveOnly: false,
			files: sampleClientSessions(state.nowMs),
			notice: undefined,
			usage: {...sampleUsage(state.nowMs, {grouping: 'session'}), rows},
			next: {sessionId: firstThread, answer: sampleExplain},
		},
	};
};
