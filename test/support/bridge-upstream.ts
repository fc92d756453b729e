import type {Script} from '../../source/demo/script.ts';
import type {Voice} from '../../source/demo/voice.ts';
import {startFar} from './far.ts';
import {chatVoice} from './upstreams/chat-voice.ts';
import {geminiVoice} from './upstreams/gemini-voice.ts';
import {strictMessagesVoice} from './upstreams/messages-voice.ts';

/** The dialects that the bridge turns Codex's requests into. */
export const bridgedDialects = ['chat', 'messages', 'gemini'] as const;

/** One of {@link bridgedDialects}. */
export type BridgedDialect = (typeof bridgedDialects)[number];

interface Kind {
	readonly voice: Voice;
	/** Names the dialect, the profile and where the key goes, as a user's file does. */
	readonly preset: string;
	readonly credential: 'auth_token' | 'api_key';
	/** One of the provider's models: profiles differ by model. */
	readonly model: string;
}

const kinds: Readonly<Record<BridgedDialect, Kind>> = {
	chat: {voice: chatVoice, preset: 'deepseek', credential: 'auth_token', model: 'deepseek-reasoner'},
	messages: {voice: strictMessagesVoice, preset: 'anthropic', credential: 'api_key', model: 'claude-opus-4-8'},
	gemini: {voice: geminiVoice, preset: 'gemini', credential: 'api_key', model: 'gemini-3-pro-preview'},
};

/** Starts a strict upstream of a dialect that is configured like its best-known provider: DeepSeek, Anthropic or Google. */
export const startBridged = async (dialect: BridgedDialect, script: Script, name: string = dialect) => {
	const {voice, preset, credential, model} = kinds[dialect];
	const upstream = await startFar(name, script, {dialect: voice});
	const keys = `preset = "${preset}"\nmodel_mapping = { "*" = "${model}" }`;
	return {...upstream, credential, keys, model};
};
