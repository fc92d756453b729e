import {sanitizeLine} from '../../base/sanitize.ts';
import {isJsonObject, numberField, objectField, textField, type JsonObject} from '../../wire/json-value.ts';
import type {Dialect} from '../../wire/names.ts';
import type {ModelSource} from './preset.ts';

/** How much of a provider's model list is read (watchdog.md 1.3). */
export const modelListLimits = {bodyBytes: 1024 * 1024, errorBytes: 2048, models: 5000, timeoutMs: 10_000} as const;

const sources: Readonly<Record<Dialect, ModelSource>> = {
	responses: 'openai',
	chat: 'openai',
	messages: 'anthropic',
	gemini: 'gemini',
	'code-assist': 'none',
	'command-code': 'none',
};

/** How an endpoint lists its models: as its dialect does, unless its preset says that there is no list. */
export const modelSourceOf = (dialect: Dialect, preset: {readonly models: ModelSource} | undefined): ModelSource =>
	preset?.models === 'none' ? 'none' : sources[dialect];

const versionAtEnd = /\/v\d+[a-z0-9]*$/i;

/** Where the list is; undefined where there is none. */
export const modelListUrl = (source: ModelSource, baseUrl: string): URL | undefined => {
	const base = baseUrl.replace(/\/+$/, '');
	switch (source) {
		case 'openai': {
			return new URL(`${base}/models`);
		}

		case 'anthropic': {
			return new URL(`${base}${versionAtEnd.test(base) ? '' : '/v1'}/models?limit=1000`);
		}

		case 'gemini': {
			return new URL(`${base}/models?pageSize=1000`);
		}

		case 'none': {
			return undefined;
		}
	}
};

/** One model as a provider lists it. */
export interface ListedModel {
	readonly id: string;
	/** Tokens; undefined where the list does not say. */
	readonly contextWindow: number | undefined;
	/** Undefined where the list does not say. */
	readonly takesImages: boolean | undefined;
}

/** Models as a provider lists them, in its order. */
export interface ModelList {
	readonly models: readonly ListedModel[];
	/** There are more than {@link modelListLimits} allows. */
	readonly isCut: boolean;
}

const idOf = (entry: unknown): string | undefined => {
	if (typeof entry === 'string') {
		return entry;
	}

	const object = isJsonObject(entry) ? entry : undefined;
	return textField(object, 'id') ?? textField(object, 'name')?.replace(/^models\//, '');
};

/** What providers call the length of the context: OpenRouter and Together, Groq, Mistral and LM Studio, vLLM, Google. */
const contextFields = [
	...['context_length', 'context_window', 'max_context_length', 'max_model_len', 'inputTokenLimit', 'max_input_tokens'],
];

const contextOf = (entry: JsonObject): number | undefined => {
	const found = contextFields.map(name => numberField(entry, name)).find(tokens => tokens !== undefined);
	const tokens = found ?? numberField(objectField(entry, 'meta'), 'n_ctx_train');
	return tokens !== undefined && Number.isInteger(tokens) && tokens > 0 ? tokens : undefined;
};

/** OpenRouter lists modalities, Mistral and llama.cpp capabilities, Moonshot a flag. */
const imagesOf = (entry: JsonObject): boolean | undefined => {
	const lists = [
		objectField(entry, 'architecture')['input_modalities'],
		entry['input_modalities'],
		entry['capabilities'],
	];
	const list: readonly unknown[] | undefined = lists.find(each => Array.isArray(each));
	if (list !== undefined) {
		return list.some(word => word === 'image' || word === 'vision' || word === 'multimodal');
	}

	const flag = objectField(entry, 'capabilities')['vision'] ?? entry['supports_image_in'];
	return typeof flag === 'boolean' ? flag : undefined;
};

/** Longer is no name; with a star it is a rule in our lists, and these words are no keys of a configuration file. */
const isName = (id: string): boolean =>
	id !== '' && id.length <= 256 && !id.includes('*') && !['__proto__', 'constructor', 'prototype'].includes(id);

const modelOf = (entry: unknown): ListedModel | undefined => {
	const id = sanitizeLine(idOf(entry) ?? '').trim();
	const facts = isJsonObject(entry) ? entry : {};
	return !isName(id) ? undefined : {id, contextWindow: contextOf(facts), takesImages: imagesOf(facts)};
};

/** The models in a list's JSON (`data[].id`, `models[].name`, or a bare array), free of control characters, repeats and what is no name; undefined where it is no list. */
export const readModelList = (value: unknown): ModelList | undefined => {
	const body = isJsonObject(value) ? value : {};
	const list = [value, body['data'], body['models']].find(each => Array.isArray(each));
	if (!Array.isArray(list)) {
		return undefined;
	}

	const most = modelListLimits.models;
	const byId = new Map<string, ListedModel>();
	for (const model of list.slice(0, most).map(modelOf)) {
		if (model !== undefined && !byId.has(model.id)) {
			byId.set(model.id, model);
		}
	}

	return {models: [...byId.values()], isCut: list.length > most};
};
