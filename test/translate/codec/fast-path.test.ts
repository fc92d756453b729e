import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {asResponses, chatDecoder, chunk, readAnswer, sse} from './bridge.ts';
import {checkResponsesStream} from './check-stream.ts';
import {propertyRuns} from '../../support/property-runs.ts';

const text = fc.string({
	unit: fc.constantFrom('a', '"', '\\', '\n', 'é', '😀', ' ', '<', '{', '}', '\u2028'),
	maxLength: 8,
});
const piece = fc.record({field: fc.constantFrom('content', 'reasoning_content'), text});
const stop = chunk({}, {finish_reason: 'stop'});

test('events that fit the template are read as if they had been parsed', {timeout: 60_000}, () => {
	fc.assert(
		fc.property(fc.array(piece, {maxLength: 10}), pieces => {
			const alike = pieces.map(one => chunk({[one.field]: one.text}));
			// A field that differs in every event keeps the template from fitting.
			const unlike = alike.map((one, index) => ({...one, obfuscation: String(index)}));
			expect(readAnswer(chatDecoder(), [sse([...alike, stop])])).toEqual(
				readAnswer(chatDecoder(), [sse([...unlike, stop])]),
			);
		}),
		propertyRuns(2000),
	);
});

test('texts that look like structure never end a template’s text early', () => {
	const texts = ['a', '"', '","x":"', String.raw`\\"`, '\\', '}}]}', '\u0000', 'b'];
	const events = readAnswer(chatDecoder(), [sse([...texts.map(content => chunk({content})), stop])]);
	expect(events.find(event => event.type === 'item-close')).toMatchObject({item: {parts: [{text: texts.join('')}]}});
});

test('delta events are the bytes that JSON.stringify would write', () => {
	const chunks = [chunk({reasoning_content: 'h"m'}), chunk({content: 'é\n'}), chunk({content: '😀'}), stop];
	const wire = asResponses(readAnswer(chatDecoder(), [sse(chunks)]));
	checkResponsesStream(wire);
	for (const {data} of wire) {
		expect(JSON.stringify(JSON.parse(data))).toBe(data);
	}
});
