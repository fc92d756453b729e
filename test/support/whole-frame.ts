import {poll} from './poll.ts';
import type {PtyProgram} from './pty.ts';

/** What is wrong with a frame, or undefined. */
const faultOf = ({lines, terminal}: PtyProgram): string | undefined => {
	const rows = lines();
	const text = rows.join('\n');
	const openRows = rows.filter(row => /^[│╭╰]/.test(row) && !/[│╮╯]$/.test(row));
	const clock = new RegExp(`^ codex-tui .{${terminal.cols - 20}}\\d\\d:\\d\\d:\\d\\d$`);
	const faults = [
		terminal.buffer.active.type === 'alternate' ? '' : 'it is not on the alternate screen',
		clock.test(rows[0] ?? '') ? '' : 'its status row does not fill the first row',
		/\? help {2}q quit$/.test(rows.at(-1) ?? '') ? '' : 'its footer is not the last row',
		text.match(/codex-tui/g)?.length === 1 ? '' : 'there is a second status row',
		text.match(/q quit/g)?.length === 1 ? '' : 'there is a second footer',
		openRows.length === 0 ? '' : `${openRows.length} rows are not closed at the right edge`,
	].filter(fault => fault !== '');
	return faults.length === 0 ? undefined : `${faults.join(', ')}:\n${text}`;
};

/**
 * Waits until one frame and nothing else stands on the terminal: the status row once and at the top, the footer at the
 * bottom, each bordered row closed at the right edge. Asked more than once, since a look may fall into the middle of a frame.
 */
export const expectWholeFrame = async (screen: PtyProgram): Promise<void> => {
	let fault: string | undefined;
	try {
		await poll('a whole frame', () => ((fault = faultOf(screen)) === undefined ? true : undefined), 3000);
	} catch (cause) {
		throw new Error(`The frame is not whole: ${fault}`, {cause});
	}
};
