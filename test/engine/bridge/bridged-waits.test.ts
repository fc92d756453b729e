import {describe, expect, test} from 'vitest';
import {otherParts} from '../../support/recorded-streams.ts';
import {chunkOf, startFarEnd, streamHead, type RawArrival} from '../../support/raw-http.ts';
import {call, startEngine, until, type RunningEngine} from '../../support/running-engine.ts';

/* Silence and leaving where the upstream speaks another dialect than the client. */

const say = otherParts.chunk({content: 'half'});

/** A Chat upstream that says one thing and then only that it is still there, as OpenRouter does. */
const processing = ({socket}: RawArrival): void => {
	socket.write(streamHead);
	socket.write(chunkOf(say));
	const timer = setInterval(() => socket.write(chunkOf(': OPENROUTER PROCESSING\n\n')), 50);
	socket.once('close', () => clearInterval(timer));
};

const start = (url: string): Promise<RunningEngine> =>
	startEngine({
		more: '[timeouts]\nheartbeat_ms = 300\n',
		providers: [{name: 'a', url, extra: 'dialect = "chat"'}],
	});

describe('a Chat upstream behind a Responses client', () => {
	test('case 73: comments of the upstream become events that the client’s idle clock counts', async () => {
		await using far = await startFarEnd(processing);
		await using engine = await start(far.url);
		const controller = new AbortController();
		let text = '';
		const answer = call(engine, {signal: controller.signal, onPiece: piece => (text += piece.toString())}).catch(
			() => undefined,
		);
		await until('three heartbeats', () => text.split('event: keepalive\n').length > 3, 5000);
		expect(text.startsWith('event: response.created\n')).toBe(true);
		expect(text).not.toContain('OPENROUTER');
		controller.abort();
		await answer;
	});

	test('case 76: a client that leaves ends the upstream’s answer, and the record says so', async () => {
		await using far = await startFarEnd(processing);
		await using engine = await start(far.url);
		const controller = new AbortController();
		let text = '';
		const answer = call(engine, {signal: controller.signal, onPiece: piece => (text += piece.toString())}).catch(
			() => 'left',
		);
		await until('the text', () => text.includes('half'), 5000);
		controller.abort();
		expect(await answer).toBe('left');
		await until('the close', () => far.openSockets() === 0, 1000);
		await until('the record', () => engine.ledger().length === 1, 1000);
		expect(engine.ledger()).toMatchObject([{outcome: 'cancelled', status_code: 499}]);
	});
});
