import {expect, test} from 'vitest';
import {recordedStreams} from '../../support/recorded-streams.ts';
import {playStream, startFarEnd} from '../../support/raw-http.ts';
import {call, startEngine, turn} from '../../support/running-engine.ts';

/* Servers that know a part of the Responses API only (translation.md 4.3): Codex's requests go through the bridge, though both speak one dialect. */

const serve = playStream(recordedStreams[0]?.bytes ?? Buffer.alloc(0));

const image = {type: 'input_image', image_url: 'data:image/png;base64,iVBORw==', detail: 'original'};
const body = {
	...turn,
	input: [{type: 'message', id: 'msg_1', role: 'user', content: [{type: 'input_text', text: 'hi'}, image]}],
	tools: [
		{type: 'custom', name: 'apply_patch', description: 'Patches.', format: {type: 'text'}},
		{type: 'namespace', name: 'mcp__a', tools: [{type: 'function', name: 'b', parameters: {type: 'object'}}]},
		{type: 'web_search', external_web_access: true, search_content_types: ['text']},
	],
	text: {verbosity: 'low'},
	client_metadata: {thread_id: 't'},
};

const sentTo = async (profile: string, changed: object = {}) => {
	await using far = await startFarEnd(serve);
	await using engine = await startEngine({providers: [{name: 'a', url: far.url, extra: `profile = "${profile}"`}]});
	await call(engine, {body: {...body, ...changed}});
	return {text: far.arrivals[0]?.body.toString() ?? '', ledger: engine.ledger()};
};

test('xAI gets functions, images and searches in its own words, and nothing that only OpenAI knows', async () => {
	const {text} = await sentTo('xai');
	const sent: {tools: ReadonlyArray<{type: string; name?: string}>} = JSON.parse(text);
	expect(sent.tools.map(({type, name}) => name ?? type)).toEqual(['apply_patch', 'mcp__a__b', 'web_search']);
	expect(sent.tools.map(({type}) => type)).toEqual(['function', 'function', 'web_search']);
	expect(sent).toMatchObject({input: [{role: 'user', content: [{text: 'hi'}, {...image, detail: 'high'}]}]});
	expect(text).not.toMatch(/external_web_access|search_content_types|verbosity|client_metadata|msg_1/);
});

test('a server that knows all of it gets the client’s very bytes', async () => {
	expect(JSON.parse((await sentTo('generic')).text)).toEqual(body);
});

test('a request that names an earlier response goes out as it is: only its server has the conversation', async () => {
	const previous = {previous_response_id: 'resp_1'};
	expect(JSON.parse((await sentTo('xai', previous)).text)).toEqual({...body, ...previous});
});
