import {expect, test} from 'vitest';
import {json, type JsonObject} from '../../source/demo/script.ts';
import type {RefusalCode} from '../../source/demo/strict/refuse.ts';
import {expectNoRefusals, startUpstream, upstreamKey} from '../support/upstream.ts';

const body = {model: 'gpt-5.5', input: [], service_tier: 'priority', prompt_cache_key: 'p1'};

test.each<[string, JsonObject, string, readonly RefusalCode[]]>([
	['with its allow-list is served', body, 'application/json', []],
	['with store is refused', {...body, store: false}, 'application/json', ['unknown-key']],
	['with stream is refused', {...body, stream: true}, 'application/json', ['unknown-key']],
	['with previous_response_id is refused', {...body, previous_response_id: 'r'}, 'application/json', ['unknown-key']],
	['that wants a stream is refused', body, 'text/event-stream', ['bad-field']],
	[
		'with another upstream’s state is refused',
		{...body, input: [{type: 'reasoning', encrypted_content: 'foreign'}]},
		'application/json',
		['foreign-encrypted-content'],
	],
])('a v1 compact %s by a strict upstream', async (...[, sent, accept, refusals]) => {
	const rule = {match: {path: '/v1/responses/compact'}, answer: json(200, {output: []})};
	await using upstream = await startUpstream([rule]);
	const answer = await fetch(`${upstream.url}/responses/compact`, {
		method: 'POST',
		headers: {authorization: `Bearer ${upstreamKey}`, 'content-type': 'application/json', accept},
		body: JSON.stringify(sent),
	});
	expect(answer.status).toBe(refusals.length === 0 ? 200 : 400);
	expect(upstream.refusals).toHaveLength(refusals.length);
	expectNoRefusals(upstream, refusals);
});
