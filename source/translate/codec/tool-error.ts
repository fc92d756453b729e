import type {ContentPart, ResultItem} from './ir.ts';

/*
 * Messages says with `is_error` that a tool failed; the other dialects have only the text. The mark below carries it there and is
 * taken off again on the way back (translation.md 4.1). Nothing is ever guessed from a tool's own words.
 */

const mark = '[tool error] ';

/** The result's output with the mark in front where the client said that the tool failed. */
export const markedOutput = ({output, isError}: ResultItem): string | readonly ContentPart[] => {
	if (isError !== true) {
		return output;
	}

	return typeof output === 'string' ? mark + output : [{type: 'text', text: mark.trim()}, ...output];
};

/** Whether a result failed, and its output without the mark. */
export const unmarkedOutput = ({output, isError}: ResultItem): Pick<ResultItem, 'output' | 'isError'> =>
	typeof output === 'string' && output.startsWith(mark)
		? {output: output.slice(mark.length), isError: true}
		: {output, isError};
