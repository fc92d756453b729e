import {isJsonObject, parseJsonObject, type JsonObject} from '../../../wire/json-value.ts';
import type {MappedTool, ToolMap} from '../../codec/tool-map.ts';

/* Commands: which tool runs them, and what may be wrapped round them (translation.md 5.4). */

const aliases: readonly string[] = [
	'exec',
	'exec_command',
	'bash',
	'shell',
	'shell_command',
	'local_shell',
	'sh',
	'run',
	'terminal',
	'run_command',
	'execute_command',
	'run_shell_command',
];
const shellNames: readonly string[] = ['exec_command', 'shell', 'shell_command', 'local_shell', 'bash'];

/** Names that mean the same parameter of a command's tool. */
export const commandKeys: readonly string[] = ['command', 'cmd', 'script', 'code'];

const wrappingKeys: readonly string[] = ['cmd', 'command', 'input', 'arguments'];
const mostWrappers = 4;

/** Whether a tool runs commands. */
export const isShell = ({tool}: MappedTool): boolean =>
	tool.kind !== 'custom' && shellNames.includes(tool.name.toLowerCase());

/** The declared tool that runs commands; undefined where the client offers none. */
export const shellTool = (tools: ToolMap): MappedTool | undefined => {
	const shells = tools.list().filter(isShell);
	return shellNames
		.map(name => shells.find(({tool}) => tool.name.toLowerCase() === name))
		.find(each => each !== undefined);
};

/** The declared tool that a model means by a name; undefined for a name that nobody declared. */
export const toolFor = (name: string, tools: ToolMap): MappedTool | undefined => {
	const bare = name
		.replace(/^functions\./, '')
		.replace(/:\d+$/, '')
		.toLowerCase();
	return tools.find(name) ?? (aliases.includes(bare) ? shellTool(tools) : undefined);
};

const innerOf = (value: unknown): unknown => {
	const object = typeof value === 'string' ? parseJsonObject(value.trim()) : value;
	if (!isJsonObject(object)) {
		return undefined;
	}

	const key = wrappingKeys.find(each => object[each] !== undefined);
	return key === undefined ? undefined : object[key];
};

const interpreters = /^(?:\/(?:usr\/)?bin\/)?(?:ba|z|da)?sh$/;

const isScript = (value: readonly unknown[]): value is readonly [string, string, string] =>
	value.length === 3 &&
	typeof value[0] === 'string' &&
	interpreters.test(value[0]) &&
	(value[1] === '-lc' || value[1] === '-c') &&
	typeof value[2] === 'string';

/** A command without the JSON that models wrap round it, at most four times; `["bash","-lc","x"]` is `x`. */
export const unwrapCommand = (value: unknown): unknown => {
	let inner = value;
	for (let count = 0; count < mostWrappers; count += 1) {
		const next = innerOf(inner);
		if (next === undefined) {
			break;
		}

		inner = next;
	}

	return Array.isArray(inner) && isScript(inner) ? inner[2] : inner;
};

/** Whether every quote of a command is closed: one that was cut out of broken JSON may have lost its end. */
export const hasBalancedQuotes = (command: string): boolean => {
	let quote = '';
	for (let at = 0; at < command.length; at += 1) {
		const character = command[at] ?? '';
		if (character === '\\' && quote !== "'") {
			at += 1;
		} else if (quote === '' && (character === '"' || character === "'")) {
			quote = character;
		} else if (character === quote) {
			quote = '';
		}
	}

	return quote === '';
};

/** Whether a command is one that may be run: not empty, and no markup or JSON that nobody unwrapped (translation.md 5.4). */
export const isRunnable = (command: unknown): boolean => {
	const text = Array.isArray(command) ? command.filter(each => typeof each === 'string').join(' ') : command;
	return typeof text === 'string' && text.trim() !== '' && !/^[{[<]/.test(text.trim());
};

const unescapeJson = (text: string): string =>
	text.replaceAll(/\\(["\\/nrt])/g, (_, code: string) => ({n: '\n', r: '\r', t: '\t'})[code] ?? code);

/**
 * The command in JSON that is broken by quotes nobody escaped (translation.md 5.4 e): everything from its key up to the last quote
 * that the JSON could end at. Undefined where quotes are left open.
 */
export const extractCommand = (text: string, knownKeys: readonly string[]): JsonObject | undefined => {
	const start = /"(?:cmd|command)"\s*:\s*"/.exec(text);
	if (!start) {
		return undefined;
	}

	const rest = text.slice(start.index + start[0].length);
	const keys = knownKeys.map(key => key.replaceAll(/\W/g, '')).filter(key => key !== '');
	const next = keys.length === 0 ? undefined : new RegExp(String.raw`"\s*,\s*"(?:${keys.join('|')})"\s*:`).exec(rest);
	const last = /"\s*\}+\s*$/.exec(rest);
	const end = next?.index ?? last?.index;
	if (end === undefined) {
		return undefined;
	}

	const command = unescapeJson(rest.slice(0, end));
	return hasBalancedQuotes(command) ? {command} : undefined;
};
