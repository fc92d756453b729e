import {execCommand, message, reasoning, spawnAgent, stream, type Script} from '../../source/demo/script.ts';

/**
 * The parent starts a sub-agent, runs a command that lasts longer than the child, and ends its turn. The child's request has kind
 * `subagent`. The parent does not call `wait_agent`: the id it would wait for exists only in the output of `spawn_agent`.
 */
export const codexSubagent: Script = [
	{match: {kind: 'subagent'}, answer: stream([message('child says hi')])},
	{
		match: {kind: 'turn', toolOutputs: 0},
		answer: stream([reasoning('**Asking a helper**'), spawnAgent('say hi as a child')]),
	},
	{match: {kind: 'turn', toolOutputs: 1}, answer: stream([execCommand('sleep 1')])},
	{match: {kind: 'turn', toolOutputs: 2}, answer: stream([message('The helper said hi.')])},
];
