import {describe, expect, test} from 'vitest';
import {transcriptMarkdown} from '../../source/observe/transcript-markdown.ts';
import {richTranscript, said} from '../support/rich-transcript.ts';
import {readExchange, secret} from '../support/transcript.ts';

test('A text with more runs of backticks than a call has room for arguments is exported', () => {
	const text = '` '.repeat(300_000);
	const item = {kind: 'tool-output', title: undefined, text, isLive: false} as const;
	const markdown = transcriptMarkdown({
		...{requestId: 'req_1', sessionId: undefined, items: [item], version: 1, isLive: false, isTruncated: false},
	});
	expect(markdown).toContain(`\`\`\`\n${text}`);
});

describe('a transcript as Markdown', () => {
	test('has a heading for each block, and fences for what is no Markdown', () => {
		const text = transcriptMarkdown(richTranscript('req_1'));
		for (const part of [
			'# Transcript\n\n- request: `req_1`\n- session: `01a9e3f0',
			'## Rules\n\n```\nRule 1 of the house.',
			'## Compacted history: summary\n\nAnother language model',
			'## User\n\nThe retry test is flaky.',
			'## Note\n\n*(image, 48 kB)*',
			'## Reasoning\n\n> **Looking for the timer**\n> \n> The test',
			'## Tool call: exec\\_command\n\n```\ncmd: rg',
			'## Tool call: apply\\_patch\n\n```diff\n*** Begin Patch',
			'```diff\n--- src/a.ts\n+++ src/a.ts\n-one\n-two',
			'```diff\n--- /dev/null\n+++ notes/新.md\n+# New',
			'## Model\n\n## What I changed',
		]) {
			expect(text).toContain(part);
		}

		expect(text.endsWith('That is all.\n')).toBe(true);
	});

	test('a text with fences in it stays inside its own', () => {
		const text = transcriptMarkdown(richTranscript('r', [said('a\n````\nb', 'tool-output')]));
		expect(text).toContain('`````\na\n````\nb\n`````');
	});

	test('says what is missing, and holds no secret (SEC-12)', () => {
		const transcript = readExchange({body: {input: [{role: 'user', content: `my key ${secret}`}]}});
		const text = transcriptMarkdown({...transcript, isTruncated: true, isLive: true});
		expect(text).not.toContain(secret);
		expect(text).toContain('[redacted:');
		expect(text).toContain('- something is missing: the size limit was met\n- the answer was still being written');
	});
});
