import {isJsonObject, type JsonObject} from '../../../source/wire/json-value.ts';

/** A user message. */
export const user = (text: string): JsonObject => ({
	type: 'message',
	role: 'user',
	content: [{type: 'input_text', text}],
});
/** A developer message. */
export const developer = (text: string): JsonObject => ({...user(text), role: 'developer'});
/** An answer in the history. */
export const assistant = (text: string): JsonObject => ({
	type: 'message',
	role: 'assistant',
	content: [{type: 'output_text', text}],
});
/** A function call. */
export const call = (id: string, name = 'f', args = '{"a":1}'): JsonObject => ({
	type: 'function_call',
	call_id: id,
	name,
	arguments: args,
});
/** A function call’s result. */
export const output = (id: string, text: unknown = 'ok'): JsonObject => ({
	type: 'function_call_output',
	call_id: id,
	output: text,
});
/** A reasoning item with a readable summary. */
export const reasoning = (text: string): JsonObject => ({
	type: 'reasoning',
	summary: [{type: 'summary_text', text}],
	encrypted_content: null,
});
/** A function tool. */
export const f: JsonObject = {
	type: 'function',
	name: 'f',
	description: 'd',
	parameters: {type: 'object', properties: {}},
};
/** An image part as Codex sends it. */
export const image = {type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'original'};

/** The names of the functions of a Chat body; other tools as they are. */
export const toolNames = (body: JsonObject): readonly unknown[] => {
	const tools: readonly JsonObject[] = Array.isArray(body['tools']) ? body['tools'] : [];
	return tools.map(tool => (isJsonObject(tool['function']) ? tool['function']['name'] : tool));
};

/** The codes of losses. */
export const codes = (losses: ReadonlyArray<{readonly code: string}>): readonly string[] =>
	losses.map(({code}) => code);
