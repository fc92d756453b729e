import type {EditorEnd} from '../../../event/editor.ts';

/** What is said of the user's own editor. */
export const editor = {
	notHere: 'No editor can be started from this screen.',
	readOnly: 'This screen is read-only: it opens no editor.',
	ended: (end: EditorEnd) =>
		end.kind === 'closed'
			? `${end.program} is closed; what was saved counts at once.`
			: end.kind === 'failed'
				? `${end.program} ended with ${end.why}; look whether the file is as you want it.`
				: `No editor could be started (${end.tried.join(', ')}); set EDITOR to one.`,
};
