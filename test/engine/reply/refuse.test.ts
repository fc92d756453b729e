import {request} from 'node:http';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {refuseRequest} from '../../../source/engine/reply/refuse.ts';
import type {JourneyEnd} from '../../../source/engine/ledger-record.ts';
import {findServedPath} from '../../../source/identify/paths.ts';
import {listen} from '../../support/attempt.ts';

test('REL-45 a fault behind a whole answer that its client has not taken yet adds nothing to it and cuts nothing', async () => {
	const answer = 'x'.repeat(8_000_000);
	const path = '/v1/responses';
	const errors: Error[] = [];
	let end: JourneyEnd | undefined;
	await using server = await listen((incoming, response) => {
		const target = findServedPath(path);
		if (target === undefined) {
			throw new Error(`${path} is not served`);
		}

		response.on('error', error => errors.push(error));
		response.writeHead(200, {'content-type': 'text/event-stream'});
		response.end(answer);
		const exchange = {request: incoming, response, path, query: '', target, headers: {}, isLocalToken: () => false};
		end = refuseRequest(exchange, new Error('a fault of ours'));
	});
	const read = await new Promise<number>((resolve, reject) => {
		request(`${server.origin}${path}`, response => {
			let bytes = 0;
			void sleep(50).then(() => response.on('data', (piece: Buffer) => (bytes += piece.length)));
			response.once('end', () => resolve(bytes)).once('error', reject);
		})
			.once('error', reject)
			.end();
	});
	expect(read).toBe(answer.length);
	expect(errors).toEqual([]);
	expect(end).toEqual({outcome: 'cut', statusCode: 200, ending: 'hopeless'});
});
