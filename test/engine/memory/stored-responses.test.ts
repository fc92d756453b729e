import {readFileSync, writeFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {listen} from '../../support/attempt.ts';
import {startChatUpstream, type ChatAnswer, type ChatRequest} from '../../support/chat-upstream.ts';
import {ask, counting, post, read, rolesAt, errorOf, startChat} from '../../support/response-client.ts';
import {call, startEngine} from '../../support/running-engine.ts';
import {upstreamKey} from '../../support/upstream.ts';

/* What is kept between requests, seen from outside (translation.md 6), through real sockets. */

describe('other ways', () => {
	test('an item_reference without a previous_response_id is replaced by its item, the reasoning of its turn with it', async () => {
		const {far, engine} = await startChat(request => ({...counting(request), reasoning: 'Hm.'}));
		await using _ = engine;
		const first = read(await post(engine, {input: 'one'}));
		const references = first.output.map(({id}) => ({type: 'item_reference', id}));
		const input = [{role: 'user', content: 'one'}, ...references, {role: 'user', content: 'two'}];
		const second = read(await post(engine, {input}));
		expect(far.requests[1]?.messages).toMatchObject([
			...[{content: 'one'}, {role: 'assistant', content: 'Answer 1.', reasoning_content: 'Hm.'}, {content: 'two'}],
		]);
		read(await post(engine, {input: 'three', previous_response_id: second.id}));
		expect(rolesAt(far, 2)).toHaveLength(5);
	});

	test('names that stand for more than a request may hold are refused, and nobody is asked', async () => {
		const long = 'x'.repeat(2 * 1024 * 1024);
		const {far, engine} = await startChat(() => ({text: long}));
		await using _ = engine;
		const {output} = read(await post(engine, {input: 'one'}));
		const input = Array.from({length: 40}, () => ({type: 'item_reference', id: output[0]?.id}));
		const answer = await post(engine, {input});
		expect([answer.status, errorOf(answer)?.message]).toEqual([413, expect.stringContaining('larger than 64 MiB')]);
		expect(far.requests).toHaveLength(1);
	});

	test('what a client sends again beside previous_response_id is there once, also in the turn after', async () => {
		const {far, engine} = await startChat(counting);
		await using _ = engine;
		const first = read(await post(engine, {input: 'one'}));
		const input = [...first.output, {role: 'user', content: 'two'}];
		const second = read(await post(engine, {input, previous_response_id: first.id}));
		read(await post(engine, {input: 'three', previous_response_id: second.id}));
		expect(
			rolesAt(far, 2)
				.map(row => JSON.stringify(row))
				.join(' '),
		).toBe('["user","one"] ["assistant","Answer 1."] ["user","two"] ["assistant","Answer 2."] ["user","three"]');
	});

	test('a conversation goes on at an upstream that keeps responses itself, without our id and envelopes', async () => {
		const deep = await startChatUpstream('deep', ({messages}) =>
			messages.length > 1 ? {status: 503} : {text: 'One.', reasoning: 'Hm.'},
		);
		const bodies: string[] = [];
		await using open = await listen((request, response) => {
			let text = '';
			request.on('data', piece => (text += piece));
			request.on('end', () => {
				bodies.push(text);
				const answer = {id: 'resp_open', object: 'response', status: 'completed', output: [], store: true};
				response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify(answer));
			});
		});
		await using engine = await startEngine({
			providers: [
				{name: 'deep', url: deep.url, key: upstreamKey, extra: 'dialect = "chat"\nprofile = "deepseek"\n'},
				{name: 'open', url: `${open.origin}/v1`, key: 'sk-a'},
			],
		});
		const {id} = read(await post(engine, {input: 'one'}));
		expect(read(await post(engine, {input: 'two', previous_response_id: id})).id).toBe('resp_open');
		const [body = ''] = bodies;
		expect(body).not.toMatch(/previous_response_id|ctui1/);
		expect(JSON.parse(body).input).toMatchObject([
			...[{content: 'one'}, {role: 'assistant', content: [{text: 'One.'}]}, {content: 'two'}],
		]);
	});

	test('case 76: nothing is stored of an answer that the client did not wait for', async () => {
		await using far = await listen((request, response) => {
			request.resume();
			response.writeHead(200, {'content-type': 'text/event-stream'});
			response.write(`data: ${JSON.stringify({id: 'c', choices: [{index: 0, delta: {content: 'half'}}]})}\n\n`);
		});
		const extra = 'dialect = "chat"\n';
		await using engine = await startEngine({providers: [{name: 'a', url: `${far.origin}/v1`, key: 'sk-a', extra}]});
		const leaving = new AbortController();
		let got = '';
		const asked = call(engine, {
			...{client: 'sdk', body: {model: 'm', input: 'one', stream: true}, signal: leaving.signal},
			onPiece: piece => {
				got += piece.toString();
				leaving.abort();
			},
		});
		await asked.catch(() => undefined);
		const id = /"id":"(resp_[^"]+)"/.exec(got)?.[1] ?? '';
		expect(id).not.toBe('');
		expect((await ask(engine, 'GET', `/v1/responses/${id}`)).status).toBe(404);
	});
});

describe('stored responses', () => {
	test('are read, listed page by page, and deleted', async () => {
		const {engine} = await startChat(counting);
		await using _ = engine;
		const first = read(await post(engine, {input: 'one'}));
		const second = read(await post(engine, {input: 'two', previous_response_id: first.id}));
		expect(read(await ask(engine, 'GET', `/v1/responses/${second.id}`))).toEqual(second);
		const page = JSON.parse(
			(await ask(engine, 'GET', `/v1/responses/${second.id}/input_items?order=asc&limit=2`)).text,
		);
		expect(page).toMatchObject({object: 'list', has_more: true, data: [{content: 'one'}, {role: 'assistant'}]});
		const rest = `/v1/responses/${second.id}/input_items?order=asc&after=${page.last_id}`;
		expect(JSON.parse((await ask(engine, 'GET', rest)).text)).toMatchObject({
			has_more: false,
			data: [{content: 'two'}],
		});
		expect(JSON.parse((await ask(engine, 'DELETE', `/responses/${second.id}`)).text)).toEqual({
			...{id: second.id, object: 'response', deleted: true},
		});
		const gone = await ask(engine, 'GET', `/v1/responses/${second.id}`);
		expect([gone.status, errorOf(gone)?.message]).toEqual([
			404,
			`codex-tui: Response with id '${second.id}' not found.`,
		]);
		expect((await ask(engine, 'DELETE', `/responses/${second.id}`)).status).toBe(404);
	});
});

const thinking = ({messages}: ChatRequest): ChatAnswer =>
	messages.at(-1)?.['role'] === 'tool'
		? {text: 'Done.'}
		: {call: {name: 'f', arguments: {a: 1}}, reasoning: 'I need f.'};

describe('reasoning that a client did not keep', () => {
	const tools = [{type: 'function', name: 'f', parameters: {type: 'object', properties: {}}}];
	test('case 29: goes back with its call, found by the call id, where the client sends the history without it', async () => {
		const {far, engine} = await startChat(thinking);
		await using _ = engine;
		const first = read(await post(engine, {input: 'go', tools, store: false}));
		const made = first.output.find(({type}) => type === 'function_call');
		const output = {type: 'function_call_output', call_id: made?.call_id, output: 'ran'};
		const input = [{role: 'user', content: 'go'}, made, output];
		read(await post(engine, {input, tools, store: false}));
		expect(far.requests[1]?.messages[1]).toMatchObject({role: 'assistant', reasoning_content: 'I need f.'});
	});

	test('goes back by the turn where the client renamed the call, and not into another conversation', async () => {
		const {far, engine} = await startChat(thinking);
		await using _ = engine;
		read(await post(engine, {input: 'go', tools, store: false}));
		const renamed = (asked: string): object => ({
			input: [
				{role: 'user', content: asked},
				{type: 'function_call', call_id: 'mine', name: 'f', arguments: '{"a": 1}'},
				{type: 'function_call_output', call_id: 'mine', output: 'ran'},
			],
			...{tools, store: false},
		});
		read(await post(engine, renamed('go')));
		read(await post(engine, renamed('something else')));
		expect(far.requests[1]?.messages[1]?.['reasoning_content']).toBe('I need f.');
		expect(far.requests[2]?.messages[1]?.['reasoning_content']).not.toBe('I need f.');
	});
});

test('Claude Code with its thoughts turned off: what DeepSeek thought goes back with the call', async () => {
	const far = await startChatUpstream('deep', thinking);
	const extra = 'dialect = "chat"\nprofile = "deepseek"\n';
	await using engine = await startEngine({
		providers: [{name: 'deep', url: far.url, key: upstreamKey, service: 'claude', extra}],
	});
	const say = async (
		messages: readonly object[],
	): Promise<{readonly content: ReadonlyArray<{readonly type: string; readonly id?: string}>}> => {
		const fields = {model: 'm', max_tokens: 100, thinking: {type: 'disabled'}};
		const {status, text} = await call(engine, {
			client: 'claude-code',
			body: {...fields, messages, tools: [{name: 'f', input_schema: {type: 'object', properties: {}}}]},
		});
		expect(status, text).toBe(200);
		return JSON.parse(text);
	};
	const asked = {role: 'user', content: 'go'};
	const {content} = await say([asked]);
	expect(content).toMatchObject([{type: 'tool_use', name: 'f'}]);
	const [made] = content;
	await say([
		asked,
		{role: 'assistant', content},
		{role: 'user', content: [{type: 'tool_result', tool_use_id: made?.id, content: 'ran'}]},
	]);
	expect(far.requests[1]?.messages[1]).toMatchObject({role: 'assistant', reasoning_content: 'I need f.'});
});

test('store = "off" counts at once where the file is changed, and what was in memory is gone', async () => {
	const {far, engine} = await startChat(counting);
	await using _ = engine;
	const first = read(await post(engine, {input: 'one'}));
	const before = readFileSync(engine.home.config, 'utf8');
	const [version = '', rest = ''] = before.split(/(?<=version = 5\n)/);
	const reloaded = async (section: string): Promise<void> => {
		writeFileSync(engine.home.config, `${version}${section}${rest}`);
		await engine.engine.act({type: 'reload-config'});
	};
	await reloaded('[history]\nstore = "off"\n');
	expect(errorOf(await post(engine, {input: 'two', previous_response_id: first.id}))?.code).toBe(
		'previous_response_not_found',
	);
	await reloaded('');
	expect(errorOf(await post(engine, {input: 'two', previous_response_id: first.id}))?.code).toBe(
		'previous_response_not_found',
	);
	const again = read(await post(engine, {input: 'three'}));
	read(await post(engine, {input: 'four', previous_response_id: again.id}));
	expect(far.requests).toHaveLength(3);
});

test('an SDK client that includes encrypted reasoning gets our envelope', async () => {
	const {engine} = await startChat(() => ({text: 'Done.', reasoning: 'Thinking.'}));
	await using _ = engine;
	const {output} = read(await post(engine, {input: 'go', include: ['reasoning.encrypted_content']}));
	expect(output[0]?.encrypted_content).toMatch(/^ctui1\.rc\./);
});
