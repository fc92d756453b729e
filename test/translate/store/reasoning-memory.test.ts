import {describe, expect, test} from 'vitest';
import type {BridgeRequest, CallItem, Item, OutputItem, ReasoningItem} from '../../../source/translate/codec/ir.ts';
import {genericQuirks} from '../../../source/translate/codec/quirks.ts';
import {decodeResponsesRequest} from '../../../source/translate/codec/responses/decode-request.ts';
import {ReasoningMemory, type RecallContext} from '../../../source/translate/store/reasoning-memory.ts';

const thought = (text: string, family = 'generic'): ReasoningItem => ({
	...{type: 'reasoning', summary: [text], content: []},
	hidden: {kind: 'text', family, text: ''},
});

const made = (callId: string, payload = '{"a":1}'): CallItem => ({
	...{type: 'call', callId, payload},
	tool: {kind: 'function', namespace: undefined, name: 'f'},
});

const said = (role: 'user' | 'assistant', text: string): Item & {readonly type: 'message'} => ({
	...{type: 'message', role, parts: [{type: 'text', text}]},
});

const asked = (...items: readonly Item[]): BridgeRequest => ({
	...decodeResponsesRequest({model: 'm', input: []}).request,
	items,
});

const within = (sessionId?: string, owner = 'ada'): RecallContext => ({
	scope: {owner, sessionId},
	quirks: genericQuirks,
});

const memory = (limits = {count: 100, bytes: 1_000_000}): ReasoningMemory => new ReasoningMemory(limits);

const typesOf = ({items}: BridgeRequest): string => items.map(({type}) => type).join(' ');

const go = said('user', 'go');
const output: readonly OutputItem[] = [thought('first'), made('c1'), thought('second'), made('c2')];

describe('reasoning by call (translation.md 6.2)', () => {
	test('each thought comes back in front of the call that it led to', () => {
		const kept = memory();
		kept.remember(within('s'), asked(go), output);
		const back = kept.recall(within('s'), asked(go, made('c1'), made('c2')));
		expect(typesOf(back)).toBe('message reasoning call reasoning call');
		expect(back.items.filter(item => item.type === 'reasoning').map(({summary}) => summary)).toEqual([
			...[['first'], ['second']],
		]);
	});

	test('a client may write the arguments anew: blanks and the order of keys do not count', () => {
		const kept = memory();
		kept.remember(within('s'), asked(go), [thought('t'), made('c1', '{"a":1,"b":[{"c":2,"d":3}]}')]);
		const back = kept.recall(within('s'), asked(go, made('c1', '{ "b": [{"d": 3, "c": 2}], "a": 1 }')));
		expect(typesOf(back)).toBe('message reasoning call');
	});

	test('the same id with other arguments is another call: some servers count from one in every conversation', () => {
		const kept = memory();
		kept.remember(within('s'), asked(go), [thought('t'), made('c1')]);
		const request = asked(said('user', 'other'), made('c1', '{"a":2}'));
		expect(kept.recall(within('s'), request)).toBe(request);
	});

	test('nothing crosses from owner to owner or from session to session', () => {
		const kept = memory();
		kept.remember(within('s'), asked(go), output);
		const request = asked(go, made('c1'));
		expect(kept.recall(within('s', 'bob'), request)).toBe(request);
		expect(kept.recall(within('t'), request)).toBe(request);
		expect(kept.recall(within(), request)).toBe(request);
	});

	test('without sessions, two answers with one key are ambiguous and neither is used', () => {
		const kept = memory();
		kept.remember(within(), asked(go), [thought('mine'), made('c1')]);
		expect(typesOf(kept.recall(within(), asked(go, made('c1'))))).toBe('message reasoning call');
		kept.remember(within(), asked(go), [thought('yours'), made('c1')]);
		const request = asked(go, made('c1'));
		expect(kept.recall(within(), request)).toBe(request);
	});

	test('a turn that has reasoning is left as it is', () => {
		const kept = memory();
		kept.remember(within('s'), asked(go), output);
		const request = asked(go, thought('own'), made('c1'));
		expect(kept.recall(within('s'), request)).toBe(request);
	});

	test('another family gets none of it, nor does anybody get what its maker encrypted', () => {
		const kept = memory();
		kept.remember(within('s'), asked(go), [thought('t', 'deepseek'), made('c1')]);
		expect(typesOf(kept.recall(within('s'), asked(go, made('c1'))))).toBe('message call');
		const sealed: ReasoningItem = {...thought('t'), hidden: {kind: 'opaque', data: 'gAAAA'}};
		expect(memory().remember(within('s'), asked(go), [sealed, made('c1')]).kept).toEqual([]);
	});
});

describe('reasoning by turn (translation.md 6.2)', () => {
	const answer: readonly OutputItem[] = [thought('t'), said('assistant', 'Done.')];

	test('a text comes back with its thought, also where the calls beside it have other ids', () => {
		const kept = memory();
		kept.remember(within('s'), asked(go), answer);
		expect(typesOf(kept.recall(within('s'), asked(go, said('assistant', ' Done. '))))).toBe(
			'message reasoning message',
		);
		kept.remember(within('s'), asked(go), [thought('t'), said('assistant', 'Look:'), made('c1')]);
		expect(typesOf(kept.recall(within('s'), asked(go, said('assistant', 'Look:'), made('other'))))).toBe(
			'message reasoning message call',
		);
	});

	test('short answers to other questions are other turns', () => {
		const kept = memory();
		kept.remember(within('s'), asked(go), answer);
		const request = asked(said('user', 'something else'), said('assistant', 'Done.'));
		expect(kept.recall(within('s'), request)).toBe(request);
	});
});

describe('the room of the memory', () => {
	test('is never exceeded, the least recently used goes first', () => {
		const kept = memory({count: 2, bytes: 1_000_000});
		kept.remember(within('s'), asked(go), [thought('a'), said('assistant', 'A')]);
		kept.remember(within('s'), asked(go), [thought('b'), said('assistant', 'B')]);
		kept.recall(within('s'), asked(go, said('assistant', 'A')));
		const {gone} = kept.remember(within('s'), asked(go), [thought('c'), said('assistant', 'C')]);
		expect([gone.length, kept.size]).toEqual([1, 2]);
		expect(typesOf(kept.recall(within('s'), asked(go, said('assistant', 'A'))))).toBe('message reasoning message');
		expect(typesOf(kept.recall(within('s'), asked(go, said('assistant', 'B'))))).toBe('message message');
	});

	test('what is too large for all of it is not kept', () => {
		const kept = memory({count: 9, bytes: 300});
		kept.remember(within('s'), asked(go), [thought('x'.repeat(500)), said('assistant', 'A')]);
		expect(kept.size).toBe(0);
	});

	test('what was kept comes back from plain JSON', () => {
		const {kept} = memory().remember(within('s'), asked(go), output);
		const other = memory();
		kept.forEach(entry => other.keep(JSON.parse(JSON.stringify(entry))));
		expect(typesOf(other.recall(within('s'), asked(go, made('c2'))))).toBe('message reasoning call');
	});
});
