import type {ComparePatch} from './patch.ts';
import type {Lexer} from './markdown-rows.ts';

/** What makes rows out of Markdown and edits; loaded with the first conversation, so that the start does not wait for it. */
export interface ReaderTools {
	readonly lex: Lexer;
	readonly compare: ComparePatch;
}

/**
 * Texts that differ in more lines are shown one after the other. Counted in lines and not in time, so that the same edit is always shown the same
 * way; so many take about 35 ms, however long the texts are.
 */
const mostChanges = 500;
const contextLines = 3;

/** Loads marked and diff. */
export const loadReaderTools = async (): Promise<ReaderTools> => {
	const [{marked}, {structuredPatch}] = await Promise.all([import('marked'), import('diff')]);
	return {
		lex: text => marked.lexer(text),
		compare: (path, before, after) =>
			structuredPatch(path, path, before, after, undefined, undefined, {
				context: contextLines,
				maxEditLength: mostChanges,
			})?.hunks,
	};
};
