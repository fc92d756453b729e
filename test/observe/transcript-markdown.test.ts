import {describe, expect, test} from 'vitest';
import {transcriptMarkdown} from '../../source/observe/transcript-markdown.ts';
import {richTranscript, said} from '../support/rich-transcript.ts';
import {readExchange, secret} from '../support/transcript.ts';

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
