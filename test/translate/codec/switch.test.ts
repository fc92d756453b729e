import {describe, expect, test} from 'vitest';
import {decodeRequest, encodeRequest, type ProviderDialect} from '../../../source/translate/codec/codec.ts';
import {sealHiddenState, type HiddenState, type Packer} from '../../../source/translate/codec/envelope.ts';
import {codexOutput} from '../../../source/translate/codec/quirks.ts';
import {objectsField} from '../../../source/translate/codec/field.ts';
import {objectField, type JsonObject} from '../../../source/wire/json-value.ts';
import {asResponses, chatDecoder, quirksWith, readAnswer, sse, type QuirkChanges} from './bridge.ts';
import {lastOf} from './check-stream.ts';
import {say, stop, think} from './chunks.ts';
import {assistant, user} from './items.ts';

const thought = (summary: string, state: HiddenState): JsonObject => ({
	type: 'reasoning',
	id: `rs_${summary}`,
	summary: [{type: 'summary_text', text: summary}],
	encrypted_content: sealHiddenState(state) ?? null,
});

const turns: readonly JsonObject[] = [
	user('1'),
	thought('deep', {kind: 'text', family: 'deepseek', text: ''}),
	assistant('a'),
	user('2'),
	thought('open', {kind: 'opaque', data: 'gAAAAciphertext'}),
	assistant('b'),
	user('3'),
	thought('clau', {kind: 'signed', family: 'anthropic', text: '', signature: 'SIG'}),
	assistant('c'),
	user('4'),
	thought('gem', {kind: 'thought', family: 'gemini', on: 'thought', signature: 'GEM'}),
	assistant('d'),
	user('5'),
];

interface Move {
	readonly name: string;
	readonly dialect: ProviderDialect;
	readonly changes: QuirkChanges;
	readonly own: readonly string[];
	readonly foreign: readonly string[];
}

const bodyFor = (dialect: ProviderDialect, changes: QuirkChanges): string => {
	const {request} = decodeRequest('responses', {model: 'm', input: turns});
	return JSON.stringify(encodeRequest(dialect, request, {model: 'up', stream: true, quirks: quirksWith(changes)}).body);
};

describe('a conversation that moves between providers (translation.md 6.2, case 110)', () => {
	test.each<Move>([
		{
			name: 'DeepSeek',
			dialect: 'chat',
			changes: {family: 'deepseek', chat: {reasoningIn: 'reasoning_content'}},
			own: ['"reasoning_content":"deep"'],
			foreign: ['gAAAA', 'SIG', 'GEM', 'open'],
		},
		{
			name: 'OpenAI',
			dialect: 'responses',
			changes: {family: 'openai'},
			own: ['gAAAAciphertext'],
			foreign: ['ctui1', 'SIG', 'GEM', 'rs_deep', 'rs_clau'],
		},
		{
			name: 'Claude',
			dialect: 'messages',
			changes: {family: 'anthropic'},
			own: ['"thinking":"clau","signature":"SIG"'],
			foreign: ['gAAAA', 'GEM', 'ctui1', 'deep'],
		},
		{
			name: 'Gemini',
			dialect: 'gemini',
			changes: {family: 'gemini'},
			own: ['"thought":true,"thoughtSignature":"GEM"'],
			foreign: ['gAAAA', 'SIG', 'ctui1', 'deep'],
		},
		{
			name: 'Groq',
			dialect: 'chat',
			changes: {family: 'groq'},
			own: [],
			foreign: ['reasoning', 'gAAAA', 'SIG', 'GEM', 'ctui1'],
		},
	])('$name gets its own hidden state and nobody else’s', ({dialect, changes, own, foreign}) => {
		const body = bodyFor(dialect, changes);
		for (const text of own) {
			expect(body).toContain(text);
		}

		for (const text of foreign) {
			expect(body).not.toContain(text);
		}

		for (const text of ['"a"', '"b"', '"c"', '"d"']) {
			expect(body).toContain(text);
		}
	});

	test('a thought that the client does not see still comes back whole', () => {
		const events = readAnswer(chatDecoder([], {family: 'deepseek'}), [sse([think('why'), say('x'), stop])]);
		const wire = asResponses(events, {...codexOutput, reasoningChannel: 'hidden'});
		const items = objectsField(objectField(lastOf(wire), 'response'), 'output');
		expect(items[0]).toMatchObject({summary: [], content: []});
		const {request} = decodeRequest('responses', {model: 'm', input: [user('1'), ...items, user('2')]});
		const quirks = quirksWith({family: 'deepseek', chat: {reasoningIn: 'reasoning_content'}});
		const {body} = encodeRequest('chat', request, {model: 'up', stream: true, quirks});
		expect(objectsField(body, 'messages')[1]).toEqual({role: 'assistant', content: 'x', reasoning_content: 'why'});
	});

	test('large state is packed where the caller brings a packer, and a damaged envelope is counted', () => {
		const packer: Packer = {
			deflate: bytes => Buffer.from(`x${bytes.toString('hex')}`),
			inflate: bytes => Buffer.from(bytes.subarray(1).toString(), 'hex'),
		};
		const state: HiddenState = {kind: 'text', family: 'f', text: 'long '.repeat(200)};
		const sealed = sealHiddenState(state, packer) ?? '';
		const {request} = decodeRequest(
			'responses',
			{model: 'm', input: [{type: 'reasoning', summary: [], encrypted_content: sealed}]},
			packer,
		);
		expect(request.items[0]).toMatchObject({hidden: state});
		const broken = decodeRequest('responses', {
			model: 'm',
			input: [{type: 'reasoning', summary: [], encrypted_content: 'ctui1.rc.e30x!'}],
		});
		expect(broken.losses.map(({code}) => code)).toEqual(['broken-envelope']);
	});

	test('fields that no bridge can carry out are refused by name', () => {
		expect(() => decodeRequest('responses', {model: 'm', input: 'x', background: true})).toThrow('"background"');
	});
});
