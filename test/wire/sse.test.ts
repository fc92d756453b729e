import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {dataType, eventData, eventType, isDelta, parseSse, singleDataRange} from '../../source/wire/sse.ts';
import {SseFramer} from '../../source/wire/sse-framer.ts';
import {recordedStreams} from '../support/recorded-streams.ts';
import {propertyRuns} from '../support/property-runs.ts';

const frame = (chunks: readonly Buffer[], eventBytes = 1 << 20): readonly string[] => {
	const events: string[] = [];
	const framer = new SseFramer(eventBytes, (bytes, start, end) => {
		events.push(bytes.toString('utf8', start, end));
	});
	for (const chunk of chunks) {
		framer.push(chunk);
	}

	framer.end();
	return events;
};

const frameText = (...chunks: readonly string[]): readonly string[] => frame(chunks.map(chunk => Buffer.from(chunk)));

/** Splits by the standard's words instead of by walking: the oracle. */
const byPattern = (text: string): readonly string[] => {
	const events: string[] = [];
	let rest = text;
	for (;;) {
		const found = /^(?:[^\r\n]+(?:\r\n|\n|\r(?!\n)))*(?:\r\n|\n|\r(?!\n))/.exec(rest)?.[0];
		if (found === undefined) {
			return events;
		}

		events.push(found);
		rest = rest.slice(found.length);
	}
};

const rechunked = (bytes: Buffer, cuts: readonly number[]): readonly Buffer[] => {
	const points = [0, ...cuts.map(cut => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
	return points.slice(1).map((point, index) => bytes.subarray(points[index], point));
};

describe('the framer', () => {
	test('hands out events up to the last blank line and keeps the rest', () => {
		expect(frameText('data: 1\n\ndata: 2\n\nda', 'ta: 3\n', '\ndata: 4')).toEqual([
			'data: 1\n\n',
			'data: 2\n\n',
			'data: 3\n\n',
		]);
	});

	test('gives back the beginning of an event, and the same events come out when it is fed in front of the rest', () => {
		const stream = Buffer.from('data: one\n\ndata: zwei ✓\ndata: two\n\nevent: x\ndata: three\n\n');
		for (let cut = 1; cut < stream.length; cut++) {
			const found: string[] = [];
			const framer = new SseFramer(1000, (bytes, start, end) => found.push(bytes.toString('utf8', start, end)));
			framer.push(stream.subarray(0, cut));
			framer.push(Buffer.concat([framer.takeRest() ?? Buffer.alloc(0), stream.subarray(cut)]));
			framer.end();
			expect(found, `cut at ${cut}`).toEqual([
				'data: one\n\n',
				'data: zwei ✓\ndata: two\n\n',
				'event: x\ndata: three\n\n',
			]);
		}
	});

	test('knows LF, CRLF and CR, also mixed', () => {
		expect(frameText('a\n\nb\r\n\r\nc\r\rd\n\r\ne\r\n\n')).toEqual([
			'a\n\n',
			'b\r\n\r\n',
			'c\r\r',
			'd\n\r\n',
			'e\r\n\n',
		]);
	});

	test('keeps a CRLF together that two chunks split', () => {
		expect(frameText('a\r', '\n\r', '\nb\r\n\r\n')).toEqual(['a\r\n\r\n', 'b\r\n\r\n']);
	});

	test('does not make a CR-only stream wait for its next byte', () => {
		const events: string[] = [];
		const framer = new SseFramer(100, (bytes, start, end) => {
			events.push(bytes.toString('utf8', start, end));
		});
		framer.push(Buffer.from('data: 1\r\r'));
		expect(events).toEqual(['data: 1\r\r']);
	});

	test('removes a BOM at the very start only, also byte by byte', () => {
		const bytes = Buffer.from('\u{FEFF}data: 1\n\n\u{FEFF}data: 2\n\n');
		expect(frame([bytes])).toEqual(['data: 1\n\n', '\u{FEFF}data: 2\n\n']);
		expect(frame([...bytes].map(byte => Buffer.from([byte])))).toEqual(frame([bytes]));
	});

	test('gives an event in one chunk without a copy', () => {
		const chunk = Buffer.from('data: 1\n\ndata: 2\n\n');
		const framer = new SseFramer(100, bytes => {
			expect(bytes).toBe(chunk);
		});
		framer.push(chunk);
		expect.assertions(2);
	});

	test('refuses an event over the cap, finished or not, after the events before it', () => {
		const events: number[] = [];
		const framer = new SseFramer(20, (_bytes, start, end) => {
			events.push(end - start);
		});
		expect(() => {
			framer.push(Buffer.from(`data: 1\n\ndata: ${'x'.repeat(20)}\n\n`));
		}).toThrow(expect.objectContaining({code: 'event-too-large'}));
		expect(events).toEqual([9]);
		expect(() => frame([Buffer.from('data: 12345678'), Buffer.from('data: 12345678')], 20)).toThrow(/20 bytes/);
	});

	test('joins a large event that comes byte by byte in next to no time', () => {
		const event = Buffer.from(`data: ${'x'.repeat(300_000)}\n\n`);
		const startedAt = performance.now();
		const [whole] = frame([...event].map(byte => Buffer.from([byte])));
		expect(whole).toBe(event.toString());
		expect(performance.now() - startedAt).toBeLessThan(3000);
	});

	test('gives the same events however LF, CR and letters are cut', () => {
		fc.assert(
			fc.property(
				fc.array(fc.constantFrom('a', 'é', '\n', '\r', '\r\n', '\n\n', '\r\n\r\n'), {maxLength: 30}),
				fc.array(fc.nat(), {maxLength: 6}),
				(parts, cuts) => {
					const text = parts.join('');
					const bytes = Buffer.from(text);
					// Where a lone CR ends a chunk, the LF behind it may open the next event; joined, the bytes are the same.
					const events = frame(rechunked(bytes, cuts));
					expect(frame([bytes]).join('')).toBe(byPattern(text).join(''));
					expect(byPattern(text).join('').startsWith(events.join(''))).toBe(true);
					expect(byPattern(text).join('').length - events.join('').length).toBeLessThanOrEqual(1);
				},
			),
			propertyRuns(3000),
		);
	});

	test.each(recordedStreams.map(({name, bytes}) => ({name, bytes})))(
		'splits $name like the standard says',
		({bytes}) => {
			expect(frame([bytes])).toEqual(byPattern(bytes.toString()));
			fc.assert(
				fc.property(fc.array(fc.nat(), {maxLength: 12}), cuts => {
					expect(frame(rechunked(bytes, cuts)).join('')).toBe(bytes.toString());
				}),
				propertyRuns(100),
			);
		},
	);
});

describe('one event', () => {
	test.each([
		['event: a\ndata: {"type":"b"}\n\n', 'a'],
		['event:a\ndata:x\n\n', 'a'],
		['event: message\ndata: {"type":"b"}\n\n', 'b'],
		['data: {"x":1,\ndata: "type":"b"}\n\n', 'b'],
		['id: 3\nretry: 5\ndata:{"type":"b"}\r\n\r\n', 'b'],
		['\nevent: a\n\n', 'a'],
		['data: [DONE]\n\n', undefined],
		[': only a comment\n\n', undefined],
		['data: {"type":5}\n\n', undefined],
	])('%j has the type %s', (text, type) => {
		expect(eventType(Buffer.from(text))).toBe(type);
	});

	test('joins the lines of its data and takes one leading space off', () => {
		expect(eventData(Buffer.from('data:a\ndata:  b\r\ndata\nevent: x\n\n'))).toBe('a\n b\n');
		expect(eventData(Buffer.from(': comment\n\n'))).toBeUndefined();
		expect(dataType(Buffer.from('event: x\ndata: {"type":"y"}\n\n'))).toBe('y');
	});

	test('says where its data stands when that is one line', () => {
		const event = Buffer.from('event: x\ndata: {"é":1}\r\n\r\n');
		const range = singleDataRange(event);
		expect(range && event.toString('utf8', range.start, range.end)).toBe('{"é":1}');
		expect(singleDataRange(Buffer.from('data: 1\ndata: 2\n\n'))).toBeUndefined();
	});

	test.each([
		['event: response.output_text.delta\ndata: {}\n\n', true],
		['event:response.function_call_arguments.delta\r\ndata: {}\r\n\r\n', true],
		['event: content_block_delta\ndata: {}\n\n', true],
		['data: {"type":"response.output_text.delta","delta":"x"}\n\n', true],
		['data:{"type":"content_block_delta"}\n\n', true],
		['event: message_delta\ndata: {}\n\n', false],
		['event: response.failed\ndata: {"type":"response.output_text.delta"}\n\n', false],
		['data: {"delta":"x","type":"response.output_text.delta"}\n\n', false],
		['data: {"type":"response.failed","x":"response.output_text.delta"}\n\n', false],
		['data: {"type":"a\\".delta"}\n\n', false],
		['event: .delt\ndata: a\n\n', false],
		[`event: ${'x'.repeat(500)}.delta\n\n`, false],
		[': x.delta\n\n', false],
	])('%j is a delta by name: %s', (text, expected) => {
		const bytes = Buffer.from(`data: before\n\n${text}`);
		expect(isDelta(bytes, 14, bytes.length)).toBe(expected);
	});

	test('is listed by parseSse with its type and data', () => {
		expect(parseSse(Buffer.from(': c\n\nevent: a\ndata: 1\n\ndata: {"type":"b"}\n\ndata: cut'))).toEqual([
			{event: 'a', data: '1'},
			{event: 'b', data: '{"type":"b"}'},
		]);
	});
});
