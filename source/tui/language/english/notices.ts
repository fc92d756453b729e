import {delayProblem} from '../../../base/delay.ts';

/** What the screen says of itself, of the terminal, and where there is nothing to show. */
export const notices = {
	theme: (name: string) => `Theme ${name}.`,
	themeReread: (name: string) => `Theme ${name} was read again.`,
	mouseOn: 'The mouse scrolls and selects rows.',
	mouseOff: "The mouse is the terminal's again: drag to select text.",
	/** `what` is the sentence's subject, for example `theFix`. */
	copied: (what: string) => `${what} is on the clipboard, where your terminal takes it (OSC 52).`,
	nothingSaid: 'Nothing has been said yet.',
	noLedger: 'The ledger is not on this machine; `codex-tui usage` shows it where the engine runs.',
	longestRange: 'There is no longer range; `codex-tui usage --days N` has all.',
	shortestRange: 'Today is the shortest range.',
	serviceNames: 'The service is codex or claude.',
	noTime: delayProblem,
	underHelp: 'Esc closes the help first: it covers what this key works on.',
};
