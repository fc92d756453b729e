import {describe, expect, test} from 'vitest';
import {recordedStreams} from '../support/recorded-streams.ts';
import {answerWith, sleep, startSwitched} from '../support/switched-far-end.ts';
import {playStream, startFarEnd, type RawFarEnd} from '../support/raw-http.ts';
import {call, newestPlan, settled, startEngine, until, type RunningEngine} from '../support/running-engine.ts';

/* What the engine remembers of its upstreams' health: breakers, cooldowns, probes (watchdog.md 4, routing.md 5). */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const serve = playStream(stream);
const keys = {a: 'sk-first-key-1', b: 'sk-second-key-2'};
const providers = (...fars: readonly RawFarEnd[]) =>
	fars.map(({url}, index) => ({name: index === 0 ? 'a' : 'b', url, key: index === 0 ? keys.a : keys.b}));

/** Each round is a session of its own: one that was served elsewhere would stay there. */
const times = async (count: number, run: (session: string) => Promise<unknown>): Promise<void> => {
	for (let round = 0; round < count; round++) {
		await run(`round-${round}`);
	}
};

const codesOf = (engine: RunningEngine, name: string): readonly string[] =>
	(newestPlan(engine)[name] ?? []).map(({code}) => code);

describe('a breaker', () => {
	test('opens after three hard failures in a row and stays open over a restart', async () => {
		await using a = await startSwitched(answerWith(503));
		await using b = await startFarEnd(serve);
		await using engine = await startEngine({providers: providers(a, b)});
		await times(5, session => call(engine, {session}));
		settled(engine);
		expect(a.arrivals).toHaveLength(3);
		expect(b.arrivals).toHaveLength(5);
		expect(codesOf(engine, 'a')).toEqual(['breaker_open']);
		await engine.stop();
		a.become(serve);
		await using again = await startEngine({providers: providers(a, b), home: engine.home});
		expect((await call(again, {session: 'after'})).status).toBe(200);
		settled(again);
		expect(a.arrivals).toHaveLength(3);
		expect(codesOf(again, 'a')).toEqual(['breaker_open']);
	});

	test('that is open gets one last resort per request where nobody else is left, never a storm (REL-26, REL-28)', async () => {
		await using a = await startSwitched(answerWith(503));
		await using engine = await startEngine({providers: providers(a)});
		await times(20, session => call(engine, {session}));
		expect(a.arrivals.length).toBeLessThanOrEqual(24);
		a.become(serve);
		expect((await call(engine)).body.equals(stream)).toBe(true);
	});

	test('that is open is not asked twice by one request, also where connections fail (REL-28)', async () => {
		await using a = await startFarEnd(
			() => undefined,
			socket => socket.resetAndDestroy(),
		);
		await using engine = await startEngine({providers: providers(a)});
		await times(10, session => call(engine, {session}));
		expect(a.accepted()).toBeLessThanOrEqual(12);
	});

	test('is not opened by faults of the request or by clients', async () => {
		await using a = await startFarEnd(answerWith(400, {}, '{"error":{"message":"bad field","code":"bad"}}'));
		await using b = await startFarEnd(serve);
		await using engine = await startEngine({providers: providers(a, b)});
		await times(4, async () => {
			const answer = await call(engine);
			expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('a: bad field')]);
		});
		expect(a.arrivals).toHaveLength(4);
		expect(b.arrivals).toHaveLength(0);
	});
});

const messages = playStream(recordedStreams.find(({dialect}) => dialect === 'messages')?.bytes ?? Buffer.alloc(0));
/** Serves turns, and everything else as it is told. */
const servesTurns =
	(turns: typeof serve, others: typeof serve): typeof serve =>
	arrival =>
		(/^POST \S+\/(?:messages|responses) /.test(arrival.head) ? turns : others)(arrival);

describe('a request beside the conversation', () => {
	test.each([
		['count_tokens that fails', '/v1/messages/count_tokens', answerWith(500)],
		['count_tokens that the upstream does not know', '/v1/messages/count_tokens', answerWith(404)],
		['count_tokens that may not be asked', '/v1/messages/count_tokens', answerWith(405)],
		['count_tokens that is refused to this key', '/v1/messages/count_tokens', answerWith(403)],
		['count_tokens with a limit of its own', '/v1/messages/count_tokens', answerWith(429, {'retry-after': '60'})],
		['a list of models that fails', '/v1/models', answerWith(503)],
		[
			'a list of models that breaks off',
			'/v1/models',
			({socket}: {socket: {destroy: () => unknown}}) => void socket.destroy(),
		],
	])('takes its upstream from no turn: %s', async (_, path, others) => {
		const isClaude = path.includes('count_tokens');
		const client = isClaude ? 'claude-code' : 'codex';
		const turns = isClaude ? messages : serve;
		await using a = await startFarEnd(servesTurns(turns, others));
		await using b = await startFarEnd(servesTurns(turns, answerWith(200, {}, '{"input_tokens":1}')));
		const service = isClaude ? 'claude' : 'codex';
		await using engine = await startEngine({providers: providers(a, b).map(one => ({...one, service}))});
		await times(5, () => call(engine, {client, path}));
		const asked = a.arrivals.length;
		expect((await call(engine, {client})).status).toBe(200);
		settled(engine);
		expect(a.arrivals.length).toBe(asked + 1);
		expect(codesOf(engine, 'a')).not.toContain('breaker_open');
	});

	test('that is served does not hide that turns fail', async () => {
		const others = answerWith(200, {}, '{"input_tokens":1}');
		await using a = await startFarEnd(servesTurns(answerWith(503), others));
		await using b = await startFarEnd(servesTurns(messages, others));
		await using engine = await startEngine({
			providers: providers(a, b).map(one => ({...one, service: 'claude'}) as const),
		});
		await times(4, async session => {
			const headers = {'x-claude-code-session-id': session};
			await times(2, () => call(engine, {client: 'claude-code', path: '/v1/messages/count_tokens', headers}));
			await call(engine, {client: 'claude-code', headers});
		});
		settled(engine);
		expect(codesOf(engine, 'a')).toEqual(['breaker_open']);
	});
});

const startLimited = async () => {
	const a = await startSwitched(answerWith(429, {'retry-after': '1'}));
	const engine = await startEngine({providers: providers(a)});
	return {a, engine};
};

describe('REL-27 a hundred requests at the end of a cooldown', () => {
	test('send one probe, and as many as may wait are served when it has', async () => {
		const {a, engine} = await startLimited();
		await using _ = a;
		await using own = engine;
		const first = call(own);
		await until('the 429', () => a.arrivals.length === 1);
		let running = 0;
		let most = 0;
		a.become(arrival => {
			running++;
			most = Math.max(most, a.arrivals.length < 4 ? running : 0);
			setTimeout(() => {
				running--;
				serve(arrival);
			}, 150);
		});
		const answers = await Promise.all([first, ...Array.from({length: 100}, () => call(own))]);
		expect(most).toBe(1);
		const others = answers.filter(({body}) => !body.equals(stream));
		// The 429 has left five places, and 64 may wait for one; the rest is told to ask again.
		expect(others.length).toBeLessThanOrEqual(101 - 5 - 64);
		expect(others.filter(({text}) => !text.includes('"code":"rate_limit_exceeded"'))).toEqual([]);
		expect(a.arrivals).toHaveLength(102 - others.length);
	});

	test('send one probe, and none hammers when it fails', async () => {
		const {a, engine} = await startLimited();
		await using _ = a;
		await using own = engine;
		const first = call(own);
		await until('the 429', () => a.arrivals.length === 1);
		a.become(answerWith(429, {'retry-after': '30'}));
		const answers = await Promise.all([first, ...Array.from({length: 100}, () => call(own))]);
		expect(a.arrivals).toHaveLength(2);
		for (const {text} of answers) {
			expect(text).toMatch(/"code":"rate_limit_exceeded","message":"codex-tui: .*Please try again in (?:29|30)s\."/);
		}
	});

	test('go elsewhere meanwhile where there is somewhere else', async () => {
		await using a = await startSwitched(answerWith(429, {'retry-after': '1'}));
		await using b = await startFarEnd(serve);
		await using engine = await startEngine({providers: providers(a, b)});
		await call(engine);
		a.become(() => undefined);
		await sleep(1050);
		const running = Array.from({length: 100}, (_, index) => call(engine, {session: `other-${index}`}));
		await until('the answers of the other', () => b.arrivals.length === 100);
		const [, probe] = a.arrivals;
		if (probe) {
			serve(probe);
		}

		const answers = await Promise.all(running);
		expect(answers.filter(({body}) => !body.equals(stream))).toEqual([]);
		expect(a.arrivals).toHaveLength(2);
		expect(b.arrivals).toHaveLength(100);
	});
});

describe('REL-25 a limit', () => {
	test('that ends within five seconds is waited for, silently', async () => {
		await using a = await startSwitched(answerWith(429, {'retry-after': '1'}));
		await using engine = await startEngine({providers: providers(a)});
		const startedMs = performance.now();
		const answer = call(engine);
		await until('the 429', () => a.arrivals.length === 1);
		a.become(serve);
		expect((await answer).body.equals(stream)).toBe(true);
		expect(performance.now() - startedMs).toBeGreaterThan(990);
		expect(performance.now() - startedMs).toBeLessThan(1800);
		expect(engine.ledger()).toMatchObject([{outcome: 'success', retry: {attempts: 2}}]);
	});

	const rows = [
		['codex', 200, /"code":"rate_limit_exceeded".*try again in (?:20|19)s\./],
		['claude-code', 429, /codex-tui: /],
		['sdk', 429, /codex-tui: /],
	] as const;
	test.each(rows)('that lasts longer tells %s when', async (client, status, text) => {
		await using a = await startFarEnd(answerWith(429, {'retry-after': '20'}));
		const [own] = providers(a);
		const service = client === 'claude-code' ? 'claude' : 'codex';
		await using engine = await startEngine({
			providers: [
				{name: 'a', url: own?.url ?? '', service, extra: client === 'claude-code' ? 'dialect = "messages"' : ''},
			],
		});
		for (const round of [1, 2]) {
			const answer = await call(engine, {client});
			// The second time nobody is asked: then a stream fails as a stream for everybody who reads Responses events.
			const isStream = client === 'codex' || (client === 'sdk' && round === 2);
			expect(answer.status).toBe(isStream ? 200 : status);
			expect(answer.text).toMatch(isStream ? rows[0][2] : text);
			if (!isStream) {
				expect(Number(answer.headers['retry-after'])).toBeGreaterThan(17);
			}
		}

		expect(a.arrivals).toHaveLength(1);
	});

	test('of one key leaves the others alone', async () => {
		await using a = await startFarEnd(answerWith(429));
		await using b = await startFarEnd(serve);
		await using engine = await startEngine({providers: providers(a, b)});
		await times(5, async session => expect((await call(engine, {session})).body.equals(stream)).toBe(true));
		settled(engine);
		expect(a.arrivals).toHaveLength(1);
		const [reason] = newestPlan(engine)['a'] ?? [];
		expect(reason?.code).toBe('cooldown');
		expect((reason?.untilMs ?? 0) - Date.now()).toBeGreaterThan(10_000);
	});
});
