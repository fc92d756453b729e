import {
	anyObject,
	byKey,
	either,
	exactly,
	filled,
	flag,
	listOf,
	matching,
	number,
	object,
	objectSchema,
} from './shape.ts';

/* What the Messages API takes by its reference, down to the keys of blocks (translation.md 3.1). */

const name = matching(/^[\w-]{1,64}$/);
const callId = matching(/^[\w-]+$/);
const mark = {'cache_control?': object({type: exactly('ephemeral'), 'ttl?': exactly('5m', '1h')})};

const textBlock = object({type: exactly('text'), text: filled, ...mark});

const imageBlock = object({
	type: exactly('image'),
	source: byKey('type', {
		base64: object({
			type: exactly('base64'),
			media_type: exactly('image/jpeg', 'image/png', 'image/gif', 'image/webp'),
			data: matching(/^[A-Za-z0-9+/]+=*$/),
		}),
		url: object({type: exactly('url'), url: filled}),
	}),
	...mark,
});

const message = byKey('role', {
	user: object({
		role: exactly('user'),
		content: either(
			filled,
			listOf(
				byKey('type', {
					text: textBlock,
					image: imageBlock,
					tool_result: object({
						type: exactly('tool_result'),
						tool_use_id: callId,
						'content?': either(filled, listOf(byKey('type', {text: textBlock, image: imageBlock}))),
						'is_error?': flag,
						...mark,
					}),
				}),
			),
		),
	}),
	assistant: object({
		role: exactly('assistant'),
		content: listOf(
			byKey('type', {
				text: textBlock,
				thinking: object({type: exactly('thinking'), thinking: filled, signature: filled}),
				tool_use: object({type: exactly('tool_use'), id: callId, name, input: anyObject, ...mark}),
			}),
		),
	}),
	system: object({role: exactly('system'), content: listOf(textBlock)}),
});

/** A request to `POST /messages`. */
export const messagesShape = object({
	model: filled,
	max_tokens: number,
	messages: listOf(message),
	'system?': either(filled, listOf(textBlock)),
	'tools?': listOf(
		either(
			object({name, 'description?': filled, input_schema: objectSchema, 'strict?': flag, ...mark}),
			object({type: exactly('web_search_20250305'), name: exactly('web_search'), ...mark}),
		),
	),
	'tool_choice?': byKey('type', {
		auto: object({type: exactly('auto'), 'disable_parallel_tool_use?': flag}),
		any: object({type: exactly('any'), 'disable_parallel_tool_use?': flag}),
		tool: object({type: exactly('tool'), name, 'disable_parallel_tool_use?': flag}),
		none: object({type: exactly('none')}),
	}),
	'thinking?': byKey('type', {
		adaptive: object({type: exactly('adaptive'), 'display?': exactly('summarized', 'omitted')}),
		enabled: object({type: exactly('enabled'), budget_tokens: number}),
		disabled: object({type: exactly('disabled')}),
	}),
	'output_config?': object({'effort?': exactly('low', 'medium', 'high', 'xhigh', 'max'), 'format?': anyObject}),
	'metadata?': object({user_id: filled}),
	'stop_sequences?': listOf(filled),
	'temperature?': number,
	'stream?': flag,
});
