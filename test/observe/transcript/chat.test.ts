import {describe, expect, test} from 'vitest';
import {readExchange, short, sse} from '../../support/transcript.ts';

const chunk = (delta: unknown, finish: string | null = null) => ({
	id: 'a',
	choices: [{index: 0, delta, finish_reason: finish}],
});

describe('a transcript of the chat dialect', () => {
	const body = {
		messages: [
			{role: 'system', content: 'be brief'},
			{
				role: 'user',
				content: [
					{type: 'text', text: 'hi'},
					{type: 'image_url', image_url: {url: 'https://x.example/a.png'}},
				],
			},
			{
				role: 'assistant',
				content: null,
				tool_calls: [{id: 'c1', type: 'function', function: {name: 'shell', arguments: '{"cmd":"ls"}'}}],
			},
			{role: 'tool', tool_call_id: 'c1', content: 'a.txt'},
		],
	};

	test('reads messages, tools and images', () => {
		expect(short(readExchange({dialect: 'chat', body}).items)).toEqual([
			'developer: be brief',
			'user: hi',
			'note image: (image https://x.example/a.png)',
			'tool-call shell: cmd: ls',
			'tool-output shell: a.txt',
		]);
	});

	test('joins the deltas of text, thinking and tool calls', () => {
		const reply = [
			chunk({role: 'assistant', reasoning_content: 'hm'}),
			chunk({content: 'I '}),
			chunk({content: 'look.'}),
			chunk({tool_calls: [{index: 0, id: 'c2', function: {name: 'shell', arguments: '{"cmd":'}}]}),
			chunk({tool_calls: [{index: 0, function: {arguments: '"pwd"}'}}]}),
			chunk({}, 'tool_calls'),
		];
		const expected = ['tool-output shell: a.txt', 'reasoning: hm', 'assistant: I look.', 'tool-call shell: cmd: pwd'];
		expect(
			short(readExchange({dialect: 'chat', body, replies: [`${sse(reply)}data: [DONE]\n\n`]}, 'request').items),
		).toEqual(expected);
		expect(
			short(readExchange({dialect: 'chat', body, replies: [reply.slice(0, 2)], isLive: true}, 'request').items),
		).toEqual(['tool-output shell: a.txt', 'reasoning: hm', 'assistant: I  …']);
	});
});
