import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {bodyWords} from '../../source/identify/body-words.ts';
import {conversationKey, EarlierBodies} from '../../source/identify/earlier-bodies.ts';
import {identify} from '../../source/identify/identify.ts';
import {findServedPath} from '../../source/identify/paths.ts';
import {scanBodyFor, type ScannedBody} from '../../source/wire/body-scan.ts';
import {propertyRuns} from '../support/property-runs.ts';

const bodyOf = (bytes: number, letter = 'a'): ScannedBody => {
	const body = Buffer.from(`{"input":["${letter.repeat(bytes - 14)}"]}`);
	return {bytes: body, held: scanBodyFor(body, bodyWords).held};
};

const kibibyte = 1024;

test('the last body of a conversation is kept, also when the buffer that it came in is used again', () => {
	const bodies = new EarlierBodies();
	const first = bodyOf(8 * kibibyte);
	bodies.keep('a', first);
	first.bytes.fill(0);
	expect(bodies.of('a')?.bytes.equals(bodyOf(8 * kibibyte).bytes)).toBe(true);
	const second = bodyOf(9 * kibibyte, 'b');
	bodies.keep('a', second);
	expect(bodies.of('a')?.bytes.equals(second.bytes)).toBe(true);
	expect(bodies.of('a')?.held).toBe(second.held);
	expect(bodies.of('b')).toBeUndefined();
});

test('a small request beside a conversation does not take the place of its body', () => {
	const bodies = new EarlierBodies();
	const turn = bodyOf(40 * kibibyte);
	bodies.keep('a', turn);
	bodies.keep('a', bodyOf(9 * kibibyte));
	expect(bodies.of('a')?.held).toBe(turn.held);
	const compacted = bodyOf(11 * kibibyte);
	bodies.keep('a', compacted);
	expect(bodies.of('a')?.held).toBe(compacted.held);
	bodies.keep('b', bodyOf(kibibyte));
	expect(bodies.of('b')).toBeUndefined();
});

test('the memory is bounded: those that were used last stay', () => {
	const bodies = new EarlierBodies();
	const large = bodyOf(3 * kibibyte * kibibyte);
	for (const conversation of ['a', 'b', 'c', 'd', 'a', 'e']) {
		bodies.keep(conversation, large);
	}

	expect(['a', 'b', 'c', 'd', 'e'].filter(conversation => bodies.of(conversation))).toEqual(['a', 'c', 'd', 'e']);
	bodies.keep('f', bodyOf(5 * kibibyte * kibibyte));
	expect(bodies.of('f')).toBeUndefined();
	const many = new EarlierBodies();
	for (let index = 0; index < 40; index += 1) {
		many.keep(`c${index}`, bodyOf(4 * kibibyte));
	}

	expect(Array.from({length: 40}, (_, index) => many.of(`c${index}`)).filter(Boolean)).toHaveLength(32);
});

test('of items that are small their number bounds it: each is an object', () => {
	const bodies = new EarlierBodies();
	const body = Buffer.from(`{"input":[${'1,'.repeat(19_000)}1]}`);
	const conversations = ['a', 'b', 'c', 'd', 'e'];
	for (const conversation of conversations) {
		bodies.keep(conversation, {bytes: body, held: scanBodyFor(body, bodyWords).held});
	}

	expect(conversations.filter(conversation => bodies.of(conversation))).toEqual(['c', 'd', 'e']);
});

test('a conversation is known by its thread, by its session where there is none, else by its path', () => {
	expect(conversationKey('/responses', {'session-id': 's', 'thread-id': 't'})).toBe('/responses t');
	expect(conversationKey('/v1/messages', {'x-claude-code-session-id': 's', 'x-claude-code-agent-id': 'g'})).toBe(
		'/v1/messages g',
	);
	expect(conversationKey('/responses', {})).toBe('/responses');
});

test('a call is identified as the same, whatever body came before it', () => {
	const target = findServedPath('/responses');
	const text = fc.constantFrom('a', 'é'.repeat(60), 'x'.repeat(200));
	const item = fc.oneof(
		fc.record({type: fc.constant('message'), role: fc.constant('user'), content: text}),
		fc.record({type: fc.constantFrom('reasoning', 'compaction'), encrypted_content: fc.option(text)}),
		fc.record({type: fc.constant('compaction_trigger')}),
		fc.record({
			type: fc.constant('agent_message'),
			content: fc.array(fc.record({encrypted_content: text}), {maxLength: 2}),
		}),
	);
	const fields = fc.record({
		model: fc.constant('m'),
		input: fc.oneof(fc.array(item, {maxLength: 8}), text),
		tools: fc.array(fc.record({type: fc.constantFrom('function', 'web_search'), description: text}), {maxLength: 3}),
	});
	fc.assert(
		fc.property(fc.array(fields, {minLength: 2, maxLength: 4}), fc.boolean(), (turns, goesOn) => {
			let earlier: ScannedBody | undefined;
			let history: readonly unknown[] = [];
			for (const turn of turns) {
				history = typeof turn.input === 'string' ? [] : [...history, ...turn.input];
				const bytes = Buffer.from(JSON.stringify(goesOn ? {...turn, input: history} : turn));
				const input = {method: 'POST', path: '/responses', query: '', headers: {}, body: bytes};
				const call = target && identify({...input, target, earlier});
				expect(call).toEqual(target && identify({...input, target}));
				earlier = {bytes, held: call?.held ?? new Map()};
			}
		}),
		propertyRuns(3000),
	);
});
