import {message, reasoning, stream, type ReplyPart, type Script} from '../../source/demo/script.ts';

const bash: ReplyPart = {
	type: 'function-call',
	name: 'Bash',
	arguments: {command: 'echo tool-ran', description: 'Print a word'},
};

/** One Bash command that prints `tool-ran`, then an answer (`--allowedTools Bash`). */
export const claudeTool: Script = [
	{match: {kind: 'title'}, answer: stream([message('{"title":"Run a command"}')])},
	{match: {toolOutputs: 0}, answer: stream([reasoning('I run the command.'), message('Running it.'), bash])},
	{match: {afterTool: true}, answer: stream([message('The command printed tool-ran.')])},
];
