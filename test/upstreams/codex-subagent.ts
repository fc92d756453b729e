import {execCommand, message, reasoning, spawnAgent, stream, type Script} from '../../source/demo/script.ts';

const childTask = 'say hi as a child';

/**
 * The parent starts a sub-agent, runs a command that lasts longer than the child, and ends its turn. Every dialect knows
 * the child's request by its prompt. The parent does not call `wait_agent`: the id it would wait for exists only in the output of `spawn_agent`.
 */
export const codexSubagent: Script = [
	{match: {promptContains: childTask}, answer: stream([message('child says hi')])},
	{
		match: {toolOutputs: 0},
		answer: stream([reasoning('**Asking a helper**'), spawnAgent(childTask)]),
	},
	{match: {toolOutputs: 1}, answer: stream([execCommand('sleep 1')])},
	{match: {toolOutputs: 2}, answer: stream([message('The helper said hi.')])},
];
