import {readJsonCalls} from './json-calls.ts';
import type {ReadBlock, TextCall, TextField, TextFormatId} from './text-call.ts';

/* Calls as tags with parameters (translation.md 5.1, T1, T5, T10, T11), and what stands between `<tool_call>` tags. */

const dsml = /<(\/?)\s*[|｜‖]{1,2}\s*DSML\s*[|｜‖]{1,2}\s*/g;
const minimax = /\]<\]minimax\[>\[/g;
const prefixes = /<(\/?)(?:minimax|antml|function_calls):/g;

/** The same tags without their makers' marks. */
export const plainTags = (text: string): string =>
	text.replaceAll(dsml, '<$1').replaceAll(minimax, '').replaceAll(prefixes, '<$1');

// What follows a name is looked for behind the whole of it only: a tag that never ends would cost the square of its length.
const opening = /^\s*<(invoke|function)(?:\s+name\s*=|=)\s*["']?([^"'>\s]+)(?=["'>\s])["']?[^>]*>/;
const parameter = /^\s*<(parameter|param)(?:\s+name\s*=|=)\s*["']?([^"'>\s]+)(?=["'>\s])["']?([^>]*)>/;
const ownTag = /^\s*<([A-Za-z_][\w-]{0,99})>/;

/** Exactly one line break at each end is the writer's, the others belong to the value. */
const trimValue = (text: string): string => text.replace(/^\r?\n/, '').replace(/\r?\n$/, '');

/** Where a value ends: at the first closing tag behind which the next parameter begins or the call ends (translation.md 5.3). */
const valueEnd = (text: string, tag: string): {readonly end: number; readonly next: number} | undefined => {
	const closing = new RegExp(
		String.raw`</${tag}>(?=\s*(?:<(?:parameter|param)[\s=]|</(?:invoke|function)>|<[A-Za-z_][\w-]*>|$))`,
	);
	const match = closing.exec(text);
	return match ? {end: match.index, next: match.index + match[0].length} : undefined;
};

const readField = (text: string): {readonly field: TextField; readonly rest: string} | undefined => {
	const match = parameter.exec(text) ?? ownTag.exec(text);
	if (!match) {
		return undefined;
	}

	const isOwn = match[2] === undefined;
	const body = text.slice(match[0].length);
	const found = valueEnd(body, match[1] ?? '');
	if (!found) {
		return undefined;
	}

	const flag = /\bstring\s*=\s*["']?(true|false)/.exec(match[3] ?? '')?.[1];
	const field = {
		key: (isOwn ? match[1] : match[2]) ?? '',
		text: trimValue(body.slice(0, found.end)),
		isString: flag === undefined ? undefined : flag === 'true',
	};
	return {field, rest: body.slice(found.next)};
};

const readFields = (text: string): {readonly fields: readonly TextField[]; readonly rest: string} => {
	const fields: TextField[] = [];
	let rest = text;
	for (let read = readField(rest); read !== undefined; read = readField(rest)) {
		fields.push(read.field);
		rest = read.rest;
	}

	return {fields, rest};
};

/** Reads one call and what stands behind it. The end of the text closes it where its block was closed, or where it has whole parameters. */
const readOne = (
	text: string,
	format: TextFormatId,
	isBlockClosed: boolean,
): {readonly calls: readonly TextCall[]; readonly rest: string} | undefined => {
	const match = opening.exec(text);
	if (!match) {
		return undefined;
	}

	const name = match[2] ?? '';
	const closing = `</${match[1] ?? ''}>`;
	const body = text.slice(match[0].length);
	const at = body.lastIndexOf('{', /\S/.exec(body)?.index ?? 0);
	if (at !== -1) {
		const end = body.indexOf(closing);
		const calls = readJsonCalls((end === -1 ? body : body.slice(0, end)).trim(), {format, name, isMarked: true});
		return calls && {calls, rest: end === -1 ? '' : body.slice(end + closing.length)};
	}

	const {fields, rest} = readFields(body);
	const behind = rest.trimStart();
	const isClosed = behind.startsWith(closing);
	const mayEnd = behind === '' && (isBlockClosed || fields.length > 0);
	if (!isClosed && !mayEnd) {
		return undefined;
	}

	return {
		calls: [{format, name, arguments: {kind: 'fields', fields}}],
		rest: isClosed ? behind.slice(closing.length) : '',
	};
};

const wrapper = /^\s*<\/?(?:tool_calls|function_calls|tool_use|calls|tool_call)>/;

/** The calls between wrappers, or without any; undefined where anything else stands between them. */
export const readTagCalls = (
	text: string,
	format: TextFormatId,
	isClosed: boolean,
): readonly TextCall[] | undefined => {
	const calls: TextCall[] = [];
	let rest = plainTags(text);
	while (rest.trim() !== '') {
		const wrapped = wrapper.exec(rest);
		if (wrapped) {
			rest = rest.slice(wrapped[0].length);
			continue;
		}

		const one = readOne(rest, format, isClosed);
		if (!one) {
			return undefined;
		}

		calls.push(...one.calls);
		rest = one.rest;
	}

	return calls.length === 0 ? undefined : calls;
};

const pair = /\s*<arg_key>([^<]*)<\/arg_key>\s*<arg_value>([\s\S]*?)<\/arg_value>/y;

/** GLM: a name, then keys and values in tags of their own (translation.md 5.1, T10). */
const readKeyedCall = (text: string, isClosed: boolean): readonly TextCall[] | undefined => {
	const name = /^\s*([\w.:/-]+)\s*(?=<arg_key>|$)/.exec(text);
	if (!name) {
		return undefined;
	}

	const fields: TextField[] = [];
	let at = name[0].length;
	pair.lastIndex = at;
	for (let match = pair.exec(text); match; match = pair.exec(text)) {
		fields.push({key: (match[1] ?? '').trim(), text: trimValue(match[2] ?? '')});
		at = pair.lastIndex;
	}

	return text.slice(at).trim() === '' && (isClosed || fields.length > 0)
		? [{format: 'T10', name: name[1] ?? '', arguments: {kind: 'fields', fields}}]
		: undefined;
};

/** What stands between `<tool_call>` and its end: JSON (T4, T6), tags (T5, T11) or GLM's keys (T10). */
export const readToolCallBody: ReadBlock = (text, {opening: tag, isClosed}) => {
	const name = /\s(?:type|name)\s*=\s*["']?([^"'>\s]+)/.exec(tag)?.[1];
	const body = plainTags(text).trim();
	if (/^[[{]/.test(body)) {
		return readJsonCalls(body, {format: name === undefined ? 'T6' : 'T4', name, isMarked: true});
	}

	if (body.startsWith('<function') || body.startsWith('<invoke')) {
		return readTagCalls(body, tag.includes('minimax') ? 'T11' : 'T5', isClosed);
	}

	const isCommand = name !== undefined && isClosed && body !== '' && !body.startsWith('<');
	return isCommand
		? [{format: 'T4', name, arguments: {kind: 'fields', fields: [{key: 'command', text: body}]}}]
		: readKeyedCall(body, isClosed);
};
