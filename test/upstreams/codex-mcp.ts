import {message, reasoning, stream, toolSearch, type ReplyPart, type Script} from '../../source/demo/script.ts';

const lookup: ReplyPart = {type: 'function-call', name: 'lookup', namespace: 'mcp__words', arguments: {word: 'plum'}};

/** Calls the MCP tool `lookup` of the server `words`, which the client declares by its namespace. */
export const codexMcp: Script = [
	{match: {toolOutputs: 0}, answer: stream([reasoning('**Looking the word up**'), lookup])},
	{match: {afterTool: true}, answer: stream([message('A plum is a fruit.')])},
];

/** The same where Codex keeps its MCP tools back until the model has searched for them (gpt-5.5). */
export const codexToolSearch: Script = [
	{match: {toolOutputs: 0}, answer: stream([reasoning('**Looking for a tool**'), toolSearch('lookup a word')])},
	{match: {toolOutputs: 1}, answer: stream([lookup])},
	{match: {toolOutputs: 2}, answer: stream([message('A plum is a fruit.')])},
];
