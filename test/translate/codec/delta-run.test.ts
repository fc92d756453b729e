import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {AnswerReader} from '../../../source/translate/codec/answer-reader.ts';
import {
	eventsOf,
	findRun,
	literalEnd,
	type AnswerStep,
	type RunTexts,
} from '../../../source/translate/codec/delta-run.ts';
import {encodeWireEvents, type AnswerDecoder, type RunEvents} from '../../../source/translate/codec/ir-event.ts';
import {codexOutput} from '../../../source/translate/codec/quirks.ts';
import {RunShape} from '../../../source/translate/codec/run-shape.ts';
import {propertyRuns} from '../../support/property-runs.ts';
import {chatDecoder, readerLimits, responsesEncoder} from './bridge.ts';

/** The same decoder without runs: each event is pushed. */
const slowly = (decoder: AnswerDecoder): AnswerDecoder => ({
	push: (data, name) => decoder.push(data, name),
	pushWhole: body => decoder.pushWhole(body),
	fail: error => decoder.fail(error),
	end: () => decoder.end(),
});

const head = 'data: {"id":"c1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"';

/** One event around the bytes of a JSON string's inside, which may be anything. */
const chunk = (field: string, inside: Buffer): Buffer =>
	Buffer.concat([Buffer.from(`${head}${field}":"`), inside, Buffer.from('"},"finish_reason":null}]}\n\n')]);

const ending = Buffer.from(
	'data: {"id":"c1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
);

const read = (decoder: AnswerDecoder, pieces: readonly Buffer[]): readonly AnswerStep[] => {
	const reader = new AnswerReader(decoder, readerLimits);
	return [...pieces.flatMap(piece => reader.read(piece)), ...reader.close()];
};

const textOf = (events: RunEvents | undefined): string => {
	const bytes = Buffer.alloc(events?.mostBytes ?? 0);
	return bytes.toString('utf8', 0, events?.write(bytes, 0));
};

const found = (stream: Buffer | string, shape: RunShape): ReturnType<typeof findRun> =>
	findRun(Buffer.from(stream), 0, shape);

const literalsOf = (run: RunTexts | undefined): readonly string[] | undefined =>
	run?.starts.map((start, index) => run.bytes.toString('utf8', start, literalEnd(run, index)));

const written = (steps: readonly AnswerStep[], output = codexOutput): string => {
	const encoder = responsesEncoder(output);
	return steps
		.map(step => (step.type === 'delta-run' ? textOf(encoder.pushRun(step)) : encodeWireEvents(encoder.push(step))))
		.join('');
};

const insides = fc.oneof(
	fc.string({unit: 'grapheme'}).map(text => JSON.stringify(text).slice(1, -1)),
	fc.constantFrom(
		'a',
		' b',
		'\\n',
		'\\"',
		'\\\\',
		'\\\\u',
		'\\/',
		'\\u4e2d',
		'\\u0001',
		'\\ud83d',
		'\\ude00',
		'\\ud83d\\ude00',
	),
	fc.constantFrom('漢字', '\u2028', '\t', '\u007f', '\u0085', '\\x', '\\', '', '<think>', '</think>'),
);

const literals = fc.oneof(
	{weight: 9, arbitrary: insides.map(text => Buffer.from(text))},
	{
		weight: 1,
		arbitrary: fc.uint8Array({minLength: 1, maxLength: 3}).map(bytes => Buffer.from(bytes.filter(byte => byte > 13))),
	},
);

describe('runs of deltas', () => {
	test('are found: of a hundred deltas in one read nearly all come in one step', () => {
		const events = Array.from({length: 100}, (_, index) => chunk('content', Buffer.from(`word ${index} `)));
		const steps = read(chatDecoder(), [Buffer.concat([...events, ending])]);
		const runs = steps.filter(step => step.type === 'delta-run');
		expect(runs).toHaveLength(1);
		expect(runs[0]?.starts).toHaveLength(99);
	});

	test('give the bytes that pushing each event gives, whatever the deltas hold', () => {
		const events = fc.array(fc.tuple(fc.constantFrom('content', 'content', 'reasoning_content'), literals), {
			maxLength: 30,
		});
		fc.assert(
			fc.property(events, fc.array(fc.nat(4000), {maxLength: 4}), (deltas, cuts) => {
				const stream = Buffer.concat([...deltas.map(([field, inside]) => chunk(field, inside)), ending]);
				const places = [0, ...cuts.filter(cut => cut < stream.length).toSorted((a, b) => a - b), stream.length];
				const pieces = places.slice(1).map((end, index) => stream.subarray(places[index], end));
				const steps = read(chatDecoder(), pieces);
				const pushed = read(slowly(chatDecoder()), [stream]);
				expect(written(steps)).toBe(written(pushed));
				expect(steps.flatMap(eventsOf)).toEqual(pushed);
			}),
			propertyRuns(1000),
		);
	});

	test('go to both channels of a client that sees reasoning in both', () => {
		const events = ['first', 'second', 'third'].map(text => chunk('reasoning_content', Buffer.from(text)));
		const stream = Buffer.concat([...events, chunk('content', Buffer.from('so')), ending]);
		const output = {...codexOutput, reasoningChannel: 'both' as const};
		const whole = written(read(chatDecoder(), [stream]), output);
		expect(whole).toBe(written(read(slowly(chatDecoder()), [stream]), output));
		expect(whole.match(/reasoning_summary_text\.delta"/g)).toHaveLength(3);
	});

	test('end before an event of another shape, before a cut one, and before what is no UTF-8', () => {
		expect(found('<"', new RunShape('<', '>'))).toBeUndefined();
		const quoted = new RunShape('d:"', '"\n');
		const run = found('d:"a"\nd:"b\\"c"\nd:"d', quoted);
		expect(run).toMatchObject({text: 'ab"c', end: 15});
		expect(literalsOf(run)).toEqual(['a', 'b\\"c']);
		const short = found('d:"a"\nx:"b"\n', quoted);
		expect(short).toMatchObject({text: 'a', end: 6});
		expect(literalsOf(short)).toEqual(['a']);
		expect(found(Buffer.from('d:"\u00ff"\n', 'latin1'), quoted)).toBeUndefined();
		// Two halves of one sign: whole only when they are joined.
		expect(found(Buffer.from('d:"\u00e6\u00bc"\nd:"\u00a2"\n', 'latin1'), quoted)).toBeUndefined();
	});

	test('carry texts over that are longer than a call to copy them costs', () => {
		const events = ['a'.repeat(300), 'é'.repeat(120), 'c'].map(text => chunk('content', Buffer.from(text)));
		const stream = Buffer.concat([...events, ending]);
		expect(written(read(chatDecoder(), [stream]))).toBe(written(read(slowly(chatDecoder()), [stream])));
	});
});
