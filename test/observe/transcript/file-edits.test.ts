import {describe, expect, test} from 'vitest';
import {readExchange, secret, short} from '../../support/transcript.ts';

const claude = (name: string, input: unknown) => ({
	dialect: 'messages' as const,
	body: {messages: [{role: 'assistant', content: [{type: 'tool_use', id: 't', name, input}]}]},
});

describe('a tool call that changes files', () => {
	test("Claude Code's Edit, MultiEdit and Write become edits, and the other arguments stay text", () => {
		const edit = {file_path: '/src/a.ts', old_string: 'one', new_string: 'two', replace_all: true};
		expect(readExchange(claude('Edit', edit)).items).toEqual([
			{
				kind: 'tool-call',
				title: 'Edit',
				text: 'replace_all: true',
				edits: [{path: '/src/a.ts', before: 'one', after: 'two'}],
				isLive: false,
			},
		]);
		const several = {
			file_path: 'b.ts',
			edits: [
				{old_string: 'x', new_string: 'y'},
				{old_string: 'p', new_string: 'q'},
			],
		};
		expect(readExchange(claude('MultiEdit', several)).items[0]?.edits).toEqual([
			{path: 'b.ts', before: 'x', after: 'y'},
			{path: 'b.ts', before: 'p', after: 'q'},
		]);
		expect(readExchange(claude('Write', {file_path: 'c.md', content: '# new'})).items[0]?.edits).toEqual([
			{path: 'c.md', before: undefined, after: '# new'},
		]);
		expect(readExchange(claude('Read', {file_path: 'c.md'})).items[0]).toMatchObject({text: 'file_path: c.md'});
	});

	test('SEC-12 SEC-17 is as clean as any other text, its path too', () => {
		const dirty = `a\u001B[2J\u202E${secret}`;
		const {items} = readExchange(claude('Edit', {file_path: `${dirty}\n`, old_string: dirty, new_string: dirty}));
		const all = JSON.stringify(items);
		expect(items[0]?.edits).toHaveLength(1);
		expect(all).not.toContain(secret);
		expect(all).not.toMatch(/\\u001b|\u202E|\\n/i);
	});
});

describe('a compacted history', () => {
	test('is told from what somebody said: the summaries of Codex and Claude Code', () => {
		const codex = 'Another language model started to solve this problem and produced a summary.\nThe rest.';
		const body = {
			input: [
				{role: 'user', content: codex},
				{type: 'compaction_summary', encrypted_content: 'E'},
			],
		};
		expect(short(readExchange({body}).items)).toEqual([
			`compaction summary: ${codex}`,
			'compaction compaction_summary: (compacted history, encrypted)',
		]);
		const content = 'This session is being continued from a previous conversation that ran out of context.';
		const {items} = readExchange({dialect: 'messages', body: {messages: [{role: 'user', content}]}});
		expect(items[0]).toMatchObject({kind: 'compaction', text: content});
	});
});
