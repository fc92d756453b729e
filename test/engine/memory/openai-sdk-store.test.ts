import OpenAI from 'openai';
import {expect, test} from 'vitest';
import {ask, counting, rolesAt, startChat} from '../../support/response-client.ts';

test('the OpenAI SDK goes on by previous_response_id, reads, lists and deletes what it stored', async () => {
	const {far, engine} = await startChat(counting);
	await using _ = engine;
	const client = new OpenAI({apiKey: engine.token, baseURL: `${engine.url}/v1`, maxRetries: 0});
	const first = await client.responses.create({model: 'm', input: 'one'});
	const second = await client.responses
		.stream({model: 'm', input: 'two', previous_response_id: first.id})
		.finalResponse();
	expect([second.output_text, second.previous_response_id]).toEqual(['Answer 2.', first.id]);
	expect(rolesAt(far, 1)).toHaveLength(3);
	expect((await client.responses.retrieve(first.id)).output_text).toBe('Answer 1.');
	const items: string[] = [];
	for await (const item of client.responses.inputItems.list(second.id, {limit: 1, order: 'asc'})) {
		items.push(item.type ?? '');
	}

	expect(items).toEqual(['message', 'message', 'message']);
	await client.responses.delete(first.id);
	await expect(client.responses.retrieve(first.id)).rejects.toMatchObject({status: 404});
	await expect(
		client.responses.create({model: 'm', input: 'three', previous_response_id: first.id}),
	).rejects.toMatchObject({status: 400, code: 'previous_response_not_found'});
	expect((await ask(engine, 'GET', `/v1/responses/${second.id}`)).status).toBe(200);
});
