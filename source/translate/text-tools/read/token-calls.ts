import {cleanPatch} from '../../codec/patch-text.ts';
import {readJsonCalls} from './json-calls.ts';
import {readPythonCall} from './python-call.ts';
import type {ReadBlock, TextCall, TextField, TextFormatId} from './text-call.ts';

/* Calls between the tokens of single models, and those that only their shape gives away (translation.md 5.1). */

const jsonCall = (format: TextFormatId, name: string, text: string): TextCall => ({
	format,
	name,
	arguments: {kind: 'json', text: text.trim()},
});

const noCalls = (calls: readonly TextCall[]): readonly TextCall[] | undefined =>
	calls.length === 0 ? undefined : calls;

/** Every match of a sticky expression from the beginning to the end of a text; undefined where something else stands between. */
const readRun = (
	text: string,
	one: RegExp,
	read: (match: RegExpExecArray) => TextCall,
): readonly TextCall[] | undefined => {
	const calls: TextCall[] = [];
	let at = 0;
	one.lastIndex = 0;
	for (let match = one.exec(text); match; match = one.exec(text)) {
		calls.push(read(match));
		at = one.lastIndex;
	}

	return text.slice(at).trim() === '' ? noCalls(calls) : undefined;
};

const kimiCall =
	/\s*(?:<\|tool_call_begin\|>\s*)?([\w.:-]+)\s*<\|tool_call_argument_begin\|>([\s\S]*?)(?:<\|tool_call_end\|>|$)/y;

/** Kimi (T7): a section of calls, or one of them. */
export const readKimi: ReadBlock = body =>
	readRun(body, kimiCall, match => jsonCall('T7', match[1] ?? '', match[2] ?? ''));

const openHead = /^[^<]*<\|sep\|>/;
const openArgument =
	/\s*<\|open\|>argument\s+key="([^"]+)"(?:\s+type="([^"]*)")?[^<]*<\|sep\|>([\s\S]*?)<\|close\|>argument<\|sep\|>/y;

/** Kimi K3 behind gateways (T7). */
export const readOpenCall: ReadBlock = body => {
	const head = openHead.exec(body)?.[0] ?? '';
	const name = /\btool="([^"]+)"/.exec(head)?.[1];
	if (name === undefined) {
		return undefined;
	}

	const fields: TextField[] = [];
	let at = head.length;
	openArgument.lastIndex = at;
	for (let match = openArgument.exec(body); match; match = openArgument.exec(body)) {
		fields.push({key: match[1] ?? '', text: match[3] ?? '', isString: match[2] === 'string' ? true : undefined});
		at = openArgument.lastIndex;
	}

	return body.slice(at).trim() === '' ? [{format: 'T7', name, arguments: {kind: 'fields', fields}}] : undefined;
};

const mistralCall = /^\s*([\w.-]+)(?:\[CALL_ID\]\w*)?(?:\[ARGS\])?\s*(\{[\s\S]*)$/;

/** Mistral (T8): a list, or one name with arguments. */
export const readMistral: ReadBlock = body => {
	const match = mistralCall.exec(body);
	return match ? [jsonCall('T8', match[1] ?? '', match[2] ?? '')] : readJsonCalls(body, {format: 'T8', isMarked: true});
};

/** Llama (T9): JSON or Python behind its tag. */
export const readPython: ReadBlock = body =>
	/^\s*[[{]/.test(body) ? readJsonCalls(body, {format: 'T9', isMarked: true}) : readPythonCall(body, 'T9');

const deepToken = /<[|｜](tool[_▁](?:calls?[_▁](?:begin|end)|sep))[|｜]>/g;
const deepCall = /\s*(?:<tool_call_begin>\s*)?([\w.-]+)\s*<tool_sep>([\s\S]*?)(?:<tool_call_end>|$)/y;

const readDeepCall = (match: RegExpExecArray): TextCall => {
	const rest = match[2] ?? '';
	// V3 writes the kind first, then the name on a line of its own and the arguments in a fence; V3.1 only the arguments.
	const old = match[1] === 'function' ? /^\s*([\w.-]+)\s*\n([\s\S]*)$/.exec(rest) : null;
	return old ? jsonCall('T12', old[1] ?? '', old[2] ?? '') : jsonCall('T12', match[1] ?? '', rest);
};

/** DeepSeek's older tokens (T12). */
export const readDeepCalls: ReadBlock = body => {
	const plain = body.replaceAll(deepToken, (_, token: string) => `<${token.replaceAll('▁', '_')}>`);
	return readRun(plain, deepCall, readDeepCall);
};

const harmonyCall = /^([\w.-]+)(?![\w.-])[\s\S]*?<\|message\|>([\s\S]*)$/;

/** gpt-oss (T13): only what goes to a function is a call. */
export const readHarmony: ReadBlock = body => {
	const match = harmonyCall.exec(body);
	return match ? [jsonCall('T13', (match[1] ?? '').replace(/^functions\./, ''), match[2] ?? '')] : undefined;
};

const optionLine = /^\s*(?:prefix_rule|sandbox_permissions|justification|timeout_ms|workdir)\s*:.*(?:\n|$)/;

/**
 * `<bash>` (T2): lines of options, then JSON or the command itself. The options are not taken over. A bare command stands on lines of its
 * own and its block is closed: prose about the tag is neither.
 */
export const readBash: ReadBlock = (body, {isClosed}) => {
	let rest = body;
	while (optionLine.test(rest)) {
		rest = rest.replace(optionLine, '');
	}

	const command = rest.trim();
	if (command === '') {
		return undefined;
	}

	if (command.startsWith('{')) {
		return readJsonCalls(command, {format: 'T2', name: 'bash', isMarked: true});
	}

	return !isClosed || !/^\s*\n/.test(body)
		? undefined
		: [
				{
					format: 'T2',
					name: 'bash',
					arguments: {kind: 'fields', fields: [{key: 'command', text: command, isString: true}]},
				},
			];
};

/** A fence that is the whole message (T15). */
export const readFence: ReadBlock = (body, {opening}) => {
	if (opening.includes('tool_code')) {
		return readPythonCall(body, 'T15');
	}

	return readJsonCalls(body, {format: 'T15', isMarked: opening.includes('tool_call')});
};

/** A patch that is the whole message (T16). */
export const readPatch: ReadBlock = body => {
	const text = body.trim();
	const patch = text.endsWith('*** End Patch') ? text : `${text}\n*** End Patch`;
	return [{format: 'T16', name: 'apply_patch', arguments: {kind: 'raw', text: cleanPatch(patch)}}];
};

const reactCall = /^[ \t]*([\w.-]+)[ \t]*\n[ \t]*Action Input:\s*([\s\S]*)$/;

/** ReAct (T17). */
export const readReact: ReadBlock = body => {
	const match = reactCall.exec(body);
	return match ? [jsonCall('T17', match[1] ?? '', match[2] ?? '')] : undefined;
};
