import {message, stream, type ReplyPart, type Script} from '../../source/demo/script.ts';

const agent: ReplyPart = {
	type: 'function-call',
	name: 'Agent',
	arguments: {
		description: 'Say hi',
		prompt: 'say hi as a child',
		subagent_type: 'general-purpose',
		run_in_background: false,
	},
};

/** Claude Code starts a sub-agent (its requests have kind `subagent`) and takes up its answer. */
export const claudeSubagent: Script = [
	{match: {kind: 'title'}, answer: stream([message('{"title":"Ask a helper"}')])},
	{match: {kind: 'subagent'}, answer: stream([message('child says hi')])},
	{match: {toolOutputs: 0}, answer: stream([message('I ask a helper.'), agent])},
	{match: {afterTool: true}, answer: stream([message('The helper said hi.')])},
];
