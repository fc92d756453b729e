import {describe, expect, test} from 'vitest';
import {createRedactor} from '../../source/base/redact.ts';
import {BodyPages} from '../../source/observe/body-pages.ts';
import type {SentHead} from '../../source/observe/capture.ts';

const pageOf = (body: string, query = '', from = 0) => {
	const sent: SentHead = {method: 'POST', path: '/v1/responses', query, headers: {}};
	const exchange = {requestId: 'req_1', dialect: 'responses', sent, body: Buffer.from(body), replies: []} as const;
	const capture = {read: () => ({...exchange, isLive: false, isTruncated: false, version: 1})};
	const page = new BodyPages(capture, createRedactor([])).read({
		...{type: 'body', requestId: 'req_1', part: 'request', form: 'pretty', from},
	});
	if ('missing' in page) {
		throw new Error(page.missing);
	}

	return page;
};

describe('the body of a request', () => {
	test('is indented, as are the objects of a stream', () => {
		expect(pageOf('{"a":[1,"]["]}').text).toBe('{\n  "a": [\n    1,\n    "]["\n  ]\n}');
		expect(pageOf('event: x\ndata: {"a":1}\n').text).toBe('event: x\ndata: {\n  "a": 1\n}\n');
	});

	test.each([
		['nested deeper than a program can read', `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
		[
			'that would grow a hundredfold',
			`{"a":[${Array.from({length: 500}, () => '['.repeat(190) + ']'.repeat(190)).join(',')}]}`,
		],
		[
			'whose stream would grow a hundredfold',
			Array.from({length: 500}, () => `data: {"a":${'['.repeat(190)}${']'.repeat(190)}}`).join('\n'),
		],
	])('%s is shown with few blanks', (_, body) => {
		const {total} = pageOf(body);
		expect(total).toBeGreaterThanOrEqual(body.length);
		expect(total).toBeLessThan(body.length + 9_000_000);
	});

	test('is the whole body, page by page, with every character of two units', () => {
		const body = `{"a":"${'🙂'.repeat(100_000)}"}`;
		let text = '';
		for (let page = pageOf(body); page.text !== ''; page = pageOf(body, '', text.length)) {
			expect(page.text.isWellFormed()).toBe(true);
			text += page.text;
		}

		expect(JSON.parse(text)).toEqual(JSON.parse(body));
	});

	test('is told with where it went: without a key of its query and without control characters', () => {
		const {target} = pageOf('{}', '?key=plain-words-1&a=\u009b31m');
		expect(target?.path).toMatch(/^\/v1\/responses\?key=\[redacted\]&a=/);
		expect(target?.path).not.toMatch(/plain-words|\p{Cc}/u);
	});
});
