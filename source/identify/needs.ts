import type {ByteRange, Member} from '../wire/json-scan.ts';
import type {Dialect} from '../wire/names.ts';

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

/** What is looked at. `fields` are the members that `scanBody` found in `body`. */
export interface NeedsInput {
	readonly body: Buffer;
	readonly fields: ReadonlyMap<string, Member>;
	readonly dialect: Dialect | undefined;
	/** `POST /responses/compact`. */
	readonly isCompact: boolean;
	/** The request came over a WebSocket that has to go on as one. */
	readonly isWebSocket: boolean;
}

const noNeeds: ReadonlySet<Need> = new Set();

/** Tools that the upstream runs (OpenAI's and Anthropic's; those of Anthropic end in a date). A type that is not named here is taken for the client's. */
const hostedTools: readonly string[] = [
	'web_search"',
	'web_search_preview',
	'file_search"',
	'code_interpreter"',
	'image_generation"',
	'computer_use_preview"',
	'mcp"',
	'web_search_2',
	'web_fetch_2',
	'code_execution_2',
];

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
const openBracket = 91;
const closeBracket = 93;

/** Whether the string at `at` is the value of a key `type`. */
const isTypeValue = (body: Buffer, at: number): boolean => {
	const colonAt = skipBack(body, at - 1);
	const keyEnd = skipBack(body, colonAt - 1) + 1;
	return body[colonAt] === colon && body.subarray(Math.max(0, keyEnd - typeKey.length), keyEnd).equals(typeKey);
};

/** Whether a part of the body has a `type` that begins with a text; the text ends in a quote where the whole type is meant. */
const hasType = (body: Buffer, range: ByteRange | undefined, type: string): boolean => {
	if (range === undefined) {
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

/** Whether a list has something in it. */
const hasElements = (body: Buffer, range: ByteRange | undefined): boolean => {
	let first = (range?.start ?? 0) + 1;
	while (spaces.has(body[first])) {
		first += 1;
	}

	return range !== undefined && body[range.start] === openBracket && body[first] !== closeBracket;
};

/** The trigger is the last item of the input, and short. */
const tailOf = (range: ByteRange | undefined): ByteRange | undefined =>
	range && {start: Math.max(range.start, range.end - 1024), end: range.end};

const isLiteral = (body: Buffer, range: ByteRange | undefined, literal: string): boolean =>
	range !== undefined && body.toString('latin1', range.start, range.end) === literal;

/** `text.format` (Responses), `response_format` (Chat) or `output_config.format` / `output_format` (Messages) of the type `json_schema`. */
const hasSchema = (body: Buffer, range: (key: string) => ByteRange | undefined): boolean =>
	['text', 'response_format', 'output_config', 'output_format'].some(key => hasType(body, range(key), 'json_schema"'));

/** The needs of a request. Pure; costs one search of the input and a few of the tools, no parsing. */
export const needsOf = ({body, fields, dialect, isCompact, isWebSocket}: NeedsInput): ReadonlySet<Need> => {
	const range = (key: string): ByteRange | undefined => fields.get(key)?.value;
	const needs = new Set<Need>();
	const add = (need: Need, isNeeded: boolean): void => {
		if (isNeeded) {
			needs.add(need);
		}
	};

	const [field, type] = (dialect && imageType[dialect]) ?? [];
	add('vision', field !== undefined && type !== undefined && hasType(body, range(field), type));
	const tools = range('tools');
	add('parallel_tools', isLiteral(body, range('parallel_tool_calls'), 'true') && hasElements(body, tools));
	add(
		'hosted_tools',
		hostedTools.some(name => hasType(body, tools, name)),
	);
	add('json_schema', hasSchema(body, range));
	add('compact_v1', isCompact);
	add('compact_v2', !isCompact && hasType(body, tailOf(range('input')), 'compaction_trigger"'));
	add('websocket', isWebSocket);
	return needs.size === 0 ? noNeeds : needs;
};
