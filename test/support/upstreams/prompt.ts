/** One piece of a conversation as rules look at it: a text of the user, or a tool's output. */
export type Spoken = {readonly type: 'user'; readonly text: string} | {readonly type: 'output' | 'other'};

/** Clients put context of their own into user messages, each piece in a tag; the bridge adds the media of tools (translation.md 1.5). */
const context = /^\s*(?:<(?<tag>[\w-]+)>[^]*?<\/\k<tag>>\s*)+|^Output media for call [^]*$|^\s+$/;

const promptOf = (piece: Spoken): string => (piece.type === 'user' ? piece.text.replace(context, '') : '');

/** The last prompt of a person, and the tool outputs after it. */
export const readPrompt = (pieces: readonly Spoken[]): {readonly prompt: string; readonly toolOutputs: number} => {
	const last = pieces.findLastIndex(piece => promptOf(piece) !== '');
	return {
		prompt: pieces
			.slice(last, last + 1)
			.map(promptOf)
			.join(''),
		toolOutputs: pieces.slice(last + 1).filter(({type}) => type === 'output').length,
	};
};
