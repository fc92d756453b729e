import type {FileEdit} from '../../event/view.ts';
import {span, type Span} from '../text/line.ts';
import type {Tone} from '../theme/theme.ts';
import {rowOf, textRow, withoutLastBreaks, type Row} from './row.ts';

/* Changes of files as rows: Codex' patches (`*** Begin Patch`), unified diffs, and edits that are told by their texts. */

/** `structuredPatch` of the package diff, as far as it is used. */
export type ComparePatch = (
	path: string,
	before: string,
	after: string,
) => ReadonlyArray<{readonly oldStart: number; readonly lines: readonly string[]}> | undefined;

const rail = span('│ ', 'border');
const inRail = {first: [rail], rest: [rail], breaks: 'cells'} as const;

const toneOfLine = (line: string): Tone =>
	line.startsWith('+') ? 'diffAdd' : line.startsWith('-') ? 'diffDel' : line.startsWith('@@') ? 'info' : 'muted';

const changeRow = (line: string): Row => textRow(line, toneOfLine(line), inRail);

const countsOf = (lines: readonly string[]): readonly Span[] => {
	const added = lines.filter(line => line.startsWith('+')).length;
	const removed = lines.filter(line => line.startsWith('-')).length;
	return [
		...(added === 0 ? [] : [span(` +${added}`, 'diffAdd')]),
		...(removed === 0 ? [] : [span(` -${removed}`, 'diffDel')]),
	];
};

const fileRow = (letter: string, path: string, lines: readonly string[]): Row =>
	rowOf([span(`${letter} `, 'accent', true), span(path, 'text', true), ...countsOf(lines)]);

const fileStart = /^\*\*\* (Add|Update|Delete) File: (.*)$/;
const letters: Readonly<Record<string, string>> = {Add: 'A', Update: 'M', Delete: 'D'};

/** Whether a text holds a patch of Codex' grammar. */
export const holdsPatch = (text: string): boolean =>
	text.includes('*** Begin Patch') && /^\*\*\* \w+ File: /m.test(text);

const isFileLine = (line: string): boolean => !/^\*\*\* (?!End of File)/.test(line);

/** The lines of a patch with what follows each file's name up to the next one. */
const bodiesOf = (lines: readonly string[]): ReadonlyMap<number, readonly string[]> => {
	const starts = lines.flatMap((line, index) => (fileStart.test(line) ? [index] : []));
	return new Map(starts.map((start, at) => [start, lines.slice(start + 1, starts[at + 1]).filter(isFileLine)]));
};

/** The rows of a text with a patch in it; what stands around the patch (a shell command) is kept. */
export const patchRows = (text: string, tone: Tone): readonly Row[] => {
	const lines = withoutLastBreaks(text).split('\n');
	const bodies = bodiesOf(lines);
	let isInFile = false;
	return lines.flatMap((line, index): readonly Row[] => {
		const file = fileStart.exec(line);
		if (file !== null) {
			isInFile = true;
			return [fileRow(letters[file[1] ?? ''] ?? 'M', file[2] ?? '', bodies.get(index) ?? [])];
		}

		const moved = /^\*\*\* Move to: (.*)$/.exec(line)?.[1];
		if (moved !== undefined) {
			return [rowOf([span('→ ', 'accent', true), span(moved, 'text', true)])];
		}

		if (/^\*\*\* End (?:Patch|of File)/.test(line)) {
			isInFile = isInFile && !line.startsWith('*** End Patch');
			return [];
		}

		return line.trim() === '*** Begin Patch' ? [] : [isInFile ? changeRow(line) : textRow(line, tone)];
	});
};

/** Whether a tool's output is a unified diff, as `git diff` prints it. */
export const isUnifiedDiff = (text: string): boolean =>
	/^(?:diff --git |--- (?:a\/|\/dev\/null))/m.test(text.slice(0, 2000)) && /^@@ -\d/m.test(text.slice(0, 20_000));

/** The tone of a line of a unified diff. */
export const toneOfDiffLine = (line: string): Tone =>
	/^(?:diff --git|index |--- |\+\+\+ |new file|deleted file|rename|similarity)/.test(line)
		? 'accent'
		: toneOfLine(line);

const linesOfText = (text: string): readonly string[] => text.replace(/\n$/, '').split('\n');

/** The rows of an edit: its file, then what changes with three lines around it. */
export const editRows = ({path, before, after}: FileEdit, compare: ComparePatch): readonly Row[] => {
	if (before === undefined) {
		const lines = linesOfText(after).map(line => `+${line}`);
		return [fileRow('W', path, lines), ...lines.map(changeRow)];
	}

	const hunks = compare(path, before, after);
	// Texts that have too little in common to be compared in time stand one after the other.
	const plain = [...linesOfText(before).map(line => `-${line}`), ...linesOfText(after).map(line => `+${line}`)];
	const bodies: ReadonlyArray<readonly string[]> =
		hunks === undefined ? [plain] : hunks.map(({lines}) => lines.filter(line => !line.startsWith('\\')));
	const rows = bodies.flatMap((body, index): readonly Row[] => [
		...(index === 0 ? [] : [textRow('…', 'muted', inRail)]),
		...body.map(changeRow),
	]);
	return [fileRow('M', path, bodies.flat()), ...rows];
};
