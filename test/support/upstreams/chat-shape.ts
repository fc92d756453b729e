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
	objectSchema,
	text,
	type Shape,
} from './shape.ts';

/* What a strict Chat Completions server takes: the keys that DeepSeek documents, and no other (translation.md 1). */

const name = matching(/^[\w-]{1,64}$/);
const callId = matching(/^[\w.:-]{1,64}$/);

const content = either(
	filled,
	listOf(
		byKey('type', {
			text: object({type: exactly('text'), text: filled}),
			image_url: object({
				type: exactly('image_url'),
				image_url: object({
					url: matching(/^(?:data:image\/\w+;base64,|https?:)/),
					'detail?': exactly('low', 'high', 'auto'),
				}),
			}),
		}),
	),
);

const call = object({
	id: callId,
	type: exactly('function'),
	function: object({name, arguments: jsonObjectText}),
});

const message = byKey('role', {
	system: object({role: exactly('system'), content: filled}),
	user: object({role: exactly('user'), content}),
	assistant: object({
		role: exactly('assistant'),
		content: either(exactly(null), filled),
		'reasoning_content?': filled,
		'tool_calls?': listOf(call),
	}),
	tool: object({role: exactly('tool'), tool_call_id: callId, content: text}),
});

const tool = object({
	type: exactly('function'),
	function: object({name, 'description?': text, parameters: objectSchema}),
});

/** A request to `POST /chat/completions`; `more` are keys that one provider has beside DeepSeek's. */
export const chatShape = (more: Readonly<Record<string, Shape>> = {}): Shape =>
	object({
		model: filled,
		messages: listOf(message),
		'stream?': flag,
		'stream_options?': object({include_usage: flag}),
		'max_tokens?': number,
		'temperature?': number,
		'top_p?': number,
		'stop?': listOf(text),
		'tools?': listOf(tool),
		'tool_choice?': either(
			exactly('auto', 'none', 'required'),
			object({type: exactly('function'), function: object({name})}),
		),
		'response_format?': anyObject,
		'thinking?': object({type: exactly('enabled', 'disabled')}),
		'reasoning_effort?': exactly('high', 'max'),
		'logprobs?': flag,
		'top_logprobs?': number,
		...more,
	});
