import {applyPatch, execCommand, message, reasoning, stream, type Script} from '../../source/demo/script.ts';

/** One shell command that prints `tool-ran`, then an answer. */
export const codexTool: Script = [
	{
		match: {toolOutputs: 0},
		answer: stream([reasoning('**Running a command**'), execCommand('echo tool-ran')], {turnState: 'tool'}),
	},
	{match: {afterTool: true}, answer: stream([message('The command printed tool-ran.')])},
];

/** A free-form patch that adds `hello.txt`, then an answer (gpt-5.5 has the tool `apply_patch`). */
export const codexPatch: Script = [
	{
		match: {toolOutputs: 0},
		answer: stream([
			reasoning('**Writing a file**'),
			applyPatch('*** Begin Patch\n*** Add File: hello.txt\n+hello world\n*** End Patch\n'),
		]),
	},
	{match: {afterTool: true}, answer: stream([message('I added hello.txt.')])},
];
