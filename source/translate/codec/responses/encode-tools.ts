import type {JsonObject} from '../../../wire/json-value.ts';
import {compact} from '../field.ts';
import type {ToolChoice} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import {takesAllTools, type ResponsesRequestQuirks} from '../quirks.ts';
import {functionShape} from '../shim.ts';
import type {ToolMap} from '../tool-map.ts';
import {isCallable, type CallableTool, type HostedTool, type ToolDeclaration, type ToolReference} from '../tool.ts';

/** Whether a tool goes out in its own kind and namespace, or as a plain function under its wire name (translation.md 4.3). */
export const isNativeTool = ({kind, namespace}: ToolReference, {nativeTools}: ResponsesRequestQuirks): boolean => {
	if (namespace !== undefined && !nativeTools.includes('namespace')) {
		return false;
	}

	if (kind === 'function') {
		return true;
	}

	return kind === 'tool-search' ? nativeTools.includes('tool-search') : nativeTools.includes('custom');
};

const nativeTool = (tool: CallableTool): JsonObject => {
	const {name, description, extra} = tool;
	switch (tool.kind) {
		case 'function': {
			// Responses is strict where nothing is said, and would refuse the loose schemas of other dialects (translation.md 4.2).
			const strict = tool.strict ?? false;
			return compact({type: 'function', name, description, parameters: tool.parameters ?? null, strict, ...extra});
		}

		case 'custom': {
			return compact({type: 'custom', name, description, format: tool.format, ...extra});
		}

		case 'tool-search': {
			return compact({type: 'tool_search', description, parameters: tool.parameters, ...extra});
		}

		case 'local-shell':
		case 'shell':
		case 'apply-patch': {
			return {type: tool.kind.replace('-', '_'), ...extra};
		}
	}
};

const shimTool = (tool: CallableTool, map: ToolMap): JsonObject => {
	const {description, parameters} = functionShape(tool);
	return compact({type: 'function', name: map.wireNameOf(tool), description, parameters, strict: false});
};

const isOffered = (tool: HostedTool, {hostedTools}: ResponsesRequestQuirks): boolean =>
	hostedTools.includes('*') || hostedTools.includes(tool.name);

/** Fields of Codex's web search that only OpenAI knows (translation.md 4.3). */
const ownFields = ['external_web_access', 'indexed_web_access', 'search_content_types'];

const withoutOwnFields = (raw: JsonObject): JsonObject =>
	Object.fromEntries(Object.entries(raw).filter(([name]) => !ownFields.includes(name)));

/** What encoding tools needs besides the tools. */
export interface ToolOutput {
	readonly map: ToolMap;
	readonly quirks: ResponsesRequestQuirks;
	readonly losses: LossLog;
}

const isSameNamespace = (raw: JsonObject | undefined, name: string): boolean =>
	raw?.['type'] === 'namespace' && raw['name'] === name;

const childrenOf = (raw: JsonObject): readonly unknown[] => (Array.isArray(raw['tools']) ? raw['tools'] : []);

/** Adds a tool behind the others, or to the namespace that stands last. */
const addNative = (tools: JsonObject[], tool: CallableTool): void => {
	const {namespace, namespaceDescription} = tool;
	const last = tools.at(-1);
	if (namespace === undefined) {
		tools.push(nativeTool(tool));
	} else if (last !== undefined && isSameNamespace(last, namespace)) {
		tools[tools.length - 1] = {...last, tools: [...childrenOf(last), nativeTool(tool)]};
	} else {
		const children = {tools: [nativeTool(tool)]};
		tools.push(compact({type: 'namespace', name: namespace, description: namespaceDescription, ...children}));
	}
};

/** Declared tools in the Responses dialect; denied ones are not in the map and stay out, kinds that the server lacks are functions. */
export const encodeToolList = (
	tools: readonly ToolDeclaration[],
	{map, quirks, losses}: ToolOutput,
): readonly JsonObject[] => {
	const encoded: JsonObject[] = [];
	for (const tool of tools) {
		if (!isCallable(tool)) {
			if (isOffered(tool, quirks)) {
				encoded.push(takesAllTools(quirks) ? tool.raw : withoutOwnFields(tool.raw));
			} else {
				losses.add('hosted-tool', `The tool ${tool.name} is not run by this provider and was not offered.`);
			}
		} else if (map.has(tool)) {
			if (isNativeTool(tool, quirks)) {
				addNative(encoded, tool);
			} else {
				encoded.push(shimTool(tool, map));
			}
		}
	}

	return encoded;
};

const encodeReference = (reference: ToolReference, {map, quirks}: ToolOutput): JsonObject => {
	if (!isNativeTool(reference, quirks)) {
		return {type: 'function', name: map.wireNameOf(reference)};
	}

	const type = reference.kind.replace('-', '_');
	const isNamed = reference.kind === 'function' || reference.kind === 'custom';
	return compact({type, name: isNamed ? reference.name : undefined, namespace: reference.namespace});
};

/** R `tool_choice`. */
export const encodeToolChoice = (choice: ToolChoice, output: ToolOutput): unknown => {
	switch (choice.mode) {
		case 'auto':
		case 'none':
		case 'required': {
			return choice.mode;
		}

		case 'tool': {
			return output.map.has(choice.tool) ? encodeReference(choice.tool, output) : 'auto';
		}

		case 'allowed': {
			const tools = choice.tools.filter(tool => output.map.has(tool)).map(tool => encodeReference(tool, output));
			return {type: 'allowed_tools', mode: choice.isRequired ? 'required' : 'auto', tools};
		}
	}
};
