import {isJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import {readLooseJson} from './loose-json.ts';
import type {TextArguments, TextCall, TextFormatId} from './text-call.ts';

/* Calls as models write them in JSON (translation.md 5.1, T6, T8, T9, T14). */

const nameKeys = ['name', 'tool', 'tool_name', 'action'] as const;
const argumentKeys = ['arguments', 'parameters', 'args', 'input', 'action_input'] as const;
const commandKeys = ['cmd', 'command'] as const;

const argumentsOf = (value: unknown): TextArguments | undefined => {
	if (typeof value === 'string') {
		return {kind: 'json', text: value};
	}

	return isJsonObject(value) ? {kind: 'value', value} : undefined;
};

/** How strictly JSON is read that nothing marks as a call. */
interface Shape {
	readonly format: TextFormatId;
	/** The name that stood outside of the JSON (`<tool_call type="bash">`, `<function=f>`). */
	readonly name?: string | undefined;
	/** A name alone is a call: something else than the JSON says that it is one. */
	readonly isMarked: boolean;
}

const named = (value: JsonObject, {format, isMarked}: Shape): TextCall | undefined => {
	const name = nameKeys.map(key => textField(value, key)).find(text => text !== undefined && text !== '');
	const key = argumentKeys.find(each => value[each] !== undefined && value[each] !== null);
	if (name === undefined || (key === undefined && !isMarked)) {
		return undefined;
	}

	const found = key === undefined ? {kind: 'value' as const, value: {}} : argumentsOf(value[key]);
	return found && {format, name, arguments: found};
};

/** `{"cmd":…}` without a name: only a shell is meant by it. */
const nameless = (value: JsonObject, {format, name}: Shape): TextCall | undefined => {
	if (name !== undefined) {
		return {format, name, arguments: {kind: 'value', value}};
	}

	const {type, ...rest} = value;
	const isCommand = commandKeys.some(key => typeof value[key] === 'string' || Array.isArray(value[key]));
	const isCall = type === undefined || type === 'tool-call' || type === 'tool_call';
	return isCommand && isCall ? {format, name: 'shell', arguments: {kind: 'value', value: rest}} : undefined;
};

const readObject = (value: JsonObject, shape: Shape): readonly TextCall[] | undefined => {
	if (Array.isArray(value['tool_calls'])) {
		return readList(value['tool_calls'], shape);
	}

	const inner = value['function'];
	const body = isJsonObject(inner) ? inner : value;
	const call = (shape.name === undefined ? named(body, shape) : undefined) ?? nameless(body, shape);
	return call && [call];
};

const readList = (list: readonly unknown[], shape: Shape): readonly TextCall[] | undefined => {
	const calls = list.map(each => (isJsonObject(each) ? readObject(each, shape) : undefined));
	return calls.length > 0 && calls.every(each => each !== undefined) ? calls.flat() : undefined;
};

/** The calls in a JSON text, an object or a list of them; undefined where it holds none. */
export const readJsonCalls = (text: string, shape: Shape): readonly TextCall[] | undefined => {
	const value = readLooseJson(text);
	if (Array.isArray(value)) {
		return readList(value, shape);
	}

	if (isJsonObject(value)) {
		return readObject(value, shape);
	}

	// Broken beyond repair, but the name is known: the ladder for arguments has a step more (translation.md 5.4 e).
	return shape.name !== undefined && text.trimStart().startsWith('{')
		? [{format: shape.format, name: shape.name, arguments: {kind: 'json', text}}]
		: undefined;
};
