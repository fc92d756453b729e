import {Agent, request} from 'node:http';
import {setTimeout as sleep} from 'node:timers/promises';
import {
	codexBody,
	codexHeaders,
	createThread,
	firstInput,
	inputMessage,
} from '../../../source/demo/client/codex-request.ts';
import {createRandom} from '../../../source/demo/random.ts';

/*
 * Codex-like requests at a fixed rate, whether or not the earlier ones are answered: load.ts URL TOKEN RATE SECONDS. Every
 * finished request is a line: when it was sent (epoch, ms), its time to the first byte, its status.
 */

const [url = '', token = '', rate = '200', seconds = '8'] = process.argv.slice(2);
const random = createRandom(7);
const thread = createThread(random, {folder: '/home/ana/project', model: 'gpt-5.5', effort: 'low'});
const turn = {turnId: 'turn-of-the-load', startedAtMs: Date.now(), state: undefined};
const input = [...firstInput(random, thread.folder), inputMessage(random, 'user', 'Move the lock. '.repeat(60))];
const body = Buffer.from(JSON.stringify(codexBody(thread, turn, input)));
const headers = {...codexHeaders(thread, turn, token), 'content-length': body.length};
const agent = new Agent({keepAlive: true, maxSockets: 256});

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const send = (): Promise<void> =>
	new Promise(resolve => {
		const sentAtMs = Date.now();
		const startedMs = performance.now();
		const failed = (error: Error): void => {
			say({sentAtMs, ttfbMs: performance.now() - startedMs, status: 0, error: error.message});
			resolve();
		};
		const sent = request(`${url}/v1/responses`, {method: 'POST', agent, headers}, response => {
			let ttfbMs = 0;
			response.once('data', () => (ttfbMs = performance.now() - startedMs));
			response.resume();
			response.once('error', failed);
			response.once('end', () => {
				say({sentAtMs, ttfbMs, status: response.statusCode});
				resolve();
			});
		});
		sent.once('error', failed);
		sent.end(body);
	});

const everyMs = 1000 / Number(rate);
const count = Number(rate) * Number(seconds);
const startedMs = performance.now();
const running: Array<Promise<void>> = [];
for (let index = 0; index < count; index++) {
	const dueInMs = startedMs + index * everyMs - performance.now();
	if (dueInMs > 0) {
		await sleep(dueInMs);
	}

	running.push(send());
}

await Promise.all(running);
agent.destroy();
