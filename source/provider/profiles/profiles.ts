import type {ProviderQuirks} from '../../translate/codec/quirks.ts';
import {anthropic} from './anthropic.ts';
import {deepseek} from './deepseek.ts';
import {geminiOpenAi} from './gemini-openai.ts';
import {gemini} from './gemini.ts';
import {groq} from './groq.ts';
import {kimi} from './kimi.ts';
import {llamaCpp} from './llama-cpp.ts';
import {lmStudio} from './lm-studio.ts';
import {minimax} from './minimax.ts';
import {mistral} from './mistral.ts';
import type {ProfileName} from './names.ts';
import {nim} from './nim.ts';
import {ollama} from './ollama.ts';
import {openai} from './openai.ts';
import {openrouter} from './openrouter.ts';
import {defineProfile, type ProviderProfile} from './profile.ts';
import {qwen} from './qwen.ts';
import {vllm} from './vllm.ts';
import {xai} from './xai.ts';
import {zai} from './zai.ts';

/** Every provider profile (translation.md 1.10) by its name. */
export const profiles: Readonly<Record<ProfileName, ProviderProfile>> = {
	generic: defineProfile({quirks: {}}),
	openai,
	anthropic,
	deepseek,
	kimi,
	qwen,
	mistral,
	groq,
	xai,
	openrouter,
	zai,
	minimax,
	nim,
	ollama,
	'llama-cpp': llamaCpp,
	vllm,
	'lm-studio': lmStudio,
	gemini,
	'gemini-openai': geminiOpenAi,
	// Every tool call of it stands in the text (presets.md).
	'command-code': defineProfile({textTools: 'strict', quirks: {family: 'command-code', chat: {vision: false}}}),
};

/** The quirks of a provider for one of its models, by the name that the provider knows the model by. */
export const quirksOf = (profile: ProfileName, model: string): ProviderQuirks => {
	const {quirks, models} = profiles[profile];
	const name = model.toLowerCase();
	return models.find(({pattern}) => pattern.test(name))?.quirks ?? quirks;
};
