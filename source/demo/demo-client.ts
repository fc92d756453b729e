import {randomUUID} from 'node:crypto';
import {setTimeout as sleep} from 'node:timers/promises';
import {DemoSession, type DemoTarget} from './client/session.ts';
import {demoClaudeTopics, demoTopics} from './demo-topics.ts';
import {createRandom, pick} from './random.ts';
import {sendRequest} from './client/send-request.ts';

/** What the demo client is started with. */
export interface DemoClientOptions {
	/** The engine's base URL for Codex, with `/v1`. */
	readonly url: string;
	/** The engine's address for Claude Code, without `/v1`; without it no Claude Code session runs. */
	readonly claudeUrl?: string;
	/** The local token. */
	readonly token: string;
	/** Ends the client; requests that run are aborted. */
	readonly signal: AbortSignal;
	readonly seed: number;
}

const sessions = [
	{model: 'gpt-5.5', effort: 'medium'},
	{model: 'gpt-5.5', effort: 'high'},
	{model: 'gpt-5.4', effort: undefined},
	{model: 'gpt-5.5', effort: 'low'},
	{model: 'my-local', effort: undefined},
] as const;

/** Sessions start one after the other, so that a fresh screen fills instead of jumping. */
const startGapMs = 350;
/** Five sessions that each rest this long between turns begin a turn every one to three seconds together. */
const restMs = {least: 4000, spread: 8000} as const;

const rest = async ({signal, random}: DemoTarget): Promise<void> => {
	await sleep(restMs.least + random() * restMs.spread, undefined, {signal});
};

const runCodex = async (target: DemoTarget, index: number): Promise<void> => {
	const first = demoTopics[index % demoTopics.length] ?? demoTopics[0];
	const session = new DemoSession(target, {...(sessions[index] ?? sessions[0]), folder: first.folder});
	await sleep(index * startGapMs, undefined, {signal: target.signal});
	for (let turn = 0; !target.signal.aborted; turn++) {
		const topic = turn === 0 ? first : pick(target.random, demoTopics);
		await session.runTurn(topic, turn % 4 === 1);
		await rest(target);
	}
};

const claudeHeaders = (sessionId: string, token: string): Readonly<Record<string, string>> => ({
	Accept: 'application/json',
	Authorization: `Bearer ${token}`,
	'Content-Type': 'application/json',
	'User-Agent': 'claude-cli/2.1.197 (external, sdk-cli)',
	'X-Claude-Code-Session-Id': sessionId,
	'x-app': 'cli',
	'anthropic-version': '2023-06-01',
	'anthropic-beta': 'claude-code-20250219,interleaved-thinking-2025-05-14,effort-2025-11-24',
});

const runClaude = async (target: DemoTarget): Promise<void> => {
	const sessionId = randomUUID();
	const userId = JSON.stringify({device_id: '0'.repeat(64), account_uuid: '', session_id: sessionId});
	for (let turn = 0; !target.signal.aborted; turn++) {
		const {prompt} = demoClaudeTopics[turn % demoClaudeTopics.length] ?? {prompt: ''};
		await sendRequest(new URL(`${target.url}/v1/messages?beta=true`), {
			headers: claudeHeaders(sessionId, target.token),
			signal: target.signal,
			body: {
				model: 'claude-opus-4-8',
				messages: [{role: 'user', content: [{type: 'text', text: prompt}]}],
				system: [{type: 'text', text: 'You are Claude Code.'}],
				tools: [],
				metadata: {user_id: userId},
				max_tokens: 64_000,
				thinking: {type: 'adaptive'},
				output_config: {effort: 'high'},
				stream: true,
			},
		});
		await rest(target);
	}
};

/**
 * Behaves like five Codex sessions and, with `claudeUrl`, one of Claude Code. The first request goes out at once; it runs until
 * the signal aborts and resolves then. Failed requests are retried or dropped as the real clients do, and never end it.
 */
export const startDemoClient = async ({url, claudeUrl, token, signal, seed}: DemoClientOptions): Promise<void> => {
	const random = createRandom(seed);
	const runs = [
		...sessions.map(async (_, index) => runCodex({url, token, signal, random}, index)),
		...(claudeUrl === undefined ? [] : [runClaude({url: claudeUrl, token, signal, random})]),
	];
	for (const outcome of await Promise.allSettled(runs)) {
		// The pauses end with an AbortError when the signal aborts; that is the wanted end.
		if (outcome.status === 'rejected' && !signal.aborted) {
			throw outcome.reason;
		}
	}
};
