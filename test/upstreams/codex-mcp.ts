import {
	execCommand,
	message,
	reasoning,
	spawnAgent,
	stream,
	toolSearch,
	type ReplyPart,
	type Script,
} from '../../source/demo/script.ts';

const lookup: ReplyPart = {type: 'function-call', name: 'lookup', namespace: 'mcp__words', arguments: {word: 'plum'}};

/** Calls the MCP tool `lookup` of the server `words`, which the client declares by its namespace. */
export const codexMcp: Script = [
	{match: {toolOutputs: 0}, answer: stream([reasoning('**Looking the word up**'), lookup])},
	{match: {afterTool: true}, answer: stream([message('A plum is a fruit.')])},
];

const childTask = 'say hi as a child';

/**
 * What Codex keeps back until the model has searched for it (gpt-5.5): the MCP tool, then the tools of sub-agents; a child is started, and
 * a command lasts longer than it.
 */
export const codexToolSearch: Script = [
	{match: {promptContains: childTask}, answer: stream([message('child says hi')])},
	{match: {toolOutputs: 0}, answer: stream([reasoning('**Looking for a tool**'), toolSearch('lookup a word')])},
	{match: {toolOutputs: 1}, answer: stream([lookup])},
	{match: {toolOutputs: 2}, answer: stream([toolSearch('spawn a sub-agent')])},
	{match: {toolOutputs: 3}, answer: stream([reasoning('**Asking a helper**'), spawnAgent(childTask)])},
	{match: {toolOutputs: 4}, answer: stream([execCommand('sleep 1')])},
	{match: {toolOutputs: 5}, answer: stream([message('A plum is a fruit, and the helper said hi.')])},
];
