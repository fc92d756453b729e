import {describe, expect, test} from 'vitest';
import {sealHiddenState} from '../../../../source/translate/codec/envelope.ts';
import type {JsonObject} from '../../../../source/wire/json-value.ts';
import type {QuirkChanges} from '../bridge.ts';
import {assistant, call, codes, developer, f, image, output, reasoning, user} from '../items.ts';
import {checkMessagesRequest} from './check-messages.ts';
import {anthropic, toMessages, wireMessages} from './kit.ts';

const signedItem = (text: string, signature: string, family = 'anthropic'): JsonObject => ({
	type: 'reasoning',
	summary: [{type: 'summary_text', text}],
	encrypted_content: sealHiddenState({kind: 'signed', family, text, signature}),
});

const messagesOf = (input: readonly JsonObject[], changes: QuirkChanges = anthropic): readonly JsonObject[] => {
	const noMarks = {...changes, messages: {cacheControl: false, ...changes.messages}};
	checkMessagesRequest(toMessages({input, tools: [f]}, noMarks).body);
	return wireMessages({input, tools: [f]}, noMarks);
};

const words = (text: string): JsonObject => ({type: 'text', text});
const use = (id: string, input: JsonObject = {a: 1}): JsonObject => ({type: 'tool_use', id, name: 'f', input});
const result = (id: string, content: unknown = 'ok'): JsonObject => ({type: 'tool_result', tool_use_id: id, content});

describe('system texts (translation.md 3.1)', () => {
	const input = [developer('base'), developer('more'), user('hi'), assistant('yes'), developer('late'), user('go')];

	test('case 1: leading developer messages become system blocks in order, an empty instruction none', () => {
		const {body} = toMessages({instructions: '', input}, {...anthropic, messages: {cacheControl: false}});
		expect(body['system']).toEqual([words('base'), words('more')]);
	});

	test('case 3: a late developer message becomes a reminder in place', () => {
		expect(messagesOf(input).at(-1)).toEqual({
			role: 'user',
			content: [words('<system-reminder>\nlate\n</system-reminder>'), words('go')],
		});
	});

	test('models with the beta get it as a system message, and the beta is named', () => {
		const changes = {family: 'anthropic', messages: {midSystem: true, cacheControl: false}};
		expect(messagesOf(input, changes).slice(-2)).toEqual([
			{role: 'system', content: [words('late')]},
			{role: 'user', content: [words('go')]},
		]);
		expect(toMessages({input}, changes).betas).toContain('mid-conversation-system-2026-04-07');
	});

	test('a picture in a system text is shown by the user', () => {
		const picture = {type: 'message', role: 'developer', content: [{type: 'input_text', text: 'see'}, image]};
		const {body} = toMessages({input: [picture, user('hi')]});
		expect(body['system']).toMatchObject([{text: 'see'}]);
		expect(body['messages']).toMatchObject([{content: [{type: 'image'}, {text: 'hi'}]}]);
	});
});

describe('roles (translation.md 3.1)', () => {
	test('case 4: a string is one user message', () => {
		expect(wireMessages({input: 'hi'})).toMatchObject([{role: 'user', content: [{type: 'text', text: 'hi'}]}]);
	});

	test('case 5: an empty input is refused, instructions alone too', () => {
		expect(() => toMessages({input: [], instructions: 'x'})).toThrow('The input is empty');
	});

	test('messages of one role are joined', () => {
		expect(messagesOf([user('a'), user('b'), assistant('c'), assistant('d'), user('e')])).toEqual([
			{role: 'user', content: [words('a'), words('b')]},
			{role: 'assistant', content: [words('c'), words('d')]},
			{role: 'user', content: [words('e')]},
		]);
	});

	test('a history that begins with an answer gets a user in front, one that ends with an answer gets one behind', () => {
		const {body, losses} = toMessages({input: [assistant('a')]});
		expect(body['messages']).toMatchObject([
			{role: 'user', content: [{text: '(continuing the conversation)'}]},
			{role: 'assistant'},
			{role: 'user', content: [{text: 'Continue.'}]},
		]);
		expect(codes(losses)).toContain('continue-added');
	});

	test('blank texts are dropped: Anthropic refuses them', () => {
		expect(messagesOf([user('a'), assistant(' \n'), user('b')])).toEqual([
			{role: 'user', content: [words('a'), words('b')]},
		]);
	});
});

describe('calls and results (translation.md 3.1)', () => {
	test('case 15: results stand in one user message in the order of the calls', () => {
		expect(messagesOf([user('x'), call('a'), call('b'), output('b', '2'), output('a', '1')]).slice(1)).toEqual([
			{role: 'assistant', content: [use('a'), use('b')]},
			{role: 'user', content: [result('a', '1'), result('b', '2')]},
		]);
	});

	test('case 16 and 83: what was said between call and result stands behind the result', () => {
		const input = [user('x'), call('a'), developer('note'), user('steer'), output('a')];
		expect(messagesOf(input).at(-1)).toEqual({
			role: 'user',
			content: [result('a'), words('<system-reminder>\nnote\n</system-reminder>'), words('steer')],
		});
	});

	test('case 17: a call without a result gets one that says so', () => {
		expect(messagesOf([user('x'), call('a'), user('y')]).at(-1)).toMatchObject({
			content: [
				{type: 'tool_result', tool_use_id: 'a'},
				{type: 'text', text: 'y'},
			],
		});
	});

	test('case 18: a result without a call becomes a note', () => {
		expect(messagesOf([user('x'), output('a', 'lost')])).toMatchObject([
			{content: [{text: 'x'}, {text: 'Output of an earlier tool call (a): lost'}]},
		]);
	});

	test('case 21: broken arguments become {} and the result says what they were', () => {
		const messages = messagesOf([user('x'), call('a', 'f', '{not json'), output('a')]);
		expect(messages[1]).toEqual({role: 'assistant', content: [use('a', {})]});
		expect(JSON.stringify(messages[2])).toContain('arguments were not valid JSON: {not json');
	});

	test('case 27: text and call of one answer stand in one message, the call last', () => {
		expect(messagesOf([user('x'), call('a'), assistant('I look'), output('a')])[1]).toEqual({
			role: 'assistant',
			content: [words('I look'), use('a')],
		});
	});

	test('case 11: the raw input of a custom tool goes as a string and comes back byte by byte', () => {
		const raw = '*** Begin Patch\n"é"\t\\\n*** End Patch';
		const tools = [{type: 'custom', name: 'apply_patch', description: 'd', format: {type: 'text'}}];
		const input = [user('x'), {type: 'custom_tool_call', call_id: 'a', name: 'apply_patch', input: raw}];
		const {body} = toMessages({input, tools});
		checkMessagesRequest(body);
		expect(body['messages']).toMatchObject([{}, {content: [{name: 'apply_patch', input: {input: raw}}]}, {}]);
	});

	test('ids that Anthropic refuses are replaced in call and result', () => {
		const [, asked, answered] = messagesOf([user('x'), call('functions.f:0|x'), output('functions.f:0|x')]);
		const id = Array.isArray(asked?.['content']) ? asked['content'][0].id : undefined;
		expect(id).toMatch(/^[\w-]+$/);
		expect(answered).toMatchObject({content: [{tool_use_id: id}]});
	});

	test('case 24: pictures stay inside their results', () => {
		const parts = [{type: 'input_text', text: 'see'}, image];
		const source = {type: 'base64', media_type: 'image/png', data: 'AAAA'};
		expect(messagesOf([user('x'), call('a'), call('b'), output('a', parts), output('b')]).at(-1)).toEqual({
			role: 'user',
			content: [result('a', [words('see'), {type: 'image', source}]), result('b')],
		});
	});

	test('a history with calls but without tools names them again and forbids them (translation.md 2.13)', () => {
		const {body} = toMessages({input: [user('x'), call('a'), output('a'), user('summarise')]});
		checkMessagesRequest(body);
		expect(body).toMatchObject({tools: [{name: 'f'}], tool_choice: {type: 'none'}});
	});
});

describe('reasoning in the history (translation.md 3.1, 6.2)', () => {
	const thinking = {type: 'thinking', thinking: 'hm', signature: 'Sig=='};
	const signed = {kind: 'signed', family: 'anthropic', signature: 'Sig=='} as const;

	test('case 85: a signed thought goes back byte by byte, in front of its answer', () => {
		const input = [user('x'), assistant('text'), signedItem('hm', 'Sig=='), call('a'), output('a')];
		expect(messagesOf(input)[1]).toEqual({role: 'assistant', content: [thinking, words('text'), use('a')]});
	});

	test('a signed thought whose text is the shown one goes back with it', () => {
		const item = {...signedItem('hm', 'Sig=='), encrypted_content: sealHiddenState({...signed, text: ''})};
		expect(messagesOf([user('x'), item, assistant('y'), user('z')])[1]).toMatchObject({
			content: [thinking, words('y')],
		});
	});

	test('case 86: a redacted thought goes back as it came', () => {
		const encrypted = sealHiddenState({kind: 'redacted', family: 'anthropic', data: 'Red=='});
		const item = {type: 'reasoning', summary: [], encrypted_content: encrypted};
		expect(messagesOf([user('x'), item, assistant('y'), user('z')])[1]).toEqual({
			role: 'assistant',
			content: [{type: 'redacted_thinking', data: 'Red=='}, words('y')],
		});
	});

	test.each([
		['unsigned', reasoning('hm')],
		['of another family', signedItem('hm', 'Sig==', 'minimax')],
		['of OpenAI', {type: 'reasoning', summary: [], encrypted_content: 'gAAAAA'}],
	])('a thought %s is left out and counted: nothing is forged', (_title, item) => {
		const {body, losses} = toMessages({input: [user('x'), item, assistant('y'), user('z')]});
		expect(JSON.stringify(body)).not.toContain('thinking');
		expect(codes(losses)).toContain('foreign-reasoning');
	});

	test('providers that take unsigned thoughts get their own', () => {
		const changes = {family: 'deepseek', messages: {unsignedThinking: true, cacheControl: false}};
		const encrypted = sealHiddenState({kind: 'text', family: 'deepseek', text: ''});
		const item = {...reasoning('hm'), encrypted_content: encrypted};
		expect(messagesOf([user('x'), item, assistant('y'), user('z')], changes)[1]).toEqual({
			role: 'assistant',
			content: [{type: 'thinking', thinking: 'hm'}, words('y')],
		});
	});

	test('case 31: a thought between two user messages belongs to nobody', () => {
		const {body, losses} = toMessages({input: [user('x'), signedItem('hm', 'Sig=='), user('y'), assistant('z')]});
		expect(JSON.stringify(body)).not.toContain('Sig==');
		expect(codes(losses)).toContain('loose-reasoning');
	});
});

const partOf = (part: JsonObject) =>
	wireMessages({input: [{type: 'message', role: 'user', content: [part, {type: 'input_text', text: 'x'}]}]});

describe('media and unknown things', () => {
	test.each([
		[image, {type: 'image', source: {type: 'base64', media_type: 'image/png', data: 'AAAA'}}],
		[
			{type: 'input_image', image_url: 'https://example.org/a.png'},
			{type: 'image', source: {type: 'url', url: 'https://example.org/a.png'}},
		],
		[
			{type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE'},
			{type: 'document', title: 'a.pdf', source: {type: 'base64', media_type: 'application/pdf', data: 'JVBE'}},
		],
		[
			{type: 'input_file', filename: 'a.txt', file_data: 'data:text/plain;base64,aGk='},
			{type: 'document', title: 'a.txt', source: {type: 'text', media_type: 'text/plain', data: 'hi'}},
		],
		[
			{type: 'input_image', file_id: 'file_1'},
			{type: 'text', text: '[image omitted: an uploaded file of another account]'},
		],
		[
			{type: 'input_image', image_url: 'data:image/tiff;base64,AAAA'},
			{type: 'text', text: '[image omitted: images of type image/tiff are not taken]'},
		],
		[
			{type: 'input_audio', input_audio: {data: 'AA', format: 'wav'}},
			{type: 'text', text: '[audio omitted: sound is not taken]'},
		],
	])('%j', (part, block) => {
		expect(partOf(part)).toMatchObject([{content: [block, {text: 'x'}]}]);
	});

	test('case 38: a foreign compaction is left out and counted', () => {
		const foreign = toMessages({input: [{type: 'compaction', encrypted_content: 'gAAA'}, user('x')]});
		expect(codes(foreign.losses)).toContain('foreign-compaction');
		expect(JSON.stringify(foreign.body)).not.toContain('gAAA');
	});

	test('case 12: a tool search is a call with a result, and what it found is offered', () => {
		const search = {type: 'tool_search', execution: 'client', parameters: {type: 'object', properties: {}}};
		const found = {type: 'function', name: 'brew', description: 'Makes tea.\nSlowly.'};
		const input = [
			user('x'),
			{type: 'tool_search_call', call_id: 'a', execution: 'client', arguments: {query: 'tea'}},
			{type: 'tool_search_output', call_id: 'a', status: 'completed', execution: 'client', tools: [found]},
		];
		const {body} = toMessages({input, tools: [search]});
		checkMessagesRequest(body);
		expect(body['tools']).toMatchObject([{name: 'tool_search'}, {name: 'brew'}]);
		expect(body['messages']).toMatchObject([
			{},
			{content: [{type: 'tool_use', name: 'tool_search', input: {query: 'tea'}}]},
			{content: [{type: 'tool_result', content: 'Loaded tools:\n- brew: Makes tea.'}]},
		]);
	});

	test('case 6: tools inside the conversation are offered and are no message', () => {
		const lite = {type: 'additional_tools', role: 'developer', tools: [f]};
		const {body} = toMessages({input: [lite, developer('base'), user('x')]});
		checkMessagesRequest(body);
		expect(body).toMatchObject({tools: [{name: 'f'}], system: [{text: 'base'}], messages: [{role: 'user'}]});
	});

	test('case 40: an unknown item is skipped and counted', () => {
		const {body, losses} = toMessages({input: [{type: 'mystery', secret: 1}, user('x')]});
		checkMessagesRequest(body);
		expect(codes(losses)).toContain('unknown-item');
	});
});
