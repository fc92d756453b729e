import type {FileEdit, TranscriptItem} from '../../event/view.ts';
import {item} from './dialect-reader.ts';
import {argumentsText, isJsonObject, objectsAt, parseObject, stringAt} from './json-value.ts';
import type {JsonObject} from './json-value.ts';

/*
 * Tool calls that change a file by texts, told by the shape of their arguments and not by the tool's name: other agents have copied
 * Claude Code's Edit (`file_path`, `old_string`, `new_string`), MultiEdit (`edits`) and Write (`content`).
 */

const pathOf = (input: JsonObject): string | undefined => stringAt(input, 'file_path') ?? stringAt(input, 'path');

const replacement = (path: string, input: JsonObject): FileEdit | undefined => {
	const before = stringAt(input, 'old_string');
	const after = stringAt(input, 'new_string');
	return before === undefined || after === undefined ? undefined : {path, before, after};
};

const editKeys: ReadonlySet<string> = new Set(['file_path', 'path', 'old_string', 'new_string', 'edits', 'content']);

const editsOf = (input: JsonObject): readonly FileEdit[] => {
	const path = pathOf(input);
	if (path === undefined) {
		return [];
	}

	const content = stringAt(input, 'content');
	const single = replacement(path, input);
	const several = objectsAt(input, 'edits').flatMap(edit => replacement(path, edit) ?? []);
	return content === undefined
		? [...(single === undefined ? [] : [single]), ...several]
		: [{path, before: undefined, after: content}];
};

/** A finished tool call: its arguments, an object or its JSON, as text, or as the edits of files that they are. */
export const toolCallItem = (input: unknown, title: string): TranscriptItem => {
	const object = typeof input === 'string' ? parseObject(input) : input;
	const edits = isJsonObject(object) ? editsOf(object) : [];
	if (!isJsonObject(object) || edits.length === 0) {
		return item('tool-call', argumentsText(input), title);
	}

	const others = Object.fromEntries(Object.entries(object).filter(([key]) => !editKeys.has(key)));
	return {...item('tool-call', argumentsText(others), title), edits};
};
