import {describe, expect, test} from 'vitest';
import {
	inputItems,
	readStored,
	readStoredHead,
	writeStored,
	type StoredResponse,
} from '../../../source/translate/store/stored-response.ts';
import {
	isWholeHistory,
	resolveReferences,
	responseOfItem,
	unfoldInput,
} from '../../../source/translate/store/unfold.ts';

const stored = (id: string, more: Partial<StoredResponse> = {}): StoredResponse => ({
	head: {id, owner: 'ada', parent: undefined, createdAtMs: 7, model: 'm', endpointKey: 'codex/a/default'},
	input: [{type: 'message', role: 'user', content: `asked ${id}`}],
	response: {id, output: [{type: 'message', id: `msg_${id}`, role: 'assistant', content: []}]},
	hidden: {},
	...more,
});

describe('a stored response', () => {
	test('comes back from its text as it was, and its head from the first line alone', () => {
		const before = stored('r1', {hidden: {rs_1: 'ctui1.rc.abc'}});
		const text = writeStored(before);
		expect(readStored(text)).toEqual(before);
		expect(readStoredHead(text.slice(0, text.indexOf('\n') + 20))).toEqual(before.head);
		expect(JSON.parse(text)).toMatchObject({head: {id: 'r1'}});
	});

	test('is undefined where its file is damaged, cut or somebody else’s', () => {
		const text = writeStored(stored('r1'));
		expect([readStored(text.slice(0, -9)), readStored('[]'), readStored('{"head":{}}')]).toEqual([
			...[undefined, undefined, undefined],
		]);
		expect([readStoredHead(''), readStoredHead('{"head":{"id":1}},'), readStoredHead('{"other":1}')]).toEqual([
			...[undefined, undefined, undefined],
		]);
	});
});

describe('unfolding an input', () => {
	test('the conversation comes first, hidden reasoning in its place', () => {
		const thought = {type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: null};
		const first = stored('r1', {response: {id: 'r1', output: [thought]}, hidden: {rs_1: 'ctui1.rc.abc'}});
		expect(unfoldInput([first, stored('r2')], 'next').items).toEqual([
			first.input[0],
			{...thought, encrypted_content: 'ctui1.rc.abc'},
			...[stored('r2').input[0], {type: 'message', id: 'msg_r2', role: 'assistant', content: []}],
			{type: 'message', role: 'user', content: 'next'},
		]);
	});

	test('what the client sends again is there once, whole or as a reference', () => {
		const again = {type: 'message', id: 'msg_r1', role: 'assistant', content: []};
		const next = {type: 'message', role: 'user', content: 'next'};
		const whole = unfoldInput([stored('r1')], [again, next]);
		expect(whole.items).toHaveLength(3);
		expect(whole.added).toEqual([next]);
		expect(unfoldInput([stored('r1')], [{type: 'item_reference', id: 'msg_r1'}, next])).toEqual(whole);
	});

	test('a text, a single item and a list are items; anything else is none', () => {
		const item = {role: 'user', content: 'a'};
		expect([inputItems('a'), inputItems(item), inputItems([item, 1]), inputItems(''), inputItems(undefined)]).toEqual([
			...[[{type: 'message', ...item}], [item], [item], [], []],
		]);
	});
});

describe('a request with its whole history', () => {
	const called = {type: 'function_call', call_id: 'c1'};
	const answered = {type: 'function_call_output', call_id: 'c1'};

	test('has the call of every output', () => {
		expect(isWholeHistory([called, answered])).toBe(true);
		expect(isWholeHistory([called, answered, {type: 'custom_tool_call_output', call_id: 'c2'}])).toBe(false);
	});

	test('cannot be known where nothing is answered: it would lose its context without a word', () => {
		expect(isWholeHistory('go on')).toBe(false);
		expect(isWholeHistory([{role: 'user', content: 'go on'}, called])).toBe(false);
	});
});

describe('an item that is only named', () => {
	const seed = 'req0mi9x3f8a0009f3c2a41b7';

	test('tells by its id which response of ours it belongs to, and another maker’s does not', () => {
		expect(responseOfItem(`msg_${seed}0003`)).toBe(`resp_${seed}0001`);
		expect([responseOfItem('msg_68a1'), responseOfItem('')]).toEqual([undefined, undefined]);
	});

	test('is replaced where it is found, and stays where it is not', () => {
		const references = ['msg_r1', 'msg_other'].map(id => ({type: 'item_reference', id}));
		expect(resolveReferences(references, [stored('r1')])).toEqual([
			{type: 'message', id: 'msg_r1', role: 'assistant', content: []},
			references[1],
		]);
	});
});
