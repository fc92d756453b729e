import {connect} from 'node:net';
import {describe, expect, test} from 'vitest';
import {recordedStreams} from '../support/recorded-streams.ts';
import {chunkOf, playStream, rawRequest, startFarEnd, streamHead} from '../support/raw-http.ts';
import {call, startEngine, turn, until, type RunningEngine} from '../support/running-engine.ts';

/* REL-21: clients that do not read. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const megabyte = 1024 * 1024;

const turnOf = (engine: RunningEngine): string => {
	const headers = [
		['host', `127.0.0.1:${engine.port}`],
		['content-type', 'application/json'],
		['x-codex-tui-token', engine.token],
		['x-codex-window-id', 'w:0'],
	] as const;
	return rawRequest('POST /v1/responses', headers, JSON.stringify(turn));
};

/** Sends a turn and never reads the answer. */
const sendAndSleep = (engine: RunningEngine) => {
	const socket = connect({host: '127.0.0.1', port: engine.port});
	socket.on('error', () => socket.destroy());
	socket.pause();
	socket.write(turnOf(engine));
	return socket;
};

/** A far end that streams 200 MiB as fast as it is taken. */
const startFlood = async () => {
	const delta = `data: ${JSON.stringify({type: 'response.output_text.delta', delta: 'x'.repeat(60_000)})}\n\n`;
	const piece = chunkOf(delta);
	const state = {written: 0};
	const far = await startFarEnd(({socket}) => {
		socket.write(streamHead);
		const pump = (): void => {
			while (!socket.destroyed && state.written < 200 * megabyte) {
				state.written += piece.length;
				if (!socket.write(piece)) {
					socket.once('drain', pump);
					return;
				}
			}
		};
		pump();
	});
	return {far, state};
};

describe('REL-21 a client that reads nothing', () => {
	test('REL-21 pauses its upstream, costs bounded memory, delays nobody, and is cut when it stalls', async () => {
		const {far, state} = await startFlood();
		await using flood = far;
		await using healthy = await startFarEnd(playStream(stream));
		await using engine = await startEngine({
			providers: [{name: 'a', url: flood.url}],
			limits: {slowClientMs: 1200},
		});
		const before = process.memoryUsage.rss();
		const client = sendAndSleep(engine);
		await new Promise(resolve => {
			setTimeout(resolve, 700);
		});
		const paused = state.written;
		expect(paused).toBeLessThan(30 * megabyte);
		await using other = await startEngine({providers: [{name: 'b', url: healthy.url}]});
		const startedMs = performance.now();
		expect((await call(other)).status).toBe(200);
		expect(performance.now() - startedMs).toBeLessThan(200);
		expect(state.written - paused).toBeLessThan(2 * megabyte);
		expect(process.memoryUsage.rss() - before).toBeLessThan(100 * megabyte);
		await until('the cut', () => engine.ledger().length === 1, 3000);
		expect(engine.ledger()).toMatchObject([{outcome: 'cancelled'}]);
		expect(engine.events.filter(({type}) => type === 'breaker-changed')).toEqual([]);
		client.destroy();
	});

	test('REL-21 is cut as well where its answer is complete and only the reading is missing', async () => {
		const delta = `data: ${JSON.stringify({type: 'response.output_text.delta', delta: 'x'.repeat(60_000)})}\n\n`;
		const big = Buffer.concat([...Array.from({length: 120}, () => Buffer.from(delta)), stream]);
		await using far = await startFarEnd(playStream(big));
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}], limits: {slowClientMs: 500}});
		const client = sendAndSleep(engine);
		let isClosed = false;
		client.once('close', () => (isClosed = true));
		await until('the record', () => engine.ledger().length === 1, 4000);
		await new Promise(resolve => {
			setTimeout(resolve, 900);
		});
		client.resume();
		await until('the close by the engine', () => isClosed, 1500);
	});

	test('REL-21 that reads on after a while gets every byte', async () => {
		const delta = `data: ${JSON.stringify({type: 'response.output_text.delta', delta: 'y'.repeat(60_000)})}\n\n`;
		const big = Buffer.concat([...Array.from({length: 400}, () => Buffer.from(delta)), stream]);
		await using far = await startFarEnd(playStream(big));
		await using engine = await startEngine({
			more: '[timeouts]\nheartbeat_ms = 100\nidle_codex_ms = 1000\n',
			providers: [{name: 'a', url: far.url}],
		});
		const client = sendAndSleep(engine);
		await new Promise(resolve => {
			setTimeout(resolve, 1500);
		});
		let length = 0;
		let tail = '';
		client.on('data', (piece: Buffer) => {
			length += piece.length;
			tail = (tail + piece.toString('latin1')).slice(-2000);
		});
		client.resume();
		await until('the end', () => tail.endsWith('0\r\n\r\n'), 5000);
		expect(length).toBeGreaterThan(big.length);
		expect(engine.ledger()).toMatchObject([{outcome: 'success'}]);
		expect(engine.events.some(({type}) => type === 'reply-silent')).toBe(false);
		client.destroy();
	});

	test('REL-21 and asks again on the same connection leaves no clock behind on it', async () => {
		const delta = `data: ${JSON.stringify({type: 'response.output_text.delta', delta: 'z'.repeat(6 * megabyte)})}\n\n`;
		await using far = await startFarEnd(playStream(Buffer.concat([Buffer.from(delta), stream])));
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}]});
		const warnings: string[] = [];
		const onWarning = ({message}: Error): void => void warnings.push(message);
		process.on('warning', onWarning);
		const client = sendAndSleep(engine);
		let tail = '';
		client.on('data', (piece: Buffer) => (tail = (tail + piece.toString('latin1')).slice(-5)));
		// Node says a word when more than ten wait for the same event of one socket.
		for (let round = 1; round <= 14; round++) {
			await until('the answer', () => engine.events.filter(({type}) => type === 'reply-start').length === round);
			client.resume();
			await until('the end', () => tail === '0\r\n\r\n');
			tail = '';
			client.pause();
			client.write(turnOf(engine));
		}

		process.off('warning', onWarning);
		expect(warnings).toEqual([]);
		client.destroy();
	});
});
