import {hasElements, type ByteRange, type Member} from '../wire/json-scan.ts';
import type {Dialect} from '../wire/names.ts';
import {bodyWords, hostedTools} from './body-words.ts';

/*
 * What a request needs that not every upstream has (routing.md 7). Found by looking for whole JSON strings inside the part of the body that they
 * belong to: a quote inside a JSON string is escaped, so that no prompt that only talks of these words is taken for one.
 */

/** A need; `websocket` and `streaming_usage` are asked about by whoever opens the connection. */
export type Need =
	| 'vision'
	| 'parallel_tools'
	| 'json_schema'
	| 'hosted_tools'
	| 'compact_v1'
	| 'compact_v2'
	| 'websocket'
	| 'streaming_usage';

/** What is looked at. `fields` and `words` are what `scanBodyFor` found in `body` with {@link bodyWords}. */
export interface NeedsInput {
	readonly body: Buffer;
	readonly fields: ReadonlyMap<string, Member>;
	readonly words: number;
	readonly dialect: Dialect | undefined;
	/** `POST /responses/compact`. */
	readonly isCompact: boolean;
	/** The request came over a WebSocket that has to go on as one. */
	readonly isWebSocket: boolean;
}

const noNeeds: ReadonlySet<Need> = new Set();

/** What an image part is called, and where it stands. */
const imageType: Partial<Record<Dialect, readonly [field: string, type: string]>> = {
	responses: ['input', 'input_image"'],
	chat: ['messages', 'image_url"'],
	messages: ['messages', 'image"'],
};

const spaces: ReadonlySet<number | undefined> = new Set([9, 10, 13, 32]);

const skipBack = (body: Buffer, at: number): number => {
	let before = at;
	while (spaces.has(body[before])) {
		before -= 1;
	}

	return before;
};

const typeKey = Buffer.from('"type"');
const colon = 58;

/** Whether the string at `at` is the value of a key `type`. */
const isTypeValue = (body: Buffer, at: number): boolean => {
	const colonAt = skipBack(body, at - 1);
	const keyEnd = skipBack(body, colonAt - 1) + 1;
	return body[colonAt] === colon && body.subarray(Math.max(0, keyEnd - typeKey.length), keyEnd).equals(typeKey);
};

/** Whether a part of the body has a `type` that begins with a text; the text ends in a quote where the whole type is meant. */
const hasType = ({body, words}: NeedsInput, range: ByteRange | undefined, type: string): boolean => {
	if (range === undefined || !bodyWords.isIn(words, type)) {
		return false;
	}

	const marker = `"${type}`;
	const part = body.subarray(range.start, range.end);
	for (let found = part.indexOf(marker); found !== -1; found = part.indexOf(marker, found + marker.length)) {
		if (isTypeValue(part, found)) {
			return true;
		}
	}

	return false;
};

/** The trigger is the last item of the input, and short. */
const tailOf = (range: ByteRange | undefined): ByteRange | undefined =>
	range && {start: Math.max(range.start, range.end - 1024), end: range.end};

const isLiteral = (body: Buffer, range: ByteRange | undefined, literal: string): boolean =>
	range !== undefined && body.toString('latin1', range.start, range.end) === literal;

/** `text.format` (Responses), `response_format` (Chat) or `output_config.format` / `output_format` (Messages) of the type `json_schema`. */
const hasSchema = (input: NeedsInput): boolean =>
	['text', 'response_format', 'output_config', 'output_format'].some(key =>
		hasType(input, input.fields.get(key)?.value, 'json_schema"'),
	);

/** The needs of a request. Pure; searches only for what was seen when the body was scanned. */
export const needsOf = (input: NeedsInput): ReadonlySet<Need> => {
	const {body, fields, dialect, isCompact, isWebSocket} = input;
	const range = (key: string): ByteRange | undefined => fields.get(key)?.value;
	const needs = new Set<Need>();
	const add = (need: Need, isNeeded: boolean): void => {
		if (isNeeded) {
			needs.add(need);
		}
	};

	const [field, type] = (dialect && imageType[dialect]) ?? [];
	add('vision', field !== undefined && type !== undefined && hasType(input, range(field), type));
	const tools = range('tools');
	add(
		'parallel_tools',
		tools !== undefined && isLiteral(body, range('parallel_tool_calls'), 'true') && hasElements(body, tools),
	);
	add(
		'hosted_tools',
		hostedTools.some(name => hasType(input, tools, name)),
	);
	add('json_schema', hasSchema(input));
	add('compact_v1', isCompact);
	add('compact_v2', !isCompact && hasType(input, tailOf(range('input')), 'compaction_trigger"'));
	add('websocket', isWebSocket);
	return needs.size === 0 ? noNeeds : needs;
};
