import {describe, expect, test} from 'vitest';
import type {RequestView} from '../../source/event/view.ts';
import {recordedStreams} from '../support/recorded-streams.ts';
import {playStream, startFarEnd, type RawFarEnd} from '../support/raw-http.ts';
import {call, startEngine, until, type EngineSetup, type RunningEngine} from '../support/running-engine.ts';

/* A request that a person sends once more, to an endpoint of their choice. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);

const start = (fars: readonly RawFarEnd[], more: Partial<EngineSetup> = {}): Promise<RunningEngine> =>
	startEngine({
		providers: fars.map(({url}, index) => ({name: `p${index}`, url, key: `sk-of-provider-${index}-0123456789`})),
		...more,
	});

const keyOf = (index: number): string => `codex/p${index}/default`;

const requestsOf = ({engine}: RunningEngine): readonly RequestView[] => engine.ask({type: 'snapshot'}).requests;

const ended = (engine: RunningEngine, count: number): Promise<void> =>
	until(
		`the end of ${count} requests`,
		() => requestsOf(engine).filter(({state}) => state !== 'running').length === count,
	);

describe('a replay', () => {
	test('sends the same body and headers to the chosen endpoint, as a new request that names the old one', async () => {
		await using first = await startFarEnd(playStream(stream));
		await using other = await startFarEnd(playStream(stream));
		await using engine = await start([first, other]);
		const headers = {originator: 'codex_cli_rs', 'x-own': 'kept', 'x-held': 'sk-of-provider-0-0123456789'};
		await call(engine, {path: '/v1/responses?x=1', headers});
		await ended(engine, 1);
		const [old] = requestsOf(engine);
		await engine.engine.act({type: 'replay-request', requestId: old?.requestId ?? '', to: keyOf(1)});
		await ended(engine, 2);
		const replay = requestsOf(engine).at(-1);
		expect(replay).toMatchObject({
			...{replayOf: old?.requestId, state: 'success', endpointKey: keyOf(1), sessionId: undefined},
			note: `replay of ${old?.requestId}`,
		});
		expect(first.arrivals).toHaveLength(1);
		expect(other.arrivals).toHaveLength(1);
		const after = other.arrivals[0]?.head ?? '';
		expect(other.arrivals[0]?.body.equals(first.arrivals[0]?.body ?? Buffer.alloc(0))).toBe(true);
		expect(after).toMatch(/^POST \/v1\/responses\?x=1 /);
		expect(after).toMatch(/originator: codex_cli_rs/m);
		expect(after).toMatch(/x-own: kept/m);
		// Its own credential, nothing of ours, and no header with a key in it.
		expect(after).toContain('Bearer sk-of-provider-1-0123456789');
		expect(after).not.toContain('sk-of-provider-0');
		expect(after).not.toContain('x-codex-tui');
		expect(after).not.toContain(engine.token);
		await until('the ledger', () => engine.ledger().length === 2);
		expect(engine.ledger().map(({replay_of: of}) => of)).toEqual([undefined, old?.requestId]);
		const starts = engine.events.flatMap(event => (event.type === 'request-start' ? [event.replayOf] : []));
		expect(starts).toEqual([undefined, old?.requestId]);
	});

	test('moves no session: the next turn goes where the one before went', async () => {
		await using first = await startFarEnd(playStream(stream));
		await using other = await startFarEnd(playStream(stream));
		await using engine = await start([first, other]);
		await call(engine, {path: '/v1/responses'});
		await ended(engine, 1);
		const requestId = requestsOf(engine)[0]?.requestId ?? '';
		await engine.engine.act({type: 'replay-request', requestId, to: keyOf(1)});
		await ended(engine, 2);
		await call(engine, {path: '/v1/responses'});
		expect([first.arrivals.length, other.arrivals.length]).toEqual([2, 1]);
		expect(engine.engine.ask({type: 'snapshot'}).sessions).toMatchObject([{requests: 2}]);
	});

	test('goes nowhere else where the endpoint fails', async () => {
		await using first = await startFarEnd(playStream(stream));
		await using engine = await startEngine({
			providers: [
				{name: 'p0', url: first.url},
				{name: 'dead', url: 'http://127.0.0.1:9/v1'},
			],
		});
		await call(engine, {path: '/v1/responses'});
		await ended(engine, 1);
		const requestId = requestsOf(engine)[0]?.requestId ?? '';
		await engine.engine.act({type: 'replay-request', requestId, to: 'codex/dead/default'});
		await until('the end', () => requestsOf(engine).at(-1)?.state === 'failed', 8000);
		expect(first.arrivals).toHaveLength(1);
	}, 15_000);

	test('is refused with a reason: unknown or cut body, unknown or foreign endpoint, a mark that nobody gave', async () => {
		await using far = await startFarEnd(playStream(stream));
		await using engine = await start([far]);
		await call(engine, {path: '/v1/responses', body: {model: 'm', input: 'x'.repeat(2_100_000)}});
		await call(engine, {path: '/v1/responses', headers: {'x-codex-tui-replay': 'made-up'}});
		await ended(engine, 2);
		const [large, usual] = requestsOf(engine);
		const replay = (requestId: string | undefined, to: string): Promise<void> =>
			engine.engine.act({type: 'replay-request', requestId: requestId ?? '', to});
		await expect(replay('req_none', keyOf(0))).rejects.toMatchObject({code: 'unknown-request'});
		await expect(replay(large?.requestId, keyOf(0))).rejects.toThrow('cut short');
		await expect(replay(usual?.requestId, 'codex/nobody/default')).rejects.toMatchObject({code: 'unknown-endpoint'});
		expect(usual?.replayOf).toBeUndefined();
		expect(far.arrivals).toHaveLength(2);
	});
});

describe('bodies of requests', () => {
	test('come out of the engine page by page, clean and without secrets', async () => {
		await using far = await startFarEnd(playStream(stream));
		await using engine = await start([far]);
		const secret = 'sk-of-provider-0-0123456789';
		const input = `${'long '.repeat(60_000)}${secret} \u001B]52;c;AAAA\u0007 \u202Eend`;
		await call(engine, {path: '/v1/responses', body: {model: 'm', input, stream: true}});
		await ended(engine, 1);
		const requestId = requestsOf(engine)[0]?.requestId ?? '';
		let text = '';
		for (let total = 1; text.length < total;) {
			const page = engine.engine.ask({type: 'body', requestId, part: 'request', form: 'raw', from: text.length});
			if ('missing' in page) {
				throw new Error(page.missing);
			}

			expect(page.text.length).toBeLessThanOrEqual(131_072);
			({total} = page);
			text += page.text;
		}

		expect(text.length).toBeGreaterThan(300_000);
		expect(text).not.toContain(secret);
		expect(['\u001B', '\u0007', '\u202E'].filter(sign => text.includes(sign))).toEqual([]);
		expect(text.startsWith('{"model":"m"')).toBe(true);
		const pretty = engine.engine.ask({type: 'body', requestId, part: 'request', form: 'pretty'});
		expect(pretty).toMatchObject({text: expect.stringMatching(/^\{\n {2}"model": "m",\n/), target: {method: 'POST'}});
		const answer = engine.engine.ask({type: 'body', requestId, part: 'answer', form: 'pretty'});
		expect(answer).toMatchObject({
			text: expect.stringMatching(/^event: response\.created\ndata: \{\n {2}"/),
			isLive: false,
		});
		expect(engine.engine.ask({type: 'body', requestId: 'req_none', part: 'answer', form: 'raw'})).toHaveProperty(
			'missing',
		);
	});
});
