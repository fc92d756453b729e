import {message, reasoning, stream, type Script} from '../../source/demo/script.ts';

const thought = reasoning('**Thinking about it**\n\nIt takes a while.');
const deltaLength = 8;

/** The third delta of the text: 2 events open the response, the thought has 10 (5 deltas), the text 2 openers and 7 deltas. */
const inTheText = 17;

/** Any `codex exec "…"`: thinks, begins its text, is silent in the middle of it for so long, and goes on as if nothing had been. */
export const codexSilentFor = (ms: number): Script => [
	{
		answer: stream([thought, message('A long pause stands in the middle of this sentence.')], {
			deltaLength,
			silence: {beforeEvent: inTheText, ms},
		}),
	},
];

/** Any `codex exec "…"`: thinks, begins its text, and never says another word. */
export const codexSilentForEver: Script = [
	{
		answer: stream([thought, message('Nobody will ever read the end of this.')], {
			deltaLength,
			cut: {afterEvent: inTheText, how: 'hang'},
		}),
	},
];
