import {describe, expect, test} from 'vitest';
import {counting, errorOf, post, read, rolesAt, startChat, ask} from '../../support/response-client.ts';
import {settled} from '../../support/running-engine.ts';

/* `previous_response_id` in front of an upstream that has no such thing (translation.md 6), through real sockets. */

describe('a conversation by previous_response_id', () => {
	test('reaches the upstream whole, and the answer names its parent', async () => {
		const {far, engine} = await startChat(counting);
		await using _ = engine;
		const first = read(await post(engine, {input: 'one'}));
		const second = read(await post(engine, {input: 'two', previous_response_id: first.id}));
		const third = read(await post(engine, {input: 'three', previous_response_id: second.id}));
		expect([first, second, third].map(({previous_response_id: parent}) => parent)).toEqual([null, first.id, second.id]);
		expect(rolesAt(far, 2)).toEqual([
			['user', 'one'],
			['assistant', 'Answer 1.'],
			['user', 'two'],
			['assistant', 'Answer 2.'],
			['user', 'three'],
		]);
		expect(far.refusals).toEqual([]);
	});

	test('is stored for a stream too', async () => {
		const {far, engine} = await startChat(counting);
		await using _ = engine;
		const {text} = await post(engine, {input: 'one', stream: true});
		const id = /"id":"(resp_[^"]+)"/.exec(text)?.[1];
		read(await post(engine, {input: 'two', previous_response_id: id}));
		expect(rolesAt(far, 1)).toHaveLength(3);
	});

	test('inherits neither instructions nor tools', async () => {
		const {far, engine} = await startChat(counting);
		await using _ = engine;
		const tools = [{type: 'function', name: 'f', parameters: {type: 'object', properties: {}}}];
		const first = read(await post(engine, {input: 'one', instructions: 'Be brief.', tools}));
		read(await post(engine, {input: 'two', previous_response_id: first.id}));
		expect(far.requests[0]?.messages[0]).toMatchObject({role: 'system', content: 'Be brief.'});
		expect(rolesAt(far, 1)[0]).toEqual(['user', 'one']);
		expect(far.requests[1]?.body['tools']).toBeUndefined();
	});

	test('case 107: with an output only, the call and its reasoning are restored before it', async () => {
		const {far, engine} = await startChat(({messages}) =>
			messages.at(-1)?.['role'] === 'tool'
				? {text: 'Done.', reasoning: 'It worked.'}
				: {call: {name: 'f', arguments: {a: 1}}, reasoning: 'I need f.'},
		);
		await using _ = engine;
		const tools = [{type: 'function', name: 'f', parameters: {type: 'object', properties: {}}}];
		const first = read(await post(engine, {input: 'go', tools}));
		const {call_id: callId} = first.output.find(({type}) => type === 'function_call') ?? {};
		expect(first.output.map(({encrypted_content: hidden}) => hidden ?? null)).toEqual([null, null]);
		const output = {type: 'function_call_output', call_id: callId, output: 'ran'};
		read(await post(engine, {input: [output], tools, previous_response_id: first.id}));
		expect(far.requests[1]?.messages).toMatchObject([
			{role: 'user', content: 'go'},
			{role: 'assistant', reasoning_content: 'I need f.', tool_calls: [{function: {name: 'f'}}]},
			{role: 'tool', content: 'ran'},
		]);
		expect(far.refusals).toEqual([]);
	});

	test('case 108: an unknown one is 400 previous_response_not_found, and nobody is asked', async () => {
		const {far, engine} = await startChat(counting);
		await using _ = engine;
		const answer = await post(engine, {input: 'two', previous_response_id: 'resp_nobody'});
		expect([answer.status, errorOf(answer)]).toEqual([
			400,
			{
				message:
					"codex-tui: Previous response with id 'resp_nobody' not found. Send the whole conversation without previous_response_id.",
				type: 'invalid_request_error',
				code: 'previous_response_not_found',
				param: null,
			},
		]);
		expect(far.requests).toEqual([]);
	});

	test('an unknown one with the whole history in the request is served without it, and the trace says so', async () => {
		const {far, engine} = await startChat(counting);
		await using _ = engine;
		const input = [
			{type: 'message', role: 'user', content: 'go'},
			{type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}'},
			{type: 'function_call_output', call_id: 'c1', output: 'ran'},
		];
		read(await post(engine, {input, previous_response_id: 'resp_nobody'}));
		expect(far.requests[0]?.messages).toHaveLength(3);
		settled(engine);
		expect(
			engine.events.filter(event => event.type === 'body-translated').flatMap(({losses}) => losses),
		).toContainEqual(expect.objectContaining({code: 'unknown-previous-response'}));
	});

	test('case 109: two requests with one parent are independent forks', async () => {
		const {far, engine} = await startChat(counting);
		await using _ = engine;
		const root = read(await post(engine, {input: 'root'}));
		const [left, right] = await Promise.all(
			['left', 'right'].map(async input => read(await post(engine, {input, previous_response_id: root.id}))),
		);
		read(await post(engine, {input: 'on', previous_response_id: left?.id}));
		read(await post(engine, {input: 'on', previous_response_id: right?.id}));
		const said = (index: number): string => JSON.stringify(rolesAt(far, index));
		expect([said(3).includes('left'), said(3).includes('right')]).toEqual([true, false]);
		expect([said(4).includes('left'), said(4).includes('right')]).toEqual([false, true]);
	});

	test('is not stored after store:false, and not after a failed answer', async () => {
		const {far, engine} = await startChat(({messages}) => (messages.length > 1 ? {status: 400} : {text: 'One.'}));
		await using _ = engine;
		const first = read(await post(engine, {input: 'one', store: false}));
		expect(errorOf(await post(engine, {input: 'two', previous_response_id: first.id}))?.code).toBe(
			'previous_response_not_found',
		);
		expect(far.requests).toHaveLength(1);
	});

	test('belongs to the login that made it: another client does not find it', async () => {
		const {engine} = await startChat(counting);
		await using _ = engine;
		const ada = {authorization: 'Bearer sk-ada'};
		const first = read(await post(engine, {input: 'one'}, ada));
		const next = {input: 'two', previous_response_id: first.id};
		expect(errorOf(await post(engine, next))?.code).toBe('previous_response_not_found');
		expect(errorOf(await post(engine, next, {authorization: 'Bearer sk-bob'}))?.code).toBe(
			'previous_response_not_found',
		);
		expect((await ask(engine, 'GET', `/v1/responses/${first.id}`)).status).toBe(404);
		read(await post(engine, next, ada));
	});

	test('is not kept with store = "off"', async () => {
		const {engine} = await startChat(counting, {more: '[history]\nstore = "off"'});
		await using _ = engine;
		const first = read(await post(engine, {input: 'one'}));
		expect(errorOf(await post(engine, {input: 'two', previous_response_id: first.id}))?.code).toBe(
			'previous_response_not_found',
		);
	});
});
