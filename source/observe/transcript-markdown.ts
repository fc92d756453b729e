import type {FileEdit, Transcript, TranscriptItem} from '../event/view.ts';

/* A transcript as Markdown, for a file. What the model wrote stays the Markdown that it is; everything else stands in fences. */

const headings: Readonly<Record<TranscriptItem['kind'], string>> = {
	developer: 'Rules',
	user: 'User',
	assistant: 'Model',
	reasoning: 'Reasoning',
	'tool-call': 'Tool call',
	'tool-output': 'Tool output',
	compaction: 'Compacted history',
	note: 'Note',
};

/** A fence that is longer than any inside it (CommonMark 0.31, 4.5). */
const fenced = (text: string, lang = ''): string => {
	const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
	const fence = '`'.repeat(longest + 1);
	return `${fence}${lang}\n${text.replace(/\n$/, '')}\n${fence}`;
};

const prefixed = (text: string, mark: string): string =>
	text
		.replace(/\n$/, '')
		.split('\n')
		.map(line => `${mark}${line}`)
		.join('\n');

const editText = ({path, before, after}: FileEdit): string => {
	const lines = [...(before === undefined ? [] : [prefixed(before, '-')]), prefixed(after, '+')];
	return fenced([`--- ${before === undefined ? '/dev/null' : path}`, `+++ ${path}`, ...lines].join('\n'), 'diff');
};

const bodyOf = ({kind, text, edits = []}: TranscriptItem): string => {
	switch (kind) {
		case 'assistant':
		case 'compaction':
			return text;
		case 'user':
			return text;
		case 'reasoning':
			return prefixed(text, '> ');
		case 'note':
			return `*${text.replaceAll('\n', ' ')}*`;
		default: {
			const isPatch = text.includes('*** Begin Patch');
			const shown = text === '' && edits.length > 0 ? [] : [fenced(text, isPatch ? 'diff' : '')];
			return [...shown, ...edits.map(editText)].join('\n\n');
		}
	}
};

/** A title may hold anything; a heading is one line without marks. */
const headingOf = ({kind, title}: TranscriptItem): string => {
	const name = title === undefined || kind === 'note' ? '' : `: ${title.replace(/([\\`*_[\]<>#])/g, '\\$1')}`;
	return `## ${headings[kind]}${name}`;
};

/** The whole transcript; ends in a line break. It is as clean as the transcript: secrets and terminal commands were taken out of that. */
export const transcriptMarkdown = ({requestId, sessionId, items, isLive, isTruncated}: Transcript): string => {
	const facts = [
		`- request: \`${requestId}\``,
		...(sessionId === undefined ? [] : [`- session: \`${sessionId}\``]),
		...(isTruncated ? ['- something is missing: the size limit was met'] : []),
		...(isLive ? ['- the answer was still being written'] : []),
	];
	const blocks = items.map(item => `${headingOf(item)}\n\n${bodyOf(item)}`);
	return `${['# Transcript', facts.join('\n'), ...blocks].join('\n\n')}\n`;
};
