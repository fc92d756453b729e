import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {fingerprint} from '../../source/base/ids.ts';
import {identify} from '../../source/identify/identify.ts';
import {findServedPath} from '../../source/identify/paths.ts';
import {noState, type StateEvidence} from '../../source/identify/state-evidence.ts';
import {propertyRuns} from '../support/property-runs.ts';

const stateOf = (path: string, body: unknown): StateEvidence => {
	const target = findServedPath(path);
	if (!target) {
		throw new Error(`${path} is not served`);
	}

	const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
	return identify({method: 'POST', path, query: '', target, headers: {}, body: bytes}).state;
};

const message = {type: 'message', role: 'user', content: [{type: 'input_text', text: 'hi'}]};

describe('an ordinary turn', () => {
	test('without hidden state has none', () => {
		expect(stateOf('/responses', {model: 'm', input: [message]})).toEqual(noState);
		expect(stateOf('/responses', {model: 'm', input: 'hi', previous_response_id: null})).toEqual(noState);
	});

	test('brings the encrypted content of its items, with their places', () => {
		const item = {type: 'reasoning', summary: [], encrypted_content: 'E\u00e9"'};
		const body = JSON.stringify({model: 'm', input: [message, item, {type: 'reasoning', encrypted_content: null}]});
		const {items, kind} = stateOf('/responses', body);
		expect(kind).toBe('ordinary');
		expect(items).toMatchObject([{type: 'reasoning', print: fingerprint('E\u00e9"')}]);
		const {start = 0, end = 0} = items[0]?.range ?? {};
		expect(JSON.parse(Buffer.from(body).toString('utf8', start, end))).toEqual(item);
	});

	test('brings the same where its body has more elements than a scan keeps', () => {
		const numbers = Array.from({length: 20_001}, () => 1);
		const items = [
			{type: 'reasoning', encrypted_content: 'R'},
			{type: 'compaction'},
			{content: [{type: 'compaction_trigger'}]},
		];
		const {items: found, ...state} = stateOf('/responses', {metadata: numbers, input: [...numbers, ...items]});
		expect(found).toMatchObject([{type: 'reasoning', print: fingerprint('R'), beginning: 'R'}]);
		expect(state).toEqual({...noState, items: undefined, kind: 'compact-v2', hasBareCompaction: true});
		expect(stateOf('/responses', {metadata: numbers, input: items[2]}).kind).toBe('compact-v2');
		expect(stateOf('/responses', {metadata: numbers, input: items[0]})).toEqual(noState);
	});

	test('brings its previous_response_id', () => {
		expect(stateOf('/responses', {input: 'hi', previous_response_id: 'resp_1'})).toMatchObject({
			kind: 'ordinary',
			previousResponseId: 'resp_1',
		});
	});

	test('brings a compaction item, also one without encrypted content', () => {
		expect(stateOf('/responses', {input: [{type: 'compaction', encrypted_content: 'C'}]}).items).toMatchObject([
			{type: 'compaction', print: fingerprint('C'), beginning: 'C'},
		]);
		expect(stateOf('/responses', {input: [{type: 'compaction_summary', text: 's'}]}).hasBareCompaction).toBe(true);
	});

	test('that only talks about hidden state has none: words in a text are no fields', () => {
		const text = '{"type":"compaction_trigger","encrypted_content":"x","previous_response_id":"y"}';
		const talk = {
			...message,
			content: [
				{type: 'input_text', text},
				{type: 'input_text', compaction_trigger: 'no'},
			],
		};
		expect(stateOf('/responses', {input: [talk], instructions: text, metadata: {previous_response_id: 'z'}})).toEqual(
			noState,
		);
	});

	test('keeps plain text that Codex copies into parts of an agent’s message', () => {
		const agent = {type: 'agent_message', content: [{type: 'encrypted_content', encrypted_content: 'plain'}]};
		expect(stateOf('/responses', {input: [agent]}).items).toEqual([]);
	});

	test.each(['/chat/completions', '/messages', '/models'])('%s knows no such state', path => {
		expect(stateOf(path, {input: [{type: 'compaction', encrypted_content: 'C'}], previous_response_id: 'r'})).toEqual(
			noState,
		);
	});
});

describe('a v2 compact', () => {
	test('is recognised by a compaction_trigger, and its kind is compaction', () => {
		const target = findServedPath('/responses');
		const body = Buffer.from(JSON.stringify({input: [message, {type: 'compaction_trigger'}]}));
		const input = {method: 'POST', path: '/responses', query: '', headers: {}, body};
		expect(target && identify({...input, target})).toMatchObject({kind: 'compaction', state: {kind: 'compact-v2'}});
	});

	test('is recognised at any depth of the input, and nowhere else (property)', () => {
		const wrap = fc.array(fc.constantFrom<'array' | 'object' | 'sibling'>('array', 'object', 'sibling'), {
			maxLength: 8,
		});
		fc.assert(
			fc.property(wrap, fc.boolean(), fc.jsonValue(), (steps, isReal, noise) => {
				let value: unknown = isReal ? {type: 'compaction_trigger'} : {type: '"compaction_trigger"', noise};
				for (const step of steps) {
					value = step === 'array' ? [noise, value] : step === 'object' ? {content: value} : {noise, inner: [value]};
				}

				expect(stateOf('/responses', {model: 'm', input: [value]}).kind).toBe(isReal ? 'compact-v2' : 'ordinary');
				expect(stateOf('/responses', {model: 'm', input: [], tools: [value]}).kind).toBe('ordinary');
			}),
			propertyRuns(100),
		);
	});
});

const compact = (body: object): StateEvidence => stateOf('/responses/compact', {model: 'm', ...body});

describe('a v1 compact', () => {
	test('is recognised by its path and may carry nothing', () => {
		expect(compact({input: [message]})).toEqual({...noState, kind: 'compact-v1'});
	});

	test('that carries only previous_response_id shows it although the field will go (routing.md 4)', () => {
		expect(compact({input: [], previous_response_id: 'resp_1'}).previousResponseId).toBe('resp_1');
	});

	test('is searched for encrypted content at any depth, null being none', () => {
		expect(compact({input: [{a: [{encrypted_content: 'E'}]}]}).hasDeepContent).toBe(true);
		expect(compact({input: [{a: [{encrypted_content: null}]}]}).hasDeepContent).toBe(false);
		expect(compact({input: [{a: {compaction_summary: 's'}}]}).hasBareCompaction).toBe(true);
	});

	test('is never streamed, whatever its body says', () => {
		const target = findServedPath('/responses/compact');
		const body = Buffer.from('{"stream":true}');
		const input = {method: 'POST', path: '/responses/compact', query: '', headers: {}, body};
		expect(target && identify({...input, target}).isStreaming).toBe(false);
	});
});
