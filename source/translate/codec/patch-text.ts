import {parseJsonObject, textField} from '../../wire/json-value.ts';

/*
 * What models put round a patch, taken off again before Codex sees it (translation.md 1.6, apply_patch robustness). Nothing is
 * guessed: the lines of the patch stay as they are.
 */

const maxWrappers = 3;
const fence = /^\s*```[^\n]*\n([\s\S]*?)\n?```\s*$/;
const heredoc = /^\s*(?:apply_patch\s*)?<<-?\s*(['"]?)(\w+)\1[^\n]*\n([\s\S]*?)\n\2\s*$/;
const beginLine = '*** Begin Patch';
const endLine = '*** End Patch';

/**
 * Whether a text that begins like this is a patch without wrappers and can be shown while it grows; undefined while its first
 * line is not whole.
 */
export const isPlainPatch = (start: string): boolean | undefined => {
	const firstLine = start.indexOf('\n');
	if (firstLine === -1) {
		return beginLine.startsWith(start.slice(0, beginLine.length)) ? undefined : false;
	}

	return start.startsWith(beginLine) && start[firstLine - 1] !== '\r';
};

const unwrap = (text: string): string => {
	let inner = text;
	for (let count = 0; count < maxWrappers; count += 1) {
		const whole = parseJsonObject(inner);
		const next = textField(whole, 'input') ?? textField(whole, 'patch');
		if (next === undefined) {
			return inner;
		}

		inner = next;
	}

	return inner;
};

const withoutCarriageReturns = (text: string): string => {
	const lines = text.split('\n');
	return lines.slice(0, -1).every(line => line.endsWith('\r'))
		? lines.map(line => line.replace(/\r$/, '')).join('\n')
		: text;
};

/** A patch without its wrappers; a missing last line is added when it is the only thing missing. */
export const cleanPatch = (text: string): string => {
	const bare = unwrap(text);
	const inner = fence.exec(bare)?.[1] ?? heredoc.exec(bare)?.[3] ?? bare;
	const patch = withoutCarriageReturns(inner);
	const isUnended = patch.startsWith(beginLine) && !patch.includes(`\n${endLine}`);
	return isUnended ? `${patch.replace(/\n$/, '')}\n${endLine}` : patch;
};
