import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {propertyRuns} from '../../support/property-runs.ts';
import {decodedEvents, run, usualTools} from './answer.ts';

/* What holds for every text (translation.md 5.3, 7). */

const fragments = [
	'<tool_call>',
	'</tool_call>',
	'{"name":"f","arguments":{"a":"1"}}',
	'{"name":"undeclared","arguments":{}}',
	'<function=f>',
	'<parameter=a>1</parameter>',
	'</function>',
	'<invoke name="f">',
	'<parameter name="a">1</parameter>',
	'</invoke>',
	'<｜DSML｜tool_calls>',
	'<｜DSML｜invoke name="exec_command">',
	'<｜DSML｜parameter name="cmd" string="true">ls</｜DSML｜parameter>',
	'</｜DSML｜invoke>',
	'</｜DSML｜tool_calls>',
	'<bash>',
	'</bash>',
	'ls -la',
	'<|tool_calls_section_begin|>',
	'<|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{"a":"1"}<|tool_call_end|>',
	'exec_command:0<|tool_call_argument_begin|>{"cmd":"pwd"}',
	'<|tool_calls_section_end|>',
	'[TOOL_CALLS]',
	'[{"name":"f","arguments":{"a":"1"}}]',
	'<|python_tag|>',
	'f.call(a="x")',
	'```',
	'```json\n',
	'`',
	'> ',
	'\n',
	' ',
	'prose ',
	'Action: f\nAction Input: {"a":"1"}',
	'<|im_end|>',
	'𝒳é｜',
	'<',
	'{',
	'"',
];

const texts = fc
	.array(fc.oneof({weight: 8, arbitrary: fc.constantFrom(...fragments)}, fc.string({maxLength: 6})), {maxLength: 14})
	.map(parts => parts.join(''));
const modes = fc.constantFrom('strict' as const, 'aggressive' as const);
const endings = fc.record({mode: modes, finish: fc.constantFrom('stop', 'length', 'content_filter', 'tool_calls')});

const cutAt = (text: string, cuts: readonly number[]): readonly string[] => {
	const places = [...new Set(cuts.map(cut => cut % (text.length + 1)))].toSorted((left, right) => left - right);
	return [0, ...places].map((from, index) => text.slice(from, places[index] ?? text.length));
};

describe('for every text', () => {
	test('splitting it anywhere changes nothing', () => {
		fc.assert(
			fc.property(texts, fc.array(fc.nat(), {maxLength: 12}), endings, (text, cuts, {mode, finish}) => {
				const whole = run({pieces: [text], mode, finish});
				const split = run({pieces: cutAt(text, cuts), mode, finish});
				expect([split.text, split.items, split.losses, split.end]).toEqual([
					whole.text,
					whole.items,
					whole.losses,
					whole.end,
				]);
			}),
			propertyRuns(3000),
		);
	});

	test('one without any marker passes unchanged, byte by byte', () => {
		const plain = fc
			.string({unit: 'grapheme', maxLength: 60})
			.filter(text => !/[<[\]{]|exec|read|apply|^[a-z]*$|functions|Action|\bf/m.test(text) || text === '');
		fc.assert(
			fc.property(plain, fc.array(fc.nat(), {maxLength: 6}), modes, (text, cuts, mode) => {
				const pieces = cutAt(text, cuts);
				const {events} = run({pieces, mode});
				const original = decodedEvents({pieces}).flat();
				const closes = (list: typeof events) =>
					list.filter(({type}) => type === 'item-close' || type === 'finish' || type === 'error');
				expect(closes(events)).toEqual(closes(original));
				const deltas = (list: typeof events) =>
					list.flatMap(event => (event.type === 'delta' ? [event.text] : [])).join('');
				expect(deltas(events)).toBe(deltas(original));
			}),
			propertyRuns(1000),
		);
	});

	test('nothing is held back longer than 64 characters while it may still become a marker', () => {
		const starts = fc.constantFrom(
			'<tool',
			'<tool_',
			'<|tool_calls_',
			'exec_c',
			'<｜DSML',
			'[TOOL',
			'<invoke nam',
			'<',
			'word ',
			'\n',
			'. ',
		);
		fc.assert(
			fc.property(fc.array(starts, {maxLength: 30}), modes, (pieces, mode) => {
				const {shownAfter} = run({pieces, mode});
				let [pushed, shown] = [0, 0];
				for (const [index, piece] of pieces.entries()) {
					pushed += piece.length;
					shown += shownAfter[index]?.length ?? 0;
					const isBlank =
						pieces
							.slice(0, index + 1)
							.join('')
							.trim() === '';
					expect(isBlank ? 0 : pushed - shown).toBeLessThanOrEqual(64);
				}
			}),
			propertyRuns(1000),
		);
	});

	test('no name that was not declared ever becomes a call, and what is no call is not lost', () => {
		const declared = usualTools.map(({name}) => name);
		fc.assert(
			fc.property(texts, modes, (text, mode) => {
				const {items, text: shown, calls, end} = run({pieces: [text], mode});
				const names = items.flatMap(item => (item.type === 'call' ? [item.tool.name] : []));
				expect(names.filter(name => !declared.includes(name))).toEqual([]);
				if (calls.length === 0 && end === 'stop') {
					expect(shown).toBe(
						decodedEvents({pieces: [text]})
							.flat()
							.map(event => (event.type === 'delta' ? event.text : ''))
							.join(''),
					);
				}
			}),
			propertyRuns(2000),
		);
	});

	test('the events keep their promises: dense indices in order, one close each, one end', () => {
		fc.assert(
			fc.property(texts, fc.array(fc.nat(), {maxLength: 6}), endings, (text, cuts, {mode, finish}) => {
				const {events} = run({pieces: cutAt(text, cuts), mode, finish, thoughts: 'Hm.'});
				const opened = events.flatMap(event => (event.type === 'item-open' ? [event.index] : []));
				const closed = events.flatMap(event => (event.type === 'item-close' ? [event.index] : []));
				expect(opened).toEqual(opened.map((_, index) => index));
				expect(new Set(closed).size).toBe(closed.length);
				expect(closed.every(index => opened.includes(index))).toBe(true);
				expect(events.filter(({type}) => type === 'finish' || type === 'error')).toHaveLength(1);
				for (const event of events) {
					if (event.type === 'item-close' && event.item.type === 'message') {
						const joined = events
							.map(each => (each.type === 'delta' && each.index === event.index ? each.text : ''))
							.join('');
						expect(event.item.parts.map(part => (part.type === 'text' ? part.text : '')).join('')).toBe(joined);
					}
				}
			}),
			propertyRuns(2000),
		);
	});
});
