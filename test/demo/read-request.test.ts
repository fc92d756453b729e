import {describe, expect, test} from 'vitest';
import {readMessagesFacts, readResponsesFacts, type SeenRequest} from '../../source/demo/read-request.ts';
import type {JsonObject} from '../../source/demo/script.ts';

const seen = (parsed: JsonObject, headers: Record<string, string> = {}): SeenRequest => ({
	method: 'POST',
	path: '/v1/responses?trace=1',
	headers,
	rawHeaders: [],
	body: Buffer.alloc(0),
	text: JSON.stringify(parsed),
	parsed,
});

const user = (text: string) => ({type: 'message', role: 'user', content: [{type: 'input_text', text}]});
const output = {type: 'function_call_output', call_id: 'c', output: ''};

describe('the facts of a Codex request', () => {
	test.each([
		['turn', {request_kind: 'turn', thread_source: 'user'}],
		['compaction', {request_kind: 'compaction'}],
		['prewarm', {request_kind: 'prewarm'}],
		['title', {request_kind: 'turn', thread_source: 'thread_title'}],
		['review', {request_kind: 'turn', subagent_kind: 'review'}],
		['subagent', {request_kind: 'turn', subagent_kind: 'thread_spawn'}],
	])('name the kind %s', (kind, metadata) => {
		const headers = {'x-codex-turn-metadata': JSON.stringify(metadata)};
		expect(readResponsesFacts(seen({model: 'm', input: []}, headers))).toMatchObject({kind, path: '/v1/responses'});
	});

	test('take the last prompt of a person and the tool outputs after it, not injected context', () => {
		const input = [user('first'), output, user('second'), output, user('<subagent_notification>x'), output];
		expect(readResponsesFacts(seen({model: 'm', input}))).toMatchObject({
			kind: 'other',
			model: 'm',
			prompt: 'second',
			toolOutputs: 2,
		});
	});
});

describe('the facts of a Claude Code request', () => {
	const max = {max_tokens: 9};
	const result = {role: 'user', content: [{type: 'tool_result', tool_use_id: 't', content: 'ok'}]};

	test('name title, sub-agent, turn and the counting of tokens', () => {
		const title = {...max, output_config: {format: {type: 'json_schema'}}};
		expect(readMessagesFacts(seen(title)).kind).toBe('title');
		expect(readMessagesFacts(seen(max, {'x-claude-code-agent-id': 'a'})).kind).toBe('subagent');
		expect(readMessagesFacts(seen({...max, output_config: {effort: 'high'}})).kind).toBe('turn');
		expect(readMessagesFacts(seen({messages: []})).kind).toBe('other');
	});

	test('leave reminders out of the prompt', () => {
		const content = [
			{type: 'text', text: '<system-reminder>x'},
			{type: 'text', text: 'do it'},
		];
		const messages = [
			{role: 'user', content},
			{role: 'system', content: 'note'},
			{role: 'assistant', content: []},
			result,
		];
		expect(readMessagesFacts(seen({...max, messages}))).toMatchObject({prompt: 'do it', toolOutputs: 1});
	});
});
