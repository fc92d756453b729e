import {isObject, objectsOf, stringOf, type SeenRequest} from '../../../source/demo/read-request.ts';
import type {JsonObject} from '../../../source/demo/script.ts';
import {fault, type Fault} from '../../../source/demo/strict/refuse.ts';
import {messagesVoice, type Voice} from '../../../source/demo/voice.ts';
import {messagesShape} from './messages-shape.ts';
import {checkHeaders} from './plain-headers.ts';

/* Messages as Anthropic answers to strangers: every key of every block is known, and what needs a beta names it. */

const typesOf = ({content}: JsonObject): readonly string[] => objectsOf(content).map(({type}) => stringOf(type));

/** `true` comes before every `false`. */
const leads = (flags: readonly boolean[]): boolean => !flags.some((is, index) => is && flags[index - 1] === false);

const bad = (why: string): Fault => fault('bad-field', `messages: ${why}`);

const checkOrder = (messages: readonly JsonObject[]): readonly Fault[] => {
	const turns = messages.filter(({role}) => role !== 'system');
	return [
		...(turns[0]?.['role'] === 'user' ? [] : [bad('first message must use the user role')]),
		...(turns.at(-1)?.['role'] === 'user' ? [] : [bad('the conversation must end with a user message')]),
		...messages.flatMap((message, index) => [
			...(messages[index - 1]?.['role'] === message['role'] ? [bad('two messages of one role in a row')] : []),
			...(message['role'] === 'user' && !leads(typesOf(message).map(type => type === 'tool_result'))
				? [bad('tool_result blocks stand at the beginning')]
				: []),
			...(message['role'] === 'assistant' && typesOf(message).includes('thinking') && typesOf(message)[0] !== 'thinking'
				? [bad('a final assistant message with thinking starts with a thinking block')]
				: []),
		]),
	];
};

const marksIn = (value: unknown): number => JSON.stringify(value ?? []).split('"cache_control":{').length - 1;

const checkThinking = (body: JsonObject, messages: readonly JsonObject[]): readonly Fault[] => {
	const type = isObject(body['thinking']) ? stringOf(body['thinking']['type']) : 'disabled';
	const last = messages.findLast(({role}) => role === 'assistant');
	const isOpen = messages.at(-1)?.['role'] !== 'assistant' && typesOf(messages.at(-1) ?? {}).includes('tool_result');
	const isUnsigned = last !== undefined && isOpen && typesOf(last)[0] !== 'thinking';
	return [
		...(type !== 'disabled' && isUnsigned
			? [fault('bad-field', 'messages: Expected `thinking` or `redacted_thinking`, but found `tool_use`')]
			: []),
		...(type !== 'disabled' && 'temperature' in body
			? [fault('bad-field', 'temperature: may only be set when thinking is off')]
			: []),
	];
};

const checkBetas = ({headers}: SeenRequest, body: JsonObject, messages: readonly JsonObject[]): readonly Fault[] => {
	const betas = stringOf(headers['anthropic-beta']);
	const config = isObject(body['output_config']) ? body['output_config'] : {};
	const needs: ReadonlyArray<readonly [string, boolean]> = [
		['mid-conversation-system', messages.some(({role}) => role === 'system')],
		['effort', 'effort' in config],
		['structured-outputs', 'format' in config],
	];
	return needs
		.filter(([beta, isNeeded]) => isNeeded && !betas.includes(beta))
		.map(([beta]) => fault('bad-field', `anthropic-beta: this request needs ${beta}`));
};

const checkTools = (body: JsonObject, messages: readonly JsonObject[]): readonly Fault[] => {
	const names = objectsOf(body['tools']).map(({name}) => name);
	const calls = messages.some(message => typesOf(message).includes('tool_use'));
	return [
		...(new Set(names).size < names.length ? [fault('bad-field', 'tools: Tool names must be unique.')] : []),
		...(calls && names.length === 0
			? [fault('bad-field', 'tools: Requests which include `tool_use` or `tool_result` blocks must define tools.')]
			: []),
		...(marksIn(body) > 4 ? [fault('bad-field', 'A maximum of 4 blocks with cache_control may be provided.')] : []),
	];
};

/** Messages, stricter than the demo's: for requests that the bridge wrote. */
export const strictMessagesVoice: Voice = {
	...messagesVoice,
	check(request, seal) {
		const body = request.parsed;
		const known = messagesVoice.check(request, seal);
		if (!isObject(body)) {
			return known;
		}

		const messages = objectsOf(body['messages']);
		return [
			...known,
			...checkHeaders(request, ['authorization', 'x-api-key', 'anthropic-version', 'anthropic-beta']),
			...messagesShape(body, 'body').map(text => fault('unknown-key', text)),
			...checkOrder(messages),
			...checkThinking(body, messages),
			...checkBetas(request, body, messages),
			...checkTools(body, messages),
		];
	},
};
