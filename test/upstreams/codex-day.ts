import {applyPatch, execCommand, message, reasoning, stream, type Script} from '../../source/demo/script.ts';

/**
 * A long turn with every kind of tool that Codex has from the start: a command, two commands at once, a patch that adds `hello.txt`,
 * a look at `pixel.png`, then an answer. Thinks before some steps and not before others.
 */
export const codexDay: Script = [
	{match: {toolOutputs: 0}, answer: stream([reasoning('**Running a command**'), execCommand('echo tool-ran')])},
	{
		match: {toolOutputs: 1},
		answer: stream([
			reasoning('**Looking at two places at once**'),
			message('I look at two places.'),
			execCommand('echo first'),
			execCommand('echo second'),
		]),
	},
	{
		match: {toolOutputs: 3},
		answer: stream([applyPatch('*** Begin Patch\n*** Add File: hello.txt\n+"héllo"\t\\world\n*** End Patch\n')]),
	},
	{
		match: {toolOutputs: 4},
		answer: stream([
			reasoning('**Looking at the picture**'),
			{type: 'function-call', name: 'view_image', arguments: {path: 'pixel.png'}},
		]),
	},
	{match: {toolOutputs: 5}, answer: stream([reasoning('**Summing up**'), message('Everything is done.')])},
];
