import {renameSync, rmSync, writeFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {recordedStreams} from '../support/recorded-streams.ts';
import {chunkOf, lastChunk, playStream, startFarEnd, streamHead, type RawArrival} from '../support/raw-http.ts';
import {call, configText, settled, startEngine, until, type RunningEngine} from '../support/running-engine.ts';
import {sleep} from '../support/switched-far-end.ts';

/* The configuration changes under a running engine (REL-33 to REL-36). */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);

/** Streams for a second. */
const playSlowly = ({socket}: RawArrival): void => {
	socket.write(streamHead);
	const step = Math.ceil(stream.length / 10);
	let at = 0;
	const timer = setInterval(() => {
		socket.write(at < stream.length ? chunkOf(stream.subarray(at, at + step)) : lastChunk);
		if (at >= stream.length) {
			clearInterval(timer);
		}

		at += step;
	}, 100);
	socket.once('close', () => clearInterval(timer));
};

/** Serves the next request by `far` within the time, whatever served before. */
const untilServedBy = async (engine: RunningEngine, far: {readonly arrivals: readonly unknown[]}, withinMs: number) => {
	const startedMs = performance.now();
	const before = far.arrivals.length;
	while (far.arrivals.length === before) {
		expect((await call(engine)).body.equals(stream)).toBe(true);
		expect(performance.now() - startedMs).toBeLessThan(withinMs);
	}

	return performance.now() - startedMs;
};

describe('REL-35 REL-36 a reload', () => {
	test('under fifty streams fails none, and new requests go the new way within 500 ms', async () => {
		await using a = await startFarEnd(playSlowly);
		await using b = await startFarEnd(playStream(stream));
		await using engine = await startEngine({providers: [{name: 'a', url: a.url}]});
		const running = Array.from({length: 50}, () => call(engine));
		await until('fifty streams', () => a.arrivals.length === 50);
		await sleep(150);
		writeFileSync(engine.home.config, configText([{name: 'b', url: b.url}]));
		await untilServedBy(engine, b, 1800);
		const loaded = engine.events.filter(({type}) => type === 'config-loaded');
		expect(loaded.length).toBeLessThanOrEqual(2);
		const answers = await Promise.all(running);
		expect(answers.filter(({body}) => !body.equals(stream))).toEqual([]);
	});

	test('is seen within 500 ms however an editor saves', async () => {
		await using a = await startFarEnd(playStream(stream));
		await using b = await startFarEnd(playStream(stream));
		await using engine = await startEngine({providers: [{name: 'a', url: a.url}]});
		await sleep(200);
		const {config} = engine.home;
		const text = (name: 'a' | 'b', note: number): string =>
			`# ${note}\n${configText([{name, url: name === 'a' ? a.url : b.url}])}`;
		const saves: ReadonlyArray<(content: string) => void> = [
			content => writeFileSync(config, content),
			content => {
				writeFileSync(`${config}.tmp`, content);
				renameSync(`${config}.tmp`, config);
			},
			content => {
				rmSync(config);
				writeFileSync(config, content);
			},
			content => {
				renameSync(config, `${config}~`);
				writeFileSync(config, content);
			},
		];
		for (const [index, save] of saves.entries()) {
			const [name, far] = index % 2 === 0 ? (['b', b] as const) : (['a', a] as const);
			save(text(name, index));
			expect(await untilServedBy(engine, far, 1000)).toBeLessThan(500);
		}
	});
});

describe('REL-33 REL-34 a broken configuration', () => {
	test('keeps the last good one, says where it is broken, and the next good one is taken', async () => {
		await using a = await startFarEnd(playStream(stream));
		await using b = await startFarEnd(playStream(stream));
		await using engine = await startEngine({providers: [{name: 'a', url: a.url}]});
		await sleep(200);
		const good = configText([{name: 'b', url: b.url}]);
		writeFileSync(engine.home.config, `${good}\n[codex.providers.c]\nbase_url = "unfinished`);
		await until('the fault', () => engine.events.some(({type}) => type === 'config-broken'), 1500);
		const lines = good.split('\n').length;
		expect(engine.events.find(({type}) => type === 'config-broken')).toMatchObject({
			path: engine.home.config,
			line: lines + 2,
			column: expect.any(Number),
		});
		settled(engine);
		expect(
			engine.events.some(event => event.type === 'incident-opened' && event.incident.rule === 'config-broken'),
		).toBe(true);
		expect((await call(engine)).body.equals(stream)).toBe(true);
		expect([a.arrivals.length, b.arrivals.length]).toEqual([1, 0]);
		writeFileSync(engine.home.config, good);
		await untilServedBy(engine, b, 1000);
		await until('the end of the incident', () => engine.events.some(({type}) => type === 'incident-closed'), 2500);
	});

	test('that vanishes or is written in pieces stops no request', async () => {
		await using a = await startFarEnd(playStream(stream));
		await using engine = await startEngine({providers: [{name: 'a', url: a.url}]});
		await sleep(200);
		const good = configText([{name: 'a', url: a.url}]);
		rmSync(engine.home.config);
		await sleep(250);
		expect((await call(engine)).status).toBe(200);
		for (let length = 0; length < good.length; length += 20) {
			writeFileSync(engine.home.config, good.slice(0, length));
			await sleep(5);
			expect((await call(engine)).body.equals(stream)).toBe(true);
		}
	});

	test('is refused by an explicit reload with its place', async () => {
		await using a = await startFarEnd(playStream(stream));
		await using engine = await startEngine({providers: [{name: 'a', url: a.url}]});
		writeFileSync(engine.home.config, 'version = 5\n[codex.providers.a]\nbase_url = 7\n');
		const answer = await fetch(`http://127.0.0.1:${engine.controlPort}/api/v1/reload`, {
			method: 'POST',
			headers: {'x-codex-tui-token': engine.token, 'content-type': 'application/json'},
			body: '{}',
		});
		expect(answer.status).toBe(409);
		expect(await answer.text()).toContain('config.toml:3:');
		expect((await call(engine)).status).toBe(200);
	});
});
