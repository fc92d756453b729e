import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, onTestFinished, test} from 'vitest';
import {AttachedEngine} from '../../source/command/attach-link.ts';
import {createControlClient} from '../../source/command/control-client.ts';
import type {Snapshot} from '../../source/event/protocol.ts';
import {listenToControl, type ControlTarget, type HeardEvent} from '../../source/engine/control/dial.ts';
import {isEngineEvent} from '../../source/event/event-shape.ts';
import {Mirror} from '../../source/tui/store/mirror.ts';
import {ReadModel} from '../../source/observe/read-model.ts';
import {call, startEngine, until, type RunningEngine} from '../support/running-engine.ts';
import {callIdentified, replyEnd, requestStart} from '../support/events.ts';
import {recordedStreams} from '../support/recorded-streams.ts';
import {startFarEnd, streamHead, chunkOf} from '../support/raw-http.ts';

/* A screen's mirror over the control API of a real engine: it sees what a screen in the engine's own process sees. */

interface Attached extends Disposable {
	readonly link: AttachedEngine;
	readonly mirror: Mirror;
	/** As if the stream had left events out: the mirror asks for a snapshot. */
	readonly makeHole: () => void;
}

const targetOf = (engine: RunningEngine, more: Partial<ControlTarget> = {}): ControlTarget => ({
	url: `http://127.0.0.1:${engine.controlPort}`,
	token: engine.token,
	isScreen: true,
	...more,
});

const socketOf = (engine: RunningEngine) => ({socketPath: path.join(engine.home.root, 'control.sock')});

const createModel = (snapshot: Snapshot): ReadModel => ReadModel.fromSnapshot(snapshot);

const attach = (target: () => ControlTarget): Attached => {
	const client = {
		url: 'the engine',
		read: (where: string) => createControlClient(target()).read(where),
		change: (where: string, body: unknown) => createControlClient(target()).change(where, body),
	};
	let tell: ((event: HeardEvent) => void) | undefined;
	let lastId = '';
	const link = new AttachedEngine({
		client,
		firstPauseMs: 20,
		listen: how => {
			tell = event => {
				lastId = event.id;
				how.onEvent(event);
			};
			return listenToControl(target(), {...how, onEvent: tell});
		},
	});
	const mirror = new Mirror({
		link,
		createModel,
		now: Date.now,
		onChange: () => undefined,
	});
	return {
		link,
		mirror,
		makeHole: () => tell?.({id: lastId, data: '{"reason":"a test"}'}),
		[Symbol.dispose]: () => {
			mirror.close();
			link.close();
		},
	};
};

/** As JSON says it: what is undefined is not there. */
const asSent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const provider = (url: string) => ({providers: [{name: 'a', url}]});
const nowhere = provider('http://127.0.0.1:9/v1');

const startUpstream = () =>
	startFarEnd(({socket}) => {
		socket.write(Buffer.concat([Buffer.from(streamHead), chunkOf(recordedStreams[0]?.bytes ?? Buffer.alloc(0))]));
		socket.end('0\r\n\r\n');
	});

describe('an attached screen', () => {
	test('gets the pages of a body whole, however long their lines are, and without escapes', async () => {
		const text = 'x'.repeat(131_072);
		const link = new AttachedEngine({
			client: {url: 'the engine', read: async () => ({text: `${text}\u001B[31m`}), change: async () => undefined},
			listen: async () => await Promise.reject(new Error('nobody is there')),
		});
		const page = await link.ask({type: 'body', requestId: 'req_1', part: 'request', form: 'raw', from: 0});
		link.close();
		expect(page).toEqual({text});
	});

	test.each(['port', 'socket'] as const)(
		'over the %s sees requests, transcripts and decisions as they are',
		async way => {
			await using far = await startUpstream();
			await using engine = await startEngine(provider(`http://127.0.0.1:${far.port}/v1`));
			await call(engine);
			using attached = attach(() => targetOf(engine, way === 'socket' ? socketOf(engine) : {}));
			await until('the snapshot', () => attached.mirror.model !== undefined);
			await call(engine);
			await until(
				'the second request',
				() => attached.mirror.model?.requests().filter(({state}) => state === 'success').length === 2,
			);
			const own = engine.engine.ask({type: 'snapshot'});
			expect(engine.events.filter(event => !isEngineEvent(asSent(event)))).toEqual([]);
			expect(attached.mirror.model?.requests()).toEqual(JSON.parse(JSON.stringify(own.requests)));
			const requestId = own.requests[0]?.requestId ?? '';
			for (const query of [
				{type: 'transcript', of: {requestId}},
				{type: 'brain'},
				{type: 'explain', question: {service: 'codex', requestId}},
				{type: 'explain', question: {service: 'codex', whatIf: {down: ['a']}}},
			] as const) {
				const told = JSON.stringify(await attached.link.ask(query));
				expect(told.length).toBeGreaterThan(40);
				expect(Object.keys(JSON.parse(told))).toEqual(
					Object.keys(JSON.parse(JSON.stringify(engine.engine.ask(query)))),
				);
			}
		},
	);

	test('leaves out what is no event, says so once, and goes on with a snapshot', async () => {
		const oddities: string[] = [];
		let tell: ((event: HeardEvent) => void) | undefined;
		let snapshots = 0;
		const {batch: _, ...snapshot} = new ReadModel().snapshot(0);
		const link = new AttachedEngine({
			client: {
				url: 'http://127.0.0.1:1',
				read: async () => {
					snapshots++;
					return await Promise.resolve({...snapshot, batch: 7, event_id: 'boot.1'});
				},
				change: async () => undefined,
			},
			listen: async ({onEvent}) => {
				tell = onEvent;
				return await Promise.resolve({ended: new Promise<void>(() => undefined)});
			},
			onOddity: sentence => oddities.push(sentence),
		});
		const mirror = new Mirror({link, createModel, now: Date.now, onChange: () => undefined});
		onTestFinished(() => {
			mirror.close();
			link.close();
		});
		await until('the first snapshot', () => mirror.model !== undefined);
		const [start, identified, end] = [requestStart('req_1', 1), callIdentified('req_1', 2), replyEnd('req_1', 3)];
		const odd = [
			'{"type":',
			'7',
			`${'['.repeat(200_000)}${']'.repeat(200_000)}`,
			JSON.stringify({type: 'reply-end\u001B[2J', requestId: 'req_1', atMs: 3}),
			JSON.stringify({...end, record: null}),
			JSON.stringify({...end, record: {...end.record, retry: {attempts: 1, upstream_chain: [], route_attempts: {}}}}),
			JSON.stringify({...identified, client: 'constructor'}),
			JSON.stringify({type: 'config-loaded', atMs: 1, endpoints: [null], warnings: []}),
		];
		for (const [index, data] of [...odd, JSON.stringify(start)].entries()) {
			tell?.({id: `boot.${index + 2}`, data});
		}

		await until('the good event', () => mirror.model?.requests().length === 1);
		await until('another snapshot', () => snapshots > 1);
		expect(oddities).toEqual([
			'The engine at http://127.0.0.1:1 sent an event that is none (no JSON object); such events are left out. Is it of another version?',
		]);
	});

	test('counts no event twice and misses none, however often it asks for a snapshot', async () => {
		await using engine = await startEngine(nowhere);
		using attached = attach(() => targetOf(engine));
		await until('the snapshot', () => attached.mirror.model !== undefined);
		const calls = Array.from({length: 12}, async (_, index) => {
			await sleep(index * 15);
			attached.makeHole();
			await call(engine, {client: 'sdk'});
		});
		await Promise.all(calls);
		const own = engine.engine.ask({type: 'snapshot'});
		expect(own.requests).toHaveLength(12);
		await until(
			'the last request',
			() => attached.mirror.model?.requests().filter(({state}) => state !== 'running').length === 12,
		);
		await sleep(120);
		const {model} = attached.mirror;
		expect(asSent(model?.requests())).toEqual(asSent(own.requests));
		for (const {requestId} of own.requests) {
			expect(model?.traceOf(requestId).length).toBe(own.trace.filter(entry => entry.requestId === requestId).length);
		}
	});

	test('says since when it is stale while the engine is gone, and recovers with the next one', async () => {
		const first = await startEngine(nowhere);
		let engine = first;
		using attached = attach(() => targetOf(engine));
		await until('the snapshot', () => attached.mirror.model !== undefined);
		const beforeMs = Date.now();
		await first.stop();
		await until('the staleness', () => attached.mirror.staleness !== undefined);
		expect(attached.mirror.staleness?.sinceMs).toBeGreaterThanOrEqual(beforeMs - 1000);
		await using second = await startEngine({...nowhere, home: first.home});
		engine = second;
		await second.engine.act({type: 'pin', service: 'codex', endpointKey: 'codex/a/default', mode: 'only'});
		await until('the new engine', () => attached.mirror.staleness === undefined, 5000);
		expect(attached.mirror.model?.engine().pins.codex?.mode).toBe('only');
	});

	test('changes nothing over the port unless the engine allows it, and everything at the socket', async () => {
		await using engine = await startEngine(nowhere);
		const pin = {type: 'pin', service: 'codex', endpointKey: 'codex/a/default', mode: 'only'} as const;
		using port = attach(() => targetOf(engine));
		await expect(port.link.act(pin)).rejects.toMatchObject({code: 'remote-actions-off'});
		expect(engine.engine.ask({type: 'snapshot'}).engine.pins).toEqual({});
		using socket = attach(() => targetOf(engine, socketOf(engine)));
		await socket.link.act(pin);
		expect(engine.engine.ask({type: 'snapshot'}).engine.pins.codex?.mode).toBe('only');
		await using open = await startEngine({...nowhere, more: '[listen]\nremote_actions = true'});
		using allowed = attach(() => targetOf(open));
		await allowed.link.act(pin);
		expect(open.engine.ask({type: 'snapshot'}).engine.pins.codex?.mode).toBe('only');
	});

	test('a script with the token may act over the port as before: only screens need the permission', async () => {
		await using engine = await startEngine(nowhere);
		const client = createControlClient(targetOf(engine, {isScreen: false}));
		await client.change('/api/v1/pin', {endpoint: 'codex/a/default'});
		expect(engine.engine.ask({type: 'snapshot'}).engine.pins.codex?.mode).toBe('only');
	});
});
