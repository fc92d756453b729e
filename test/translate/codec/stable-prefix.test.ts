import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {profileNames, type ProfileName} from '../../../source/provider/profiles/names.ts';
import {quirksOf} from '../../../source/provider/profiles/profiles.ts';
import {decodeRequest, encodeRequest, type ProviderDialect} from '../../../source/translate/codec/codec.ts';
import {sealHiddenState, type HiddenState} from '../../../source/translate/codec/envelope.ts';
import {objectsField} from '../../../source/translate/codec/field.ts';
import type {ProviderQuirks} from '../../../source/translate/codec/quirks.ts';
import {objectField, parseJsonObject, type JsonObject} from '../../../source/wire/json-value.ts';

/*
 * Prompt caches live on the bytes in front: a conversation of forty turns of tool calls may only grow at its end, and what stands in front of
 * it (tools, system texts) must not change at all. The first bytes are those of a real Codex with a tool server (codex-wire.md).
 */

const file = new URL('../../fixture/codex-0.169/mcp.bridge-body.json', import.meta.url);
const body = parseJsonObject(readFileSync(file, 'utf8')) ?? {};
const items = objectsField(body, 'input');
/** Up to the user's question: the call behind it came without a thought, which turns thinking off for once (translation.md 3.1). */
const opening = items.slice(
	0,
	items.findIndex(({type}) => type === 'function_call'),
);
const turns = 40;

const listNames: Readonly<Record<ProviderDialect, string>> = {
	chat: 'messages',
	messages: 'messages',
	gemini: 'contents',
	responses: 'input',
};

/** What this provider has to get back of each turn. */
const stateOf = (dialect: ProviderDialect, family: string, turn: number): HiddenState => {
	const signature = `c2lnbmF0dXJl${turn}`;
	switch (dialect) {
		case 'chat': {
			return {kind: 'text', family, text: ''};
		}

		case 'messages': {
			return {kind: 'signed', family, text: '', signature};
		}

		case 'gemini': {
			return {kind: 'thought', family, on: 'call', signature};
		}

		case 'responses': {
			return {kind: 'opaque', data: signature};
		}
	}
};

const turnOf = (dialect: ProviderDialect, quirks: ProviderQuirks, turn: number): readonly JsonObject[] => {
	// Joining late texts of authority with the first one is what this policy means: it gives the cache up (translation.md 1.2).
	const isLateNote = turn % 7 === 3 && (dialect !== 'chat' || quirks.chat.system !== 'merge-head');
	const note = {type: 'message', role: 'developer', content: [{type: 'input_text', text: `note ${turn}`}]};
	const said = {type: 'message', role: 'assistant', content: [{type: 'output_text', text: `turn ${turn}`}]};
	const calls = turn % 5 === 4 ? [`call_${turn}`, `call_${turn}_b`] : [`call_${turn}`];
	const encrypted = sealHiddenState(stateOf(dialect, quirks.family, turn)) ?? null;
	return [
		{type: 'reasoning', summary: [{type: 'summary_text', text: `thought ${turn}`}], encrypted_content: encrypted},
		...(turn % 3 === 0 ? [said] : []),
		...calls.map(id => ({
			type: 'function_call',
			call_id: id,
			name: 'exec_command',
			arguments: `{"cmd":"echo ${turn}"}`,
		})),
		...calls.map(id => ({type: 'function_call_output', call_id: id, output: `${turn}\n`})),
		...(isLateNote ? [note] : []),
	];
};

/** Those that have a Messages interface too (presets.md). */
const withMessages: readonly ProfileName[] = [
	'anthropic',
	'generic',
	'deepseek',
	'kimi',
	'minimax',
	'zai',
	'openrouter',
];

const upstreams: ReadonlyArray<readonly [ProviderDialect, ProfileName]> = [
	...profileNames.map(name => ['chat', name] as const),
	...withMessages.map(name => ['messages', name] as const),
	['gemini', 'gemini'],
	['responses', 'openai'],
	['responses', 'lm-studio'],
];

/** Cache marks move with the end on purpose; they are no part of what is cached. */
const withoutMarks = (text: string): string =>
	text.replaceAll(/,?"cache_control":\{"type":"ephemeral"(?:,"ttl":"\w+")?\}/g, '');

/** Says what grows and what has to stay, turn by turn. */
const checkGrowth = (dialect: ProviderDialect, encodeTurn: (turn: number) => JsonObject): void => {
	const name = listNames[dialect];
	let before = '';
	let frame: string | undefined;
	for (let turn = 0; turn < turns; turn += 1) {
		const encoded = encodeTurn(turn);
		const rest = withoutMarks(JSON.stringify({...encoded, [name]: []}));
		const list = withoutMarks(JSON.stringify(encoded[name]));
		expect(rest).toBe((frame ??= rest));
		expect(list.startsWith(before), `turn ${turn}: the bytes of the last one`).toBe(true);
		expect(list.length).toBeGreaterThan(before.length);
		before = list.slice(0, -1);
	}
};

describe.each(upstreams)('forty turns of tool calls through %s to %s', (dialect, profile) => {
	test('only grow at their end', () => {
		const quirks = quirksOf(profile, 'up');
		const history: JsonObject[] = [...opening];
		checkGrowth(dialect, turn => {
			const {request} = decodeRequest('responses', {...body, input: [...history]});
			history.push(...turnOf(dialect, quirks, turn));
			return encodeRequest(dialect, request, {model: 'up', stream: true, quirks}).body;
		});
	});
});

const claudeFile = new URL('../../fixture/claude-2.1.197/text.exchange.json', import.meta.url);
const claudeTurns: readonly unknown[] = JSON.parse(readFileSync(claudeFile, 'utf8'));
const claudeBody =
	claudeTurns
		.map(turn => objectField({turn}, 'turn'))
		.map(turn => objectField(turn, 'body'))
		.find(({tools}) => Array.isArray(tools)) ?? {};

/** A turn of Claude Code: it marks its newest message for the cache, and no older one. */
const claudeTurn = (turn: number): readonly JsonObject[] => [
	{
		role: 'assistant',
		content: [
			{type: 'text', text: `turn ${turn}`},
			{type: 'tool_use', id: `toolu_${turn}`, name: 'Bash', input: {command: `echo ${turn}`}},
		],
	},
	{role: 'user', content: [{type: 'tool_result', tool_use_id: `toolu_${turn}`, content: `${turn}\n`, is_error: false}]},
];

describe.each<readonly [ProviderDialect, ProfileName]>([
	['chat', 'deepseek'],
	['chat', 'generic'],
	['chat', 'openai'],
	['responses', 'openai'],
	['gemini', 'gemini'],
])('forty turns of Claude Code’s tool calls through %s to %s', (dialect, profile) => {
	test('only grow at their end', () => {
		const quirks = quirksOf(profile, 'up');
		expect(claudeBody['tools']).toBeDefined();
		const history: JsonObject[] = [...objectsField(claudeBody, 'messages')];
		checkGrowth(dialect, turn => {
			const {request} = decodeRequest('messages', {...claudeBody, messages: [...history]});
			history.push(...claudeTurn(turn));
			return encodeRequest(dialect, request, {model: 'up', stream: true, quirks}).body;
		});
	});
});
