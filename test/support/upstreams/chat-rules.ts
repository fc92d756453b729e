import {isObject, objectsOf, stringOf} from '../../../source/demo/read-request.ts';
import type {JsonObject} from '../../../source/demo/script.ts';
import {fault, type Fault} from '../../../source/demo/strict/refuse.ts';

/* What Chat Completions servers refuse beyond unknown keys (translation.md 1.2 to 1.10). */

const bad = (index: number, why: string): Fault => fault('bad-field', `messages.${index}: ${why}`);

const callIds = (message: JsonObject | undefined): readonly string[] =>
	objectsOf(message?.['tool_calls']).map(({id}) => stringOf(id));

/** Each call has its result right behind its message, in the order of the calls, and no result stands elsewhere. */
const checkPairs = (messages: readonly JsonObject[]): readonly Fault[] => {
	const asked = messages.flatMap((message, index) => {
		const ids = callIds(message);
		const answers = messages.slice(index + 1, index + 1 + ids.length).map(next => next['tool_call_id']);
		const isAnswered = ids.every((id, place) => answers[place] === id);
		return isAnswered
			? []
			: [fault('missing-tool-output', `messages.${index}: the calls ${ids.join()} are not answered.`)];
	});
	const orphans = messages.flatMap((message, index) => {
		const before = messages.findLast((other, place) => place < index && other['role'] !== 'tool');
		const isOrphan = message['role'] === 'tool' && !callIds(before).includes(stringOf(message['tool_call_id']));
		return isOrphan ? [fault('orphan-tool-output', `messages.${index}: a tool message without its call.`)] : [];
	});
	return [...asked, ...orphans];
};

const checkFields = (body: JsonObject): readonly Fault[] => {
	const names = objectsOf(body['tools']).map(({function: tool}) => (isObject(tool) ? tool['name'] : ''));
	return [
		...(new Set(names).size < names.length ? [fault('bad-field', 'tools: two tools have one name')] : []),
		...('tool_choice' in body && names.length === 0 ? [fault('bad-field', 'tool_choice: there are no tools')] : []),
		...('stream_options' in body && body['stream'] !== true ? [fault('bad-field', 'stream_options: no stream')] : []),
	];
};

/** What every strict server refuses. */
export const checkChat = (body: JsonObject): readonly Fault[] => {
	const messages = objectsOf(body['messages']);
	return [
		...messages.flatMap(({role, tool_calls: calls, content}, index) => [
			...(role === 'system' && index > 0 ? [bad(index, 'a system message stands at the beginning only')] : []),
			...(role === 'assistant' && calls === undefined && content === null ? [bad(index, 'an empty answer')] : []),
		]),
		...(messages.at(-1)?.['role'] === 'assistant' ? [bad(messages.length - 1, 'the last message is an answer')] : []),
		...checkFields(body),
		...checkPairs(messages),
	];
};

/** DeepSeek and Kimi: while the model thinks, its reasoning comes back with every call. */
export const checkThinking = (body: JsonObject): readonly Fault[] => {
	const thinks = !isObject(body['thinking']) || body['thinking']['type'] !== 'disabled';
	return objectsOf(body['messages']).flatMap((message, index) =>
		thinks && 'tool_calls' in message && !('reasoning_content' in message)
			? [bad(index, 'the reasoning_content in the thinking mode must be passed back to the API')]
			: [],
	);
};

/** Mistral: ids of nine letters and digits, no user behind a tool, roles in turn, no reasoning. */
export const checkMistral = (body: JsonObject): readonly Fault[] =>
	objectsOf(body['messages']).flatMap((message, index, messages) => {
		const before = messages[index - 1]?.['role'];
		const {role} = message;
		const ids = [...callIds(message), ...(role === 'tool' ? [stringOf(message['tool_call_id'])] : [])];
		return [
			...(ids.every(id => /^[A-Za-z\d]{9}$/.test(id))
				? []
				: [bad(index, 'a tool call id must be a-z, A-Z, 0-9, of length 9')]),
			...(role === 'user' && before === 'tool' ? [bad(index, "Unexpected role 'user' after role 'tool'")] : []),
			...(role === before && role !== 'tool' ? [bad(index, `two messages of role ${stringOf(role)} in a row`)] : []),
			...('reasoning_content' in message ? [bad(index, 'reasoning_content: Extra inputs are not permitted')] : []),
		];
	});
