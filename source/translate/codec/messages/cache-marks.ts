import {isJsonObject, type JsonObject} from '../../../wire/json-value.ts';
import {isThinking} from './encode-reasoning.ts';
import type {WireMessage} from './encode-messages.ts';

/** How many marks Anthropic takes in one request. */
const maxMarks = 4;

const mark = {type: 'ephemeral'};

/** The places of a request where marks may stand. */
export interface Markable {
	readonly tools: readonly JsonObject[];
	readonly system: readonly JsonObject[];
	readonly messages: readonly WireMessage[];
}

const markOf = (block: JsonObject): readonly JsonObject[] =>
	isJsonObject(block['cache_control']) ? [block['cache_control']] : [];

/** Every mark of a request, those inside tools' results too. */
const marksOf = ({tools, system, messages}: Markable): readonly JsonObject[] =>
	[...tools, ...system, ...messages.flatMap(({content}) => content)].flatMap(block => [
		...markOf(block),
		...(Array.isArray(block['content']) ? block['content'].flatMap(markOf) : []),
	]);

/** Whether a mark asks for an hour, which needs a beta. */
export const hasHourMark = (request: Markable): boolean => marksOf(request).some(({ttl}) => ttl === '1h');

const markLast = (blocks: readonly JsonObject[]): readonly JsonObject[] => {
	const at = blocks.findLastIndex(block => !isThinking(block));
	const block = blocks[at];
	return block === undefined ? blocks : blocks.with(at, {...block, cache_control: mark});
};

const withoutMark = ({cache_control: _mark, ...block}: JsonObject): JsonObject =>
	Array.isArray(block['content']) ? {...block, content: block['content'].map(withoutMark)} : block;

const unmarked = ({tools, system, messages}: Markable): Markable => ({
	tools: tools.map(withoutMark),
	system: system.map(withoutMark),
	messages: messages.map(message => ({...message, content: message.content.map(withoutMark)})),
});

const place = ({tools, system, messages}: Markable): Markable => {
	const users = messages.flatMap(({role}, index) => (role === 'user' ? [index] : [])).slice(-2);
	return {
		tools: markLast(tools),
		system: markLast(system),
		messages: messages.map((message, index) =>
			users.includes(index) ? {...message, content: markLast(message.content)} : message,
		),
	};
};

/**
 * Cache marks (translation.md 3.1): the client's own where it set any and not too many, else the last tool, the last system
 * block, and the last block of the two latest user messages. They depend on nothing but the request.
 */
export const placeCacheMarks = (request: Markable, isWanted: boolean): Markable => {
	const count = marksOf(request).length;
	if (count > 0 && count <= maxMarks) {
		return isWanted ? request : unmarked(request);
	}

	const clean = count === 0 ? request : unmarked(request);
	return isWanted ? place(clean) : clean;
};
