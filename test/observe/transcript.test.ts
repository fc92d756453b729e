import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {Capture} from '../../source/observe/capture.ts';
import {Transcripts} from '../../source/observe/transcript.ts';
import type {Dialect} from '../../source/wire/names.ts';
import {readExchange, secret, short} from '../support/transcript.ts';
import {propertyRuns} from '../support/property-runs.ts';

const isJson = (value: unknown): boolean => {
	try {
		return JSON.stringify(value) !== undefined;
	} catch {
		return false;
	}
};

describe('every transcript', () => {
	test('SEC-12 SEC-17 holds no secret and no terminal command', () => {
		const evil = `\u001B]52;c;x\u0007key ${secret} \u001B[31mred\u202E`;
		const body = {
			input: [
				{role: 'user', content: evil},
				{type: 'function_call', name: `n\u001B[2J\n${secret}`, arguments: '{}', call_id: 'c'},
			],
		};
		const {items} = readExchange({
			body,
			replies: [[{type: 'response.output_item.done', item: {role: 'assistant', content: evil}}]],
		});
		const all = JSON.stringify(items);
		expect(all).not.toContain(secret);
		expect(all).not.toMatch(/\\u001b|\\u0007|\u202E/i);
		expect(items[0]?.text).toMatch(/^key \[redacted:[0-9a-f]{6}\] red$/);
	});

	test('says why it has nothing to show', () => {
		const large = new Capture({exchangeBytes: 10, totalBytes: 100, exchanges: 5});
		large.begin('r1', {dialect: 'responses', body: Buffer.alloc(11, 'x')});
		const transcripts = new Transcripts(large, text => text);
		expect(transcripts.read({requestId: 'r1', scope: 'session'})).toMatchObject({
			isTruncated: true,
			items: [{kind: 'note', text: '(the request is larger than what is kept for transcripts)'}],
		});
		expect(transcripts.read({requestId: 'gone', scope: 'session'})).toHaveProperty('missing');
		expect(short(readExchange({body: '[1,2'}).items)).toEqual([
			"note unreadable: (the request's 4 bytes are no JSON object)",
		]);
	});

	test('is not made again for a screen that has it already', () => {
		const capture = new Capture();
		capture.begin('r1', {dialect: 'responses', body: Buffer.from('{"input":"hi"}')});
		const transcripts = new Transcripts(capture, text => text);
		const knownVersion = capture.versionOf('r1');
		expect(transcripts.read({requestId: 'r1', scope: 'request', knownVersion})).toEqual({unchanged: true});
		capture.end('r1');
		expect(transcripts.read({requestId: 'r1', scope: 'request', knownVersion})).toHaveProperty('items');
	});

	test('never throws, whatever the bytes are', () => {
		const dialect = fc.constantFrom<Dialect>('responses', 'messages', 'chat', 'gemini');
		const strange = fc.oneof(
			fc.record(
				{
					type: fc.constantFrom(
						'response.output_item.done',
						'content_block_delta',
						'content_block_start',
						'message',
						'x',
					),
					item: fc.anything(),
					delta: fc.anything(),
					choices: fc.array(fc.anything()),
					content: fc.anything(),
					index: fc.anything(),
				},
				{requiredKeys: []},
			),
			fc.anything(),
		);
		const json = strange.filter(isJson);
		fc.assert(
			fc.property(fc.tuple(dialect, json, fc.array(json), fc.boolean()), ([name, value, events, isLive]) => {
				const body = {input: [value], messages: [value], system: value};
				expect(Array.isArray(readExchange({dialect: name, body, replies: [events], isLive}).items)).toBe(true);
			}),
			propertyRuns(100),
		);
	});
});
