import {sanitizeLine} from '../../base/sanitize.ts';
import {isJsonObject, textField} from '../../wire/json-value.ts';
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

/** Model ids as a provider lists them, in its order. */
export interface ModelList {
	readonly ids: readonly string[];
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

/** The ids in a list's JSON (`data[].id`, `models[].name`, or a bare array), free of control characters and repeats; undefined where it is no list. */
export const readModelList = (value: unknown): ModelList | undefined => {
	const body = isJsonObject(value) ? value : {};
	const list = [value, body['data'], body['models']].find(each => Array.isArray(each));
	if (!Array.isArray(list)) {
		return undefined;
	}

	const {models} = modelListLimits;
	const ids = list
		.slice(0, models)
		.map(idOf)
		.filter(id => id !== undefined)
		.map(id => sanitizeLine(id).trim())
		.filter(id => id !== '');
	return {ids: [...new Set(ids)], isCut: list.length > models};
};
