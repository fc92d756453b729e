import {execCommand, message, reasoning, stream, type Script} from '../../source/demo/script.ts';

/** Two shell commands in one answer; the next request carries both outputs in the order of the calls. */
export const codexParallel: Script = [
	{
		match: {toolOutputs: 0},
		answer: stream([
			reasoning('**Looking at two places at once**'),
			execCommand('echo first', 'call_first'),
			execCommand('echo second', 'call_second'),
		]),
	},
	{match: {toolOutputs: 2}, answer: stream([message('Both commands ran: first and second.')])},
];
