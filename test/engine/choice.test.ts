import {describe, expect, test} from 'vitest';
import {recordedStreams} from '../support/recorded-streams.ts';
import {answerWith, startSwitched} from '../support/switched-far-end.ts';
import {playStream, startFarEnd, type RawFarEnd} from '../support/raw-http.ts';
import {call, newestPlan, settled, startEngine, type RunningEngine} from '../support/running-engine.ts';

/* Credentials that are refused or missing, and the user's own choice (routing.md 6 and 8). */

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

describe('a credential', () => {
	test('that was refused is not sent again until it changes, also over a restart', async () => {
		await using a = await startSwitched(arrival =>
			(arrival.head.includes('Bearer new-key-12345') ? serve : answerWith(401))(arrival),
		);
		await using b = await startFarEnd(serve);
		process.env['GUARD_TEST_KEY'] = 'old-key-12345';
		const setup = {
			providers: [
				{name: 'a', url: a.url, extra: 'auth_token_env = "GUARD_TEST_KEY"'},
				{name: 'b', url: b.url},
			],
		};
		await using engine = await startEngine(setup);
		await times(3, session => call(engine, {session}));
		settled(engine);
		expect(a.arrivals).toHaveLength(1);
		expect(codesOf(engine, 'a')).toEqual(['auth_failed']);
		await engine.stop();
		await using again = await startEngine({...setup, home: engine.home});
		await call(again);
		expect(a.arrivals).toHaveLength(1);
		process.env['GUARD_TEST_KEY'] = 'new-key-12345';
		expect((await call(again, {session: 'after'})).body.equals(stream)).toBe(true);
		expect(a.arrivals).toHaveLength(2);
		expect(b.arrivals).toHaveLength(4);
		delete process.env['GUARD_TEST_KEY'];
	});

	test('that was refused is tried again when the user picks the endpoint', async () => {
		await using a = await startSwitched(answerWith(401));
		await using b = await startFarEnd(serve);
		await using engine = await startEngine({providers: providers(a, b)});
		await call(engine);
		a.become(serve);
		await engine.engine.act({type: 'pin', service: 'codex', endpointKey: 'codex/a/default', mode: 'only'});
		expect((await call(engine)).body.equals(stream)).toBe(true);
		expect(a.arrivals).toHaveLength(2);
	});

	test('that is refused everywhere ends the turn with one sentence and no 401', async () => {
		await using a = await startFarEnd(answerWith(401));
		for (const client of ['codex', 'sdk'] as const) {
			await using engine = await startEngine({providers: providers(a)});
			const answer = await call(engine, {client});
			expect(answer.text).toContain(
				'codex-tui: no upstream could serve this request (a: answered 401: it refused the key',
			);
			expect([200, 403, 503]).toContain(answer.status);
		}
	});

	test('whose variable is not set is a skip with its name, and never a request', async () => {
		await using a = await startFarEnd(serve);
		await using b = await startFarEnd(serve);
		const missing = {name: 'a', url: a.url, extra: 'auth_token_env = "GUARD_NOT_SET"'};
		await using engine = await startEngine({providers: [missing, {name: 'b', url: b.url}]});
		expect((await call(engine)).status).toBe(200);
		settled(engine);
		expect(newestPlan(engine)['a']).toEqual([
			{
				code: 'missing_auth',
				text: 'GUARD_NOT_SET is not set',
				location: `${engine.home.config}:3`,
				values: {subject: 'GUARD_NOT_SET'},
			},
		]);
		expect(engine.events.some(event => event.type === 'incident-opened')).toBe(true);
		await using alone = await startEngine({providers: [missing]});
		expect((await call(alone)).text).toContain('a: GUARD_NOT_SET is not set');
		expect(a.accepted()).toBe(0);
	});
});

describe('a pin', () => {
	test('is kept over restarts, however old, and `only` never moves', async () => {
		await using a = await startFarEnd(serve);
		await using b = await startSwitched(serve);
		await using engine = await startEngine({providers: providers(a, b)});
		await engine.engine.act({type: 'pin', service: 'codex', endpointKey: 'codex/b/default', mode: 'only'});
		await call(engine);
		await engine.stop();
		const {DatabaseSync} = await import('node:sqlite');
		const database = new DatabaseSync(engine.home.state);
		database.exec('UPDATE state SET updated_ms = 1');
		database.close();
		b.become(answerWith(503));
		await using again = await startEngine({providers: providers(a, b), home: engine.home});
		const {text} = await call(again);
		expect(text).toContain('b is pinned: unpin it or pin another one');
		expect(text).toContain('response.failed');
		expect(a.arrivals).toHaveLength(0);
		expect(b.arrivals.length).toBeGreaterThanOrEqual(2);
		await again.engine.act({type: 'unpin', service: 'codex'});
		expect((await call(again)).body.equals(stream)).toBe(true);
		expect(a.arrivals).toHaveLength(1);
	});

	test('`prefer` moves on when its endpoint cannot serve', async () => {
		await using a = await startFarEnd(serve);
		await using b = await startFarEnd(answerWith(503));
		await using engine = await startEngine({providers: providers(a, b)});
		await engine.engine.act({type: 'pin', service: 'codex', endpointKey: 'codex/b/default', mode: 'prefer'});
		expect((await call(engine)).body.equals(stream)).toBe(true);
		expect([a.arrivals.length, b.arrivals.length]).toEqual([1, 1]);
	});

	test('of an endpoint that is not there or disabled is refused in a sentence', async () => {
		await using a = await startFarEnd(serve);
		await using engine = await startEngine({
			providers: [
				{name: 'a', url: a.url},
				{name: 'b', url: a.url, extra: 'enabled = false'},
			],
		});
		const pin = (endpointKey: string): Promise<void> =>
			engine.engine.act({type: 'pin', service: 'codex', endpointKey, mode: 'only'});
		await expect(pin('codex/x/default')).rejects.toMatchObject({code: 'unknown-endpoint'});
		await expect(pin('codex/b/default')).rejects.toMatchObject({code: 'endpoint-disabled'});
	});
});
