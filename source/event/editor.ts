/* The user's own editor on a file, between the screen and who starts programs. */

/** What is to be edited. */
export interface EditorPlace {
	/** Absolute. */
	readonly path: string;
	/** From 1; undefined: the start. */
	readonly line: number | undefined;
}

/** How it went. */
export type EditorEnd =
	| {readonly kind: 'closed'; readonly program: string}
	/** `why` is its exit code or the signal that ended it. */
	| {readonly kind: 'failed'; readonly program: string; readonly why: number | string}
	/** None of these could be started. */
	| {readonly kind: 'missing'; readonly tried: readonly string[]};

/** Gives the terminal to the user's editor until that is closed. */
export type OpenEditor = (place: EditorPlace) => Promise<EditorEnd>;
