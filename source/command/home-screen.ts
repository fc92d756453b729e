import {exitCode, messageOf} from '../base/errors.ts';
import type {Home} from '../config/home.ts';
import {watchFolder} from '../config/watch.ts';
import {once} from '../base/once.ts';
import type {ClientSessionsLink} from '../event/client-session.ts';
import type {ClientHomes} from '../observe/sessions/session-files.ts';
import {ReadModel} from '../observe/read-model.ts';
import type {ScreenOptions} from '../tui/main.tsx';
import type {PriceOf} from '../tui/input/controls.ts';
import type {LoadCosts} from '../tui/store/request-costs.ts';
import type {LookUsage} from '../tui/store/usage-page.ts';
import {leaveFarewell} from './farewell.ts';
import {exportsOf} from './export-files.ts';
import {keySourceOf} from './key-files.ts';
import type {Settings} from './settings.ts';
import {readThemes, shippedThemes} from './theme-files.ts';

/** What a screen of this machine has of its home, whichever engine it shows: themes, keys, what is remembered, the terminal. */
type OfHome =
	| 'openEditor'
	| 'createModel'
	| 'priceOf'
	| 'themes'
	| 'onThemeChange'
	| 'settings'
	| 'keys'
	| 'stdin'
	| 'stdout'
	| 'onQuit';

/** A screen that runs. */
export interface ShownScreen {
	/** Takes it away, and says so where it broke. */
	readonly close: () => Promise<void>;
}

/** What {@link openHomeScreen} puts together. */
export interface HomeScreen {
	readonly home: Home;
	readonly settings: Settings;
	readonly screen: Omit<ScreenOptions, OfHome>;
	/** Settled when the user leaves, or the screen breaks. */
	readonly ended: Pick<PromiseWithResolvers<number>, 'resolve'>;
}

/** The ledger of a home. Loaded with the first question: no first frame needs it. */
export const usageOf = (home: Home): LookUsage => {
	const loaded = once(async (): Promise<LookUsage> => {
		const {createUsageLook} = await import('./usage-open.ts');
		return createUsageLook(home, {env: process.env, now: Date.now});
	});
	return async question => (await loaded())(question);
};

/** What answered requests cost. Loaded with the first answer. */
export const costsOf = (home: Home): LoadCosts => {
	const loaded = once(async (): Promise<LoadCosts> => {
		const {createRequestCosts} = await import('./usage-open.ts');
		return createRequestCosts(home, {env: process.env});
	});
	return async () => (await loaded())();
};

/** What requests would cost once more. The price table is loaded with the first question. */
const priceOfRequests = (home: Home): PriceOf => {
	const loaded = once(async (): Promise<PriceOf> => {
		const {createRequestPrice} = await import('./usage-open.ts');
		return createRequestPrice(home);
	});
	return async request => (await loaded())(request);
};

/** The clients' own records of their sessions. Loaded with the first question too. */
export const clientSessionsOf = (homes: ClientHomes & {readonly home: Home}): ClientSessionsLink => {
	const link = once(async (): Promise<ClientSessionsLink> => {
		const {openSessionsOf} = await import('./session-open.ts');
		return openSessionsOf(homes);
	});
	return {
		look: async () => (await link()).look(),
		transcript: async (threadId, knownVersion) => (await link()).transcript(threadId, knownVersion),
	};
};

const watchThemes = (home: Home, listener: (themes: ReturnType<typeof readThemes>) => void): (() => void) => {
	const controller = new AbortController();
	const changed = (): void => listener(readThemes(home));
	for (const folder of [shippedThemes, home.themes]) {
		// A folder that cannot be watched costs the hot reload of themes, nothing else.
		void watchFolder({folder, signal: controller.signal, onChange: changed, onError: changed});
	}

	return () => controller.abort();
};

/** Shows a screen on this terminal; its code is not loaded before. */
export const openHomeScreen = async ({home, settings, screen: options, ended}: HomeScreen): Promise<ShownScreen> => {
	// React reads it when it is loaded; its development build costs half of the frame rate.
	process.env['NODE_ENV'] ??= 'production';
	const {startScreen} = await import('../tui/main.tsx');
	const screen = startScreen({
		...options,
		priceOf: priceOfRequests(home),
		createModel: snapshot => ReadModel.fromSnapshot(snapshot),
		themes: readThemes(home),
		onThemeChange: listener => watchThemes(home, listener),
		settings: {get: key => settings.get(key), set: (key, value) => settings.set({[key]: value})},
		keys: keySourceOf(home),
		writeExport: exportsOf(home),
		openEditor: async place => {
			const {openEditor} = await import('./open-editor.ts');
			return openEditor(place, process.env);
		},
		stdin: process.stdin,
		stdout: process.stdout,
		onQuit: () => ended.resolve(exitCode.done),
	});
	let crash: unknown;
	screen.done.catch((error: unknown) => {
		crash = error;
		ended.resolve(exitCode.failed);
	});
	return {
		async close() {
			await screen.close();
			if (process.stdout.writableLength > 0) {
				leaveFarewell();
			}

			if (crash !== undefined) {
				process.stderr.write(`codex-tui: the screen failed (${messageOf(crash)}); the terminal is as it was.\n`);
			}
		},
	};
};
