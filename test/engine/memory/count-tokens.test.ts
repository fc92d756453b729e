import type {RequestListener} from 'node:http';
import {describe, expect, test} from 'vitest';
import {listen} from '../../support/attempt.ts';
import {call, settled, startEngine, type RunningEngine, type TestProvider} from '../../support/running-engine.ts';

/* `POST /v1/messages/count_tokens` (claude-wire.md 1, translation.md 4.1), through real sockets. */

const body = {
	model: 'claude-opus-4-8',
	messages: [{role: 'user', content: 'x'.repeat(700)}],
	tools: [{name: 'Read', description: 'Reads a file', input_schema: {type: 'object', properties: {}}}],
};

const count = (engine: RunningEngine, asked: object = body) =>
	call(engine, {client: 'claude-code', path: '/v1/messages/count_tokens?beta=true', body: asked});

const far = (status: number, answer: object): {readonly handler: RequestListener; readonly paths: string[]} => {
	const paths: string[] = [];
	const handler: RequestListener = (request, response) => {
		paths.push(request.url ?? '');
		request.resume();
		response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(answer));
	};
	return {paths, handler};
};

const provider = (name: string, origin: string, dialect: string): TestProvider => ({
	...{name, url: `${origin}/v1`, key: 'sk-a', service: 'claude', extra: `dialect = "${dialect}"\n`},
});

describe('count_tokens', () => {
	test('goes as it is to an upstream that speaks Messages, and its answer comes back', async () => {
		const {paths, handler} = far(200, {input_tokens: 4711});
		await using upstream = await listen(handler);
		await using engine = await startEngine({providers: [provider('a', upstream.origin, 'messages')]});
		const {status, text} = await count(engine);
		expect([status, text, paths]).toEqual([200, '{"input_tokens":4711}', ['/v1/messages/count_tokens?beta=true']]);
	});

	test.each(['chat', 'responses', 'gemini'])(
		'is estimated here where the upstream speaks %s, and it is not asked',
		async dialect => {
			const {paths, handler} = far(500, {});
			await using upstream = await listen(handler);
			await using engine = await startEngine({providers: [provider('a', upstream.origin, dialect)]});
			const {status, headers, text} = await count(engine);
			expect([status, headers['content-type'], paths]).toEqual([200, 'application/json', []]);
			const {input_tokens: tokens} = JSON.parse(text);
			// 700 characters at 3.5 per token, and the tool.
			expect(tokens).toBeGreaterThan(200);
			expect(tokens).toBeLessThan(300);
			await engine.stop();
			expect(engine.ledger().map(({outcome, status_code: code}) => [outcome, code])).toEqual([['success', 200]]);
		},
	);

	test('is not counted by a rival of the upstream that would get the turn', async () => {
		const chat = far(500, {});
		const other = far(200, {input_tokens: 1});
		await using first = await listen(chat.handler);
		await using second = await listen(other.handler);
		await using engine = await startEngine({
			providers: [provider('a', first.origin, 'chat'), provider('b', second.origin, 'messages')],
		});
		expect(JSON.parse((await count(engine)).text).input_tokens).toBeGreaterThan(200);
		expect([chat.paths, other.paths]).toEqual([[], []]);
	});

	test('is estimated where an upstream that speaks Messages cannot count', async () => {
		const {paths, handler} = far(404, {type: 'error', error: {type: 'not_found_error', message: 'Not Found'}});
		await using upstream = await listen(handler);
		await using engine = await startEngine({providers: [provider('a', upstream.origin, 'messages')]});
		const {status, text} = await count(engine);
		expect([status, JSON.parse(text).input_tokens > 200]).toEqual([200, true]);
		expect(paths.length).toBeGreaterThan(0);
	});

	test.each([404, 405])('an upstream that answers %i to a burst of counts still gets the turns', async status => {
		const error = {type: 'error', error: {type: 'not_found_error', message: 'Not Found'}};
		const {handler} = far(status, error);
		await using upstream = await listen(handler);
		await using engine = await startEngine({providers: [provider('a', upstream.origin, 'messages')]});
		const answers = await Promise.all(Array.from({length: 14}, async () => count(engine)));
		expect(new Set(answers.map(answer => answer.status))).toEqual(new Set([200]));
		settled(engine);
		expect(engine.events.filter(event => event.type === 'breaker-changed' && event.phase === 'open')).toEqual([]);
	});

	test('fourteen at once, as /context sends them, are all answered', async () => {
		const {handler} = far(500, {});
		await using upstream = await listen(handler);
		await using engine = await startEngine({providers: [provider('a', upstream.origin, 'chat')]});
		const answers = await Promise.all(Array.from({length: 14}, async () => count(engine)));
		expect(answers.map(({status}) => status)).toEqual(Array.from({length: 14}, () => 200));
	});
});

test('POST /responses/input_tokens is estimated in the same way, in the form of OpenAI', async () => {
	const {handler, paths} = far(500, {});
	await using upstream = await listen(handler);
	const chat: TestProvider = {name: 'a', url: `${upstream.origin}/v1`, key: 'sk-a', extra: 'dialect = "chat"\n'};
	await using engine = await startEngine({providers: [chat]});
	const asked = {model: 'm', input: 'x'.repeat(700)};
	const {status, text} = await call(engine, {client: 'sdk', path: '/v1/responses/input_tokens', body: asked});
	expect([status, JSON.parse(text), paths]).toEqual([
		...[200, {object: 'response.input_tokens', input_tokens: 204}, []],
	]);
});
