import {reviewFindings, stream, type Script} from '../../source/demo/script.ts';

/** `codex exec review --uncommitted`: one finding in `f.txt`. */
export const codexReview: Script = [
	{
		match: {kind: 'review'},
		answer: stream([
			reviewFindings('The change breaks the build.', [
				{title: 'Wrong word', body: 'The file should say hello.', file: '/home/ana/f.txt', line: 1},
			]),
		]),
	},
];
