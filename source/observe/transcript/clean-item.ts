import type {Redact} from '../../base/redact.ts';
import {sanitize, sanitizeLine} from '../../base/sanitize.ts';
import type {TranscriptItem} from '../../event/view.ts';

/** An item fit to be shown: without terminal commands, and without secrets. */
export const cleanItem = ({title, text, edits, ...rest}: TranscriptItem, redact: Redact): TranscriptItem => {
	const clean = (dirty: string): string => redact(sanitize(dirty));
	const shown = {
		...rest,
		title: title === undefined ? undefined : redact(sanitizeLine(title)),
		text: clean(text),
	};
	const cleanEdits = edits?.map(({path, before, after}) => ({
		path: redact(sanitizeLine(path)),
		before: before === undefined ? undefined : clean(before),
		after: clean(after),
	}));
	return cleanEdits === undefined ? shown : {...shown, edits: cleanEdits};
};
