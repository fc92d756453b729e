import {message, stream, type ReplyPart, type Script} from '../../source/demo/script.ts';

const childTask = 'say hi as a child';

const agent: ReplyPart = {
	type: 'function-call',
	name: 'Agent',
	arguments: {
		description: 'Say hi',
		prompt: childTask,
		subagent_type: 'general-purpose',
		run_in_background: false,
	},
};

/** Claude Code starts a sub-agent (every dialect knows its request by the prompt) and takes up its answer. */
export const claudeSubagent: Script = [
	{match: {kind: 'title'}, answer: stream([message('{"title":"Ask a helper"}')])},
	{match: {promptContains: childTask}, answer: stream([message('child says hi')])},
	{match: {toolOutputs: 0}, answer: stream([message('I ask a helper.'), agent])},
	{match: {afterTool: true}, answer: stream([message('The helper said hi.')])},
];
