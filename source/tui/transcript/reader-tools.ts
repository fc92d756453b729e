import type {ComparePatch} from './patch.ts';
import type {Lexer} from './markdown-rows.ts';

/** What makes rows out of Markdown and edits; loaded with the first conversation, so that the start does not wait for it. */
export interface ReaderTools {
	readonly lex: Lexer;
	readonly compare: ComparePatch;
}

/** A comparison that takes longer is given up: the two texts are shown one after the other. */
const compareMs = 50;
const contextLines = 3;

/** Loads marked and diff. */
export const loadReaderTools = async (): Promise<ReaderTools> => {
	const [{marked}, {structuredPatch}] = await Promise.all([import('marked'), import('diff')]);
	return {
		lex: text => marked.lexer(text),
		compare: (path, before, after) =>
			structuredPatch(path, path, before, after, undefined, undefined, {context: contextLines, timeout: compareMs})
				?.hunks,
	};
};
