import {isJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import {booleanField} from '../field.ts';
import type {ToolChoice} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import type {FunctionTool, ToolDeclaration} from '../tool.ts';
import {cacheHintOf} from './decode-content.ts';

const text = {type: 'string'} as const;

interface TypedTool {
	readonly pattern: RegExp;
	readonly description: string;
	readonly parameters: JsonObject;
}

/** Tools that Anthropic's models know by their type and the client runs, as the functions that they are (translation.md 4.1). */
const typedTools: readonly TypedTool[] = [
	{
		pattern: /^bash_\d+$/,
		description: 'Runs a command in a shell that keeps its state.',
		parameters: {type: 'object', properties: {command: text, restart: {type: 'boolean'}}},
	},
	{
		pattern: /^text_editor_\d+$/,
		description: 'Views, creates and edits text files.',
		parameters: {
			type: 'object',
			properties: {
				command: {type: 'string', enum: ['view', 'create', 'str_replace', 'insert']},
				path: text,
				file_text: text,
				old_str: text,
				new_str: text,
				insert_line: {type: 'integer'},
				insert_text: text,
				view_range: {type: 'array', items: {type: 'integer'}},
			},
			required: ['command', 'path'],
		},
	},
	{
		pattern: /^memory_\d+$/,
		description: 'Reads and writes files of memory.',
		parameters: {
			type: 'object',
			properties: {
				command: {type: 'string', enum: ['view', 'create', 'str_replace', 'insert', 'delete', 'rename']},
				path: text,
			},
			required: ['command'],
			additionalProperties: true,
		},
	},
];

/** Fields that change how Anthropic offers a tool; elsewhere the tool is offered plainly. */
const nativeFields = ['defer_loading', 'input_examples', 'allowed_callers', 'eager_input_streaming'];

const functionTool = (raw: JsonObject, typed: TypedTool | undefined, losses: LossLog): FunctionTool => {
	if (nativeFields.some(name => raw[name] !== undefined && raw[name] !== false)) {
		losses.add('tool-field', 'A tool had fields that only Anthropic understands; it is offered plainly.');
	}

	const schema = raw['input_schema'];
	return {
		kind: 'function',
		namespace: undefined,
		namespaceDescription: undefined,
		name: textField(raw, 'name') ?? '',
		description: textField(raw, 'description') ?? typed?.description,
		parameters: typed?.parameters ?? (isJsonObject(schema) ? schema : undefined),
		strict: booleanField(raw, 'strict'),
		extra: {},
		...cacheHintOf(raw),
	};
};

const decodeTool = (raw: unknown, losses: LossLog): readonly ToolDeclaration[] => {
	if (!isJsonObject(raw)) {
		losses.add('broken-tool', 'An entry of tools is no object and was left out.');
		return [];
	}

	const type = textField(raw, 'type') ?? 'custom';
	const typed = typedTools.find(({pattern}) => pattern.test(type));
	if (type === 'custom' || typed !== undefined) {
		return [functionTool(raw, typed, losses)];
	}

	return [{kind: 'hosted', name: type.startsWith('web_search') ? 'web_search' : type, raw}];
};

/** M `tools`. */
export const decodeTools = (tools: unknown, losses: LossLog): readonly ToolDeclaration[] =>
	Array.isArray(tools) ? tools.flatMap(tool => decodeTool(tool, losses)) : [];

/** M `tool_choice`. */
export const decodeToolChoice = (choice: JsonObject): ToolChoice | undefined => {
	const name = textField(choice, 'name');
	switch (choice['type']) {
		case 'auto':
		case 'none': {
			return {mode: choice['type']};
		}

		case 'any': {
			return {mode: 'required'};
		}

		case 'tool': {
			return name === undefined
				? {mode: 'required'}
				: {mode: 'tool', tool: {kind: 'function', namespace: undefined, name}};
		}

		default: {
			return undefined;
		}
	}
};
