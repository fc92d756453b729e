import {describe, expect, test} from 'vitest';
import {readExchange, short} from '../../support/transcript.ts';

describe('a transcript of the messages dialect', () => {
	const body = {
		system: [{type: 'text', text: 'be brief'}],
		messages: [
			{role: 'user', content: [{type: 'text', text: 'hi'}]},
			{role: 'system', content: 'a reminder'},
			{
				role: 'assistant',
				content: [
					{type: 'thinking', thinking: 'hm', signature: 's'},
					{type: 'redacted_thinking', data: 'ENC'},
					{type: 'text', text: 'I look.'},
					{type: 'tool_use', id: 't1', name: 'Bash', input: {command: 'ls'}},
				],
			},
			{
				role: 'user',
				content: [
					{
						type: 'tool_result',
						tool_use_id: 't1',
						content: [
							{type: 'text', text: 'a.txt'},
							{type: 'image', source: {type: 'base64', data: 'A'.repeat(3000)}},
						],
					},
					{type: 'text', text: 'and now?'},
				],
			},
		],
	};

	test('reads every kind of block', () => {
		expect(short(readExchange({dialect: 'messages', body}).items)).toEqual([
			'developer: be brief',
			'user: hi',
			'developer: a reminder',
			'reasoning: hm',
			'reasoning: (reasoning, encrypted)',
			'assistant: I look.',
			'tool-call Bash: command: ls',
			'tool-output Bash: a.txt',
			'note image: (image, 3 kB)',
			'user: and now?',
		]);
	});

	test('shows what is new and the live answer', () => {
		const reply = [
			{type: 'message_start', message: {}},
			{type: 'content_block_start', index: 0, content_block: {type: 'text', text: ''}},
			{type: 'content_block_delta', index: 0, delta: {type: 'text_delta', text: 'Now '}},
			{type: 'content_block_delta', index: 0, delta: {type: 'text_delta', text: 'this.'}},
			{type: 'content_block_stop', index: 0},
			{type: 'content_block_start', index: 1, content_block: {type: 'tool_use', id: 't2', name: 'Bash', input: {}}},
			{type: 'content_block_delta', index: 1, delta: {type: 'input_json_delta', partial_json: '{"command":'}},
		];
		expect(short(readExchange({dialect: 'messages', body, replies: [reply], isLive: true}, 'request').items)).toEqual([
			'tool-output Bash: a.txt',
			'note image: (image, 3 kB)',
			'user: and now?',
			'assistant: Now this.',
			'tool-call Bash: {"command": …',
		]);
	});

	test('tells an error event and a stop for length', () => {
		const start = {type: 'message_start', message: {}};
		const failed = [start, {type: 'error', error: {type: 'overloaded_error', message: 'Overloaded'}}];
		const stopped = [start, {type: 'message_delta', delta: {stop_reason: 'max_tokens'}}, {type: 'message_stop'}];
		const small = {messages: []};
		expect(short(readExchange({dialect: 'messages', body: small, replies: [failed]}).items)).toEqual([
			'note overloaded_error: Overloaded',
		]);
		expect(short(readExchange({dialect: 'messages', body: small, replies: [stopped]}).items)).toEqual([
			'note max_tokens: (stopped: max_tokens)',
		]);
	});
});
