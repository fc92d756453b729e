import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import type {ProfileName} from '../../../source/provider/profiles/names.ts';
import type {ProviderDialect} from '../../../source/translate/codec/codec.ts';
import {isJsonObject, parseJsonObject, type JsonObject} from '../../../source/wire/json-value.ts';
import {root} from '../../support/scratch.ts';

/** An answer that a provider really gave. */
export interface Recording {
	/** Folder and file. */
	readonly name: string;
	readonly dialect: ProviderDialect;
	readonly profile: ProfileName;
	/** The bytes behind the response's head. */
	readonly bytes: Buffer;
	/** What they say, one object for each event; a whole answer is one. */
	readonly payloads: readonly JsonObject[];
	readonly isStream: boolean;
}

const kinds: Readonly<Record<string, readonly [ProviderDialect, ProfileName]>> = {
	alibaba: ['chat', 'qwen'],
	anthropic: ['messages', 'anthropic'],
	deepseek: ['chat', 'deepseek'],
	google: ['gemini', 'gemini'],
	groq: ['chat', 'groq'],
	mistral: ['chat', 'mistral'],
	moonshotai: ['chat', 'kimi'],
	'open-responses': ['responses', 'lm-studio'],
	openai: ['responses', 'openai'],
	'openai-compatible': ['chat', 'generic'],
	'chat-stream': ['chat', 'generic'],
	'gemini-stream': ['gemini', 'gemini'],
	messages: ['messages', 'anthropic'],
};

const payloadsOf = (file: string, text: string): readonly JsonObject[] => {
	if (file.endsWith('.json')) {
		return [parseJsonObject(text) ?? {}];
	}

	const lines = file.endsWith('.sse') ? text.replaceAll(/^data: /gm, '') : text;
	return lines.split('\n').flatMap(line => {
		// Who recorded the wrapper round parallel calls lost the last brace of two events.
		const payload = parseJsonObject(line) ?? parseJsonObject(`${line}}`);
		return payload === undefined ? [] : [payload];
	});
};

/** The events as their provider writes them: Responses and Messages name each, Chat ends with DONE. */
const streamOf = (payloads: readonly JsonObject[], dialect: ProviderDialect): string => {
	const events = payloads.map(payload => {
		const name = dialect === 'responses' || dialect === 'messages' ? `event: ${String(payload['type'])}\n` : '';
		return `${name}data: ${JSON.stringify(payload)}\n\n`;
	});
	return events.join('') + (dialect === 'chat' ? 'data: [DONE]\n\n' : '');
};

const readRecording = (folder: string, file: string): Recording => {
	const group = path.basename(folder);
	const text = readFileSync(path.join(folder, file), 'utf8');
	const payloads = payloadsOf(file, text);
	const [usual, profile] = kinds[group] ?? ['chat', 'generic'];
	// The folder of OpenAI holds answers of both of its interfaces.
	const dialect = String(payloads[0]?.['object']).startsWith('chat.completion') ? 'chat' : usual;
	const isStream = !file.endsWith('.json');
	const bytes = file.endsWith('.sse') || !isStream ? text : streamOf(payloads, dialect);
	return {
		name: `${group}/${file}`,
		dialect,
		profile: file.startsWith('xai') ? 'xai' : profile,
		bytes: Buffer.from(bytes),
		payloads,
		isStream,
	};
};

const isAnswer = (file: string): boolean => /\.(?:chunks\.txt|jsonl|sse)$/.test(file);

/** The answers of a folder in this repository: what the codecs are known to stumble over, made small. */
const ownRecordings = (): readonly Recording[] =>
	['chat-stream', 'gemini-stream', 'messages'].flatMap(group => {
		const folder = path.join(root, 'test/fixture', group);
		return readdirSync(folder)
			.filter(isAnswer)
			.map(file => readRecording(folder, file));
	});

const ancestors = (from: string): readonly string[] =>
	from === path.dirname(from) ? [from] : [from, ...ancestors(path.dirname(from))];

/**
 * The folder with the recordings of whole provider answers; undefined where there is none. They are other people's (Apache License 2.0) and
 * stay outside of this repository, beside it: `shared/fixtures/provider-streams`, or where `CODEX_TUI_RECORDINGS` says.
 */
export const recordingsFolder: string | undefined = [
	process.env['CODEX_TUI_RECORDINGS'] ?? '',
	...ancestors(root).map(folder => path.join(folder, 'shared/fixtures/provider-streams')),
].find(folder => folder !== '' && existsSync(folder));

const foreignRecordings = (folder: string): readonly Recording[] =>
	readdirSync(folder, {withFileTypes: true})
		.filter(entry => entry.isDirectory())
		.flatMap(({name}) => {
			const group = path.join(folder, name);
			return readdirSync(group).map(file => readRecording(group, file));
		});

/** All recordings that are there. */
export const recordings: readonly Recording[] = [
	...ownRecordings(),
	...(recordingsFolder === undefined ? [] : foreignRecordings(recordingsFolder)),
];

/** An array's objects. */
export const objectsIn = (value: unknown): readonly JsonObject[] =>
	Array.isArray(value) ? value.filter(isJsonObject) : [];
