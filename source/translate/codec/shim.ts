import {textField, type JsonObject} from '../../wire/json-value.ts';
import {objectSchema} from './schema.ts';
import type {CallableTool} from './tool.ts';

/*
 * Tools of kinds that only Responses has, as JSON functions for every other dialect (translation.md 1.6), and their payloads there
 * and back. The declared kind never gets lost: the tool map remembers it.
 */

/** A tool as a plain function. */
export interface FunctionShape {
	readonly description: string | undefined;
	readonly parameters: JsonObject;
}

const inputSchema: JsonObject = {
	type: 'object',
	properties: {input: {type: 'string', description: 'The raw text for the tool.'}},
	required: ['input'],
	additionalProperties: false,
};

const rawTextRule = 'Put the raw text in `input`: no JSON around it, no code fences.';

const fenced = (format: JsonObject | undefined): string | undefined => {
	const definition = textField(format, 'definition');
	return definition === undefined ? undefined : `\`\`\`${textField(format, 'syntax') ?? ''}\n${definition}\n\`\`\``;
};

const shellSchema: JsonObject = {
	type: 'object',
	properties: {
		command: {type: 'array', items: {type: 'string'}, description: 'The program and its arguments.'},
		working_directory: {type: 'string'},
		timeout_ms: {type: 'integer'},
		env: {type: 'object', additionalProperties: {type: 'string'}},
	},
	required: ['command'],
};

const patchSchema: JsonObject = {
	type: 'object',
	properties: {
		type: {type: 'string', enum: ['create_file', 'update_file', 'delete_file']},
		path: {type: 'string'},
		diff: {type: 'string'},
	},
	required: ['type', 'path'],
};

const searchSchema: JsonObject = {
	type: 'object',
	properties: {query: {type: 'string'}, limit: {type: 'integer'}},
	required: ['query'],
};

/** Any callable tool as a function with an object schema. */
export const functionShape = (tool: CallableTool): FunctionShape => {
	switch (tool.kind) {
		case 'function': {
			return {description: tool.description, parameters: objectSchema(tool.parameters)};
		}

		case 'custom': {
			const texts = [tool.description, fenced(tool.format), rawTextRule].filter(text => text !== undefined);
			return {description: texts.join('\n\n'), parameters: inputSchema};
		}

		case 'tool-search': {
			const parameters = tool.parameters === undefined ? searchSchema : objectSchema(tool.parameters);
			return {description: tool.description ?? 'Finds tools by what they do.', parameters};
		}

		case 'local-shell':
		case 'shell': {
			return {description: tool.description ?? 'Runs a command.', parameters: shellSchema};
		}

		case 'apply-patch': {
			return {description: tool.description ?? 'Changes one file.', parameters: patchSchema};
		}
	}
};

/** A call's payload as JSON arguments: a custom tool's raw text becomes `{"input":…}`. */
export const shimArguments = (kind: CallableTool['kind'], payload: string): string =>
	kind === 'custom' ? JSON.stringify({input: payload}) : payload === '' ? '{}' : payload;
