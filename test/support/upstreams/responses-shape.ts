import {
	anyObject,
	byKey,
	either,
	exactly,
	filled,
	flag,
	jsonObjectText,
	listOf,
	matching,
	number,
	object,
	text,
} from './shape.ts';

/* What the Responses API takes from a client that is not Codex: documented keys only, down to the parts of items (translation.md 4.1). */

const name = matching(/^[\w-]{1,64}$/);
const callId = matching(/^[\w-]{1,64}$/);

const image = object({
	type: exactly('input_image'),
	image_url: matching(/^(?:data:image\/\w+;base64,|https?:)/),
	'detail?': exactly('low', 'high', 'auto'),
});
const inputText = object({type: exactly('input_text'), text});
const input = byKey('type', {input_text: inputText, input_image: image});

const message = byKey('role', {
	user: object({type: exactly('message'), role: exactly('user'), content: listOf(input)}),
	developer: object({type: exactly('message'), role: exactly('developer'), content: listOf(inputText)}),
	assistant: object({
		type: exactly('message'),
		role: exactly('assistant'),
		content: listOf(object({type: exactly('output_text'), text, annotations: (): readonly string[] => []})),
	}),
});

const item = byKey('type', {
	message,
	reasoning: object({
		type: exactly('reasoning'),
		// An empty list is right here and nowhere else.
		summary: (value, at) =>
			Array.isArray(value) && value.length === 0
				? []
				: listOf(object({type: exactly('summary_text'), text}))(value, at),
		encrypted_content: filled,
	}),
	function_call: object({type: exactly('function_call'), call_id: callId, name, arguments: jsonObjectText}),
	function_call_output: object({
		type: exactly('function_call_output'),
		call_id: callId,
		output: either(text, listOf(input)),
	}),
});

const bridged = {
	model: filled,
	input: listOf(item),
	'instructions?': filled,
	'stream?': flag,
	'store?': exactly(false),
	'include?': listOf(exactly('reasoning.encrypted_content')),
	'max_output_tokens?': number,
	'temperature?': number,
	'top_p?': number,
	'reasoning?': object({
		'effort?': exactly('none', 'minimal', 'low', 'medium', 'high', 'xhigh'),
		'summary?': exactly('auto', 'concise', 'detailed'),
	}),
	'text?': object({'format?': anyObject}),
	'tools?': listOf(
		byKey('type', {
			function: object({type: exactly('function'), name, 'description?': text, parameters: anyObject, strict: flag}),
			web_search: object({type: exactly('web_search')}),
		}),
	),
	'tool_choice?': either(exactly('auto', 'none', 'required'), object({type: exactly('function'), name})),
	'parallel_tool_calls?': flag,
	'prompt_cache_key?': filled,
	'safety_identifier?': filled,
	'service_tier?': exactly('auto', 'default', 'flex', 'priority'),
};

/** A request to `POST /responses` by the bridge, for a client of another dialect. */
export const responsesShape = object(bridged);

const {'reasoning?': _, ...taken} = bridged;

/** The same at xAI, most of whose models refuse `reasoning` (translation.md 4.3). */
export const xaiShape = object(taken);
