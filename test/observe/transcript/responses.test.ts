import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {readExchange, short, sse} from '../../support/transcript.ts';

const fixture = (name: string): string =>
	readFileSync(new URL(`../../fixture/codex-0.169/${name}`, import.meta.url), 'utf8');

const added = (index: number, item: unknown) => ({type: 'response.output_item.added', output_index: index, item});
const done = (index: number, item: unknown) => ({type: 'response.output_item.done', output_index: index, item});
const textDelta = (index: number, delta: string) => ({type: 'response.output_text.delta', output_index: index, delta});
const answer = (text: string) => ({type: 'message', role: 'assistant', content: [{type: 'output_text', text}]});
const created = {type: 'response.created', response: {id: 'resp_1'}};
const completed = {type: 'response.completed', response: {id: 'resp_1'}};

describe('a transcript of the responses dialect', () => {
	test('shows a recorded request of Codex with parallel tools: for the request only what is new', () => {
		const {items} = readExchange({body: fixture('b2-parallel.second-body.json')}, 'request');
		expect(items.map(({kind, title}) => [kind, title])).toEqual([
			['tool-output', 'exec_command'],
			['tool-output', 'exec_command'],
		]);
		expect(items[0]?.text).toContain('Process exited with code 0');
	});

	test('shows the whole conversation for a session', () => {
		const {items} = readExchange({body: fixture('b3-patch.second-body.json')});
		expect(items.map(({kind}) => kind)).toEqual(['developer', 'developer', 'user', 'user', 'tool-call', 'tool-output']);
		expect(short(items).slice(-3)).toEqual([
			'user: say hi',
			'tool-call apply_patch: *** Begin Patch\n*** Add File: hello.txt\n+hello world\n*** End Patch\n',
			'tool-output apply_patch: Exit code: 0\nWall time: 0 seconds\nOutput:\nSuccess. Updated the following files:\nA hello.txt\n',
		]);
	});

	test('reads every kind of item', () => {
		const input = [
			{role: 'system', content: 'rules'},
			{
				type: 'reasoning',
				summary: [
					{type: 'summary_text', text: 'first'},
					{type: 'summary_text', text: 'second'},
				],
			},
			{type: 'reasoning', summary: [], content: null, encrypted_content: 'ENC'},
			{type: 'function_call', name: 'lookup', namespace: 'mcp__fake', arguments: '{"q":"a\\nb","n":2}', call_id: 'c1'},
			{type: 'function_call', name: 'odd', arguments: '{"q":', call_id: 'c2'},
			{
				type: 'function_call_output',
				call_id: 'c1',
				output: [
					{type: 'input_text', text: 'x'},
					{type: 'input_text', text: 'y'},
				],
			},
			{type: 'function_call_output', call_id: 'unknown', output: 'z'},
			{type: 'tool_search_call', call_id: 'c3', arguments: {query: 'git', limit: 3}},
			{type: 'tool_search_output', call_id: 'c3', tools: [{name: 'mcp__git'}]},
			{type: 'web_search_call', action: {query: 'weather'}},
			{
				role: 'user',
				content: [
					{type: 'input_text', text: 'look'},
					{type: 'input_image', image_url: `data:image/png;base64,${'A'.repeat(4000)}`},
				],
			},
			{type: 'compaction', encrypted_content: 'ENC'},
			{type: 'brand_new_thing'},
		];
		expect(short(readExchange({body: {instructions: 'base', input}}).items)).toEqual([
			'developer: base',
			'developer: rules',
			'reasoning: first\n\nsecond',
			'reasoning: (reasoning, encrypted)',
			'tool-call mcp__fake.lookup: q: a\nb\nn: 2',
			'tool-call odd: {"q":',
			'tool-output mcp__fake.lookup: x\ny',
			'tool-output: z',
			'tool-call tool_search: query: git\nlimit: 3',
			'tool-output tool_search: found mcp__git',
			'tool-call web_search: query: weather',
			'user: look',
			'note image: (image, 4 kB)',
			'compaction compaction: (compacted history, encrypted)',
			'note brand_new_thing: (brand_new_thing)',
		]);
	});

	test('shows a live partial answer from its deltas and marks it', () => {
		const reply = [
			created,
			added(0, {type: 'reasoning', id: 'rs_1'}),
			{type: 'response.reasoning_summary_text.delta', output_index: 0, delta: 'thinking'},
			done(0, {type: 'reasoning', summary: [{type: 'summary_text', text: 'thinking done'}]}),
			added(1, {type: 'message', role: 'assistant', content: []}),
			textDelta(1, 'Hel'),
			textDelta(1, 'lo'),
		];
		const transcript = readExchange({body: {input: 'hi'}, replies: [reply], isLive: true}, 'request');
		expect(transcript.isLive).toBe(true);
		expect(short(transcript.items)).toEqual(['user: hi', 'reasoning: thinking done', 'assistant: Hello …']);
	});

	test('takes the finished item instead of its deltas', () => {
		const reply = [created, added(0, {type: 'message'}), textDelta(0, 'Hel'), done(0, answer('Hello.')), completed];
		expect(short(readExchange({body: {input: 'hi'}, replies: [reply]}).items)).toEqual([
			'user: hi',
			'assistant: Hello.',
		]);
	});

	test.each([
		[
			'in one reply',
			[[created, added(0, {type: 'message'}), textDelta(0, 'half of A'), created, done(0, answer('B')), completed]],
		],
		[
			'that were captured apart',
			[
				[created, added(0, {type: 'message'}), textDelta(0, 'half of A')],
				[done(0, answer('B')), completed],
			],
		],
		[
			'the first one torn inside an event',
			[`${sse([created])}data: {"type":"response.outp`, [done(0, answer('B')), completed]],
		],
	])('keeps only the last of two spliced attempts %s', (_, replies) => {
		expect(short(readExchange({body: {input: 'hi'}, replies}).items)).toEqual(['user: hi', 'assistant: B']);
	});

	test('forgets every item that the first of two spliced attempts had open', () => {
		const first = [created, added(0, {type: 'reasoning'}), added(1, {type: 'message'}), textDelta(1, 'half of A')];
		const replies = [[...first, created, done(0, answer('B')), completed]];
		expect(short(readExchange({body: {input: 'hi'}, replies}).items)).toEqual(['user: hi', 'assistant: B']);
	});

	test.each([
		[{type: 'response.failed', response: {error: {code: 'server_error', message: 'boom'}}}, 'note server_error: boom'],
		[{type: 'error', code: 'slow_down', message: 'wait'}, 'note slow_down: wait'],
		[
			{type: 'response.incomplete', response: {incomplete_details: {reason: 'max_output_tokens'}}},
			'note incomplete: (incomplete: max_output_tokens)',
		],
	])('tells how an answer ended badly: %j', (event, line) => {
		expect(short(readExchange({body: {input: 'hi'}, replies: [[created, event]]}).items)).toEqual(['user: hi', line]);
	});

	test('keeps the unfinished text of an answer that was cut, and says so', () => {
		const reply = [created, added(0, {type: 'message'}), textDelta(0, 'half')];
		expect(short(readExchange({body: {input: 'hi'}, replies: [reply]}).items)).toEqual([
			'user: hi',
			'assistant: half',
			'note cut: (the answer was cut here)',
		]);
	});

	test('reads an answer that is one JSON object', () => {
		const replies = [JSON.stringify({output: [answer('whole')]})];
		expect(short(readExchange({body: {input: 'hi'}, replies}).items)).toEqual(['user: hi', 'assistant: whole']);
	});
});
