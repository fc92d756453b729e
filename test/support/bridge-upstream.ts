import {expect} from 'vitest';
import {isObject, objectsOf} from '../../source/demo/read-request.ts';
import type {Script} from '../../source/demo/script.ts';
import type {ScriptedUpstream} from '../../source/demo/scripted-upstream.ts';
import type {Voice} from '../../source/demo/voice.ts';
import {startFar} from './far.ts';
import {checkMistral, checkThinking} from './upstreams/chat-rules.ts';
import {chatShape} from './upstreams/chat-shape.ts';
import {createChatVoice} from './upstreams/chat-voice.ts';
import {geminiVoice} from './upstreams/gemini-voice.ts';
import {strictMessagesVoice} from './upstreams/messages-voice.ts';
import {strictResponsesVoice, xaiVoice} from './upstreams/responses-voice.ts';
import {filled, flag} from './upstreams/shape.ts';

/** The dialects that the bridge turns Codex's requests into. */
export const bridgedDialects = ['chat', 'messages', 'gemini'] as const;

/** What a strict upstream can be: the best-known provider of a dialect, or another: Kimi sees, Mistral is the strictest of Chat, xAI takes a part of Responses. */
type BridgedKind = (typeof bridgedDialects)[number] | 'responses' | 'kimi' | 'mistral' | 'xai';

interface Kind {
	readonly voice: Voice;
	/** Names the dialect, the profile and where the key goes, as a user's file does. */
	readonly preset: string;
	readonly credential: 'auth_token' | 'api_key';
	/** One of the provider's models: profiles differ by model. */
	readonly model: string;
}

const kinds: Readonly<Record<BridgedKind, Kind>> = {
	responses: {voice: strictResponsesVoice, preset: 'openai', credential: 'auth_token', model: 'gpt-5.5'},
	xai: {voice: xaiVoice, preset: 'xai', credential: 'auth_token', model: 'grok-4'},
	chat: {
		voice: createChatVoice({shape: chatShape(), rules: checkThinking}),
		preset: 'deepseek',
		credential: 'auth_token',
		model: 'deepseek-reasoner',
	},
	kimi: {
		voice: createChatVoice({shape: chatShape({'prompt_cache_key?': filled}), rules: checkThinking}),
		preset: 'kimi',
		credential: 'auth_token',
		model: 'kimi-k2.5',
	},
	mistral: {
		voice: createChatVoice({shape: chatShape({'parallel_tool_calls?': flag}), rules: checkMistral}),
		preset: 'mistral',
		credential: 'auth_token',
		model: 'mistral-large-latest',
	},
	messages: {voice: strictMessagesVoice, preset: 'anthropic', credential: 'api_key', model: 'claude-opus-4-8'},
	gemini: {voice: geminiVoice, preset: 'gemini', credential: 'api_key', model: 'gemini-3-pro-preview'},
};

/** Starts a strict upstream that is configured as a user configures the provider: by its preset. Only requests of the bridge suit it. */
export const startBridged = async (kind: BridgedKind, script: Script) => {
	const {voice, preset, credential, model} = kinds[kind];
	const upstream = await startFar(kind, script, {dialect: voice});
	const keys = `preset = "${preset}"\nmodel_mapping = { "*" = "${model}" }`;
	return {...upstream, credential, keys, model};
};

/** A value without Anthropic's cache marks: they follow the end of the conversation and are no part of the prefix. */
const withoutMarks = (value: unknown): unknown =>
	JSON.parse(JSON.stringify(value ?? null, (key, part: unknown) => (key === 'cache_control' ? undefined : part)));

/**
 * Every request repeats the one before it, element by element, and adds to its end: prompt caches live on it. Fails the test where a
 * request changed anything in front.
 */
export const expectGrowingPrefix = ({requests}: ScriptedUpstream): void => {
	const bodies = requests.map(({parsed}) => (isObject(parsed) ? parsed : {}));
	for (const [index, next] of bodies.entries()) {
		const before = bodies[index - 1] ?? next;
		const key = ['messages', 'contents'].find(name => name in next) ?? 'input';
		const said = objectsOf(before[key]);
		expect(withoutMarks(objectsOf(next[key]).slice(0, said.length))).toEqual(withoutMarks(said));
		for (const head of ['model', 'system', 'systemInstruction', 'tools', 'tool_choice']) {
			expect(withoutMarks(next[head])).toEqual(withoutMarks(before[head]));
		}
	}
};
