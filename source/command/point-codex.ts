import {createInterface} from 'node:readline/promises';
import {exitCode} from '../base/errors.ts';
import {switchOn} from '../client/codex/switch.ts';
import type {Addresses} from '../engine/host.ts';
import type {PreparedHome} from './prepare-home.ts';
import type {Settings} from './settings.ts';

/** What decides whether Codex is pointed at us, and what does it. */
export interface Pointing {
	readonly prepared: PreparedHome;
	readonly settings: Settings;
	readonly isAgreed: boolean;
	/** Settled by a signal, which also takes the question back. */
	readonly ended: Pick<PromiseWithResolvers<number>, 'promise' | 'resolve'>;
}

/** Whether the user has to be asked, which takes the terminal as it is without a screen. */
export const mustAskToSwitch = ({settings, isAgreed}: Pick<Pointing, 'settings' | 'isAgreed'>): boolean =>
	!isAgreed && settings.get('switchesCodex') === undefined;

/** Points Codex at us when the user agreed, now or in an earlier run. */
export const pointCodex = async (
	{prepared, settings, isAgreed, ended}: Pointing,
	{url}: Addresses,
): Promise<boolean> => {
	const remembered = settings.get('switchesCodex');
	const isWanted = isAgreed || (remembered ?? (await askToSwitch(prepared.codexHome, ended)));
	if (isWanted === undefined) {
		return false;
	}

	if (remembered !== isWanted && !isAgreed) {
		settings.set({switchesCodex: isWanted});
	}

	if (!isWanted) {
		return false;
	}

	const {home, codexHome, token} = prepared;
	await switchOn({home, codexHome, token, url, takeOver: isAgreed});
	return true;
};

/** The terminal on which is asked. */
export interface AskedTerminal {
	readonly input: NodeJS.ReadableStream;
	readonly output: NodeJS.WritableStream;
}

/** Asks before there is a screen, and leaves the terminal to it. Undefined: the user left instead of answering. */
export const askToSwitch = async (
	codexHome: string,
	ended: Pointing['ended'],
	{input, output}: AskedTerminal = {input: process.stdin, output: process.stderr},
): Promise<boolean | undefined> => {
	const terminal = createInterface({input, output});
	const left = (): void => ended.resolve(exitCode.cancelled);
	const leaving = new AbortController();
	void ended.promise.then(() => leaving.abort());
	// Ctrl+D and Ctrl+C close the interface; its promise would never settle.
	terminal.once('close', left);
	terminal.once('SIGINT', () => terminal.close());
	try {
		const answer = await terminal.question(
			`Point Codex (${codexHome}/config.toml) at codex-tui while it runs? It is put back at the end. [Y/n] `,
			{signal: leaving.signal},
		);
		// Only this one: readline's own stops its echo, which would write each key of the screen over its last row.
		terminal.off('close', left);
		return !/^n/i.test(answer.trim());
	} catch (error) {
		if (leaving.signal.aborted) {
			output.write('\n');
			return undefined;
		}

		throw error;
	} finally {
		terminal.close();
	}
};
