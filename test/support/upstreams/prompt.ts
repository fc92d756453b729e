/** One piece of a conversation as rules look at it: a text of the user, or a tool's output. */
export type Spoken = {readonly type: 'user'; readonly text: string} | {readonly type: 'output' | 'other'};

// Codex puts context of its own into user messages: it starts with a tag, a person's prompt does not (translation.md 0, 1.5).
const isPrompt = (piece: Spoken): piece is Spoken & {readonly type: 'user'} =>
	piece.type === 'user' && !/^(?:<|Output media for call |\s*$)/.test(piece.text);

/** The last prompt of a person, and the tool outputs after it. */
export const readPrompt = (pieces: readonly Spoken[]): {readonly prompt: string; readonly toolOutputs: number} => {
	const last = pieces.findLastIndex(isPrompt);
	const prompt = pieces[last];
	return {
		prompt: prompt !== undefined && isPrompt(prompt) ? prompt.text : '',
		toolOutputs: pieces.slice(last + 1).filter(({type}) => type === 'output').length,
	};
};
