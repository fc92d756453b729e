import {createInterface} from 'node:readline/promises';
import {exitCode, messageOf} from '../base/errors.ts';
import {healSwitch, switchOff, switchOn} from '../client/codex/switch.ts';
import {openHome} from '../config/home.ts';
import {watchFolder} from '../config/watch.ts';
import {EngineHost, type Addresses} from '../engine/host.ts';
import type {DoctorLink} from '../event/doctor.ts';
import {ReadModel} from '../observe/read-model.ts';
import type {Language} from '../tui/language/words.ts';
import type {RunningScreen} from '../tui/main.tsx';
import {readFlags, readFps, readLanguage, readLogLevel, readPort} from './arguments.ts';
import {openDoctor, surroundingsOf} from './doctor-surroundings.ts';
import {leaveFarewell} from './farewell.ts';
import {historyArguments, historyEnvironment, historyFlags, historyHelp} from './history-flags.ts';
import {engineOptions, prepareHome, type PreparedHome} from './prepare-home.ts';
import {keySourceOf} from './key-files.ts';
import {openSettings, type Settings} from './settings.ts';
import {settingsDeskOf} from './settings-desk.ts';
import {readThemes, shippedThemes} from './theme-files.ts';
import {createUsageLook} from './usage-open.ts';
import {upstreamConfigText} from './upstream-config.ts';

const help = `codex-tui [start]: the engine and the screen. Codex is pointed at the engine while it runs and given back at the end.

  --demo         embedded demo upstreams in a temporary home; nothing of yours is touched
  --port N       data port (default 3211, or [listen] port); 0 takes free ports
  --no-switch    leave Codex's configuration alone
  --yes          do not ask before Codex is pointed at the engine, also when another codex-tui has it
  --read-only    the screen shows and changes nothing
  --fps N        frames per second at most, 1 to 30 (default 10)
  --theme NAME   midnight, paper, solarized, hi-contrast, mono, or one of your own
  --lang LANG    en or zh (default: the language that was chosen last, else that of LC_ALL, LC_MESSAGES or LANG)
${historyHelp}
Example: codex-tui --demo --theme paper
`;

interface StartFlags {
	readonly port: number | undefined;
	/** The port is from the command line and not from the environment. */
	readonly hasPortFlag: boolean;
	readonly environment: Readonly<Record<string, string>>;
	readonly doesSwitch: boolean;
	readonly isAgreed: boolean;
	readonly isReadOnly: boolean;
	readonly theme: string | undefined;
	readonly language: Language | undefined;
	readonly fps: number | undefined;
	readonly configText: string | undefined;
	readonly logLevel: 'info' | 'debug';
}

/** `codex-tui start`, which is also the bare command: the one place that puts engine, screen and switch together. */
export const run = async (args: readonly string[]): Promise<number> => {
	const flags = readFlags('start', args, {
		demo: {type: 'boolean'},
		port: {type: 'string'},
		'no-switch': {type: 'boolean'},
		yes: {type: 'boolean'},
		'read-only': {type: 'boolean'},
		theme: {type: 'string'},
		lang: {type: 'string'},
		fps: {type: 'string'},
		...historyFlags,
		help: {type: 'boolean', short: 'h'},
	});
	if (flags.help) {
		process.stdout.write(help);
		return exitCode.done;
	}

	const port = readPort(flags.port ?? process.env['CODEX_TUI_PORT']);
	const fps = readFps(flags.fps);
	const language = readLanguage(flags.lang);
	if (!process.stdin.isTTY || !process.stdout.isTTY || process.env['TERM'] === 'dumb') {
		const serve = await import('./serve.ts');
		const carried = [...(flags.port === undefined ? [] : ['--port', flags.port]), ...historyArguments(flags)];
		return serve.run([...(flags.demo ? ['--demo'] : []), ...carried]);
	}

	if (!flags.demo) {
		await sayHealed();
	}

	const configText = flags.demo === true ? undefined : upstreamConfigText({}, process.env);
	const prepared = await prepareHome('start', flags.demo === true, configText !== undefined);
	process.once('exit', prepared.release);
	return runScreen(prepared, {
		port,
		hasPortFlag: flags.port !== undefined,
		environment: historyEnvironment(flags),
		doesSwitch: !flags['no-switch'] && !prepared.isDemo,
		isAgreed: flags.yes === true,
		isReadOnly: flags['read-only'] === true,
		theme: flags.theme,
		language,
		fps,
		configText,
		logLevel: readLogLevel(process.env['CODEX_TUI_LOG']),
	});
};

/** A process that was killed may have left Codex on a dead port: that is mended before anything else. */
const sayHealed = async (): Promise<void> => {
	const healed = await healSwitch({home: await openHome(process.env)});
	if (healed.outcome === 'restored') {
		process.stderr.write(`codex-tui: an earlier run was killed; ${healed.detail}\n`);
	}
};

const runScreen = async (prepared: PreparedHome, flags: StartFlags): Promise<number> => {
	const ended = Promise.withResolvers<number>();
	const {port, configText, logLevel, environment} = flags;
	const engine = {...{port, configText, logLevel, environment}, host: undefined, hasScreen: true};
	const host = new EngineHost(engineOptions(prepared, engine), () => {
		ended.resolve(exitCode.engineGaveUp);
	});
	// From here on, since nothing that is started below may be left behind, Codex least of all.
	stopOnSignals(ended.resolve);
	const settings = await openSettings(prepared.home);
	const addresses = await host.start();
	let mustGiveBack = flags.doesSwitch;
	await prepared.lock.update(addresses);
	try {
		const isSwitched =
			flags.doesSwitch && (await pointCodex({prepared, addresses, settings, isAgreed: flags.isAgreed, ended}));
		const announce = (isOn: boolean): void =>
			host.announce({type: 'client-switched', atMs: Date.now(), client: 'codex', state: isOn ? 'on' : 'off'});
		const doctor = doctorOf(prepared, addresses, isOn => {
			mustGiveBack ||= isOn;
			announce(isOn);
		});
		const onQuit = (): void => ended.resolve(exitCode.done);
		const screen = await showScreen({prepared, host, settings, flags, doctor, addresses, onQuit});
		announce(isSwitched);
		let crash: unknown;
		screen.done.catch((error: unknown) => {
			crash = error;
			ended.resolve(exitCode.failed);
		});
		const code = await ended.promise;
		await screen.close();
		if (process.stdout.writableLength > 0) {
			leaveFarewell();
		}

		if (crash !== undefined) {
			process.stderr.write(`codex-tui: the screen failed (${messageOf(crash)}); the terminal is as it was.\n`);
		}

		return code;
	} finally {
		await giveBack(prepared, host, mustGiveBack);
	}
};

/** The doctor of the screen; it may point Codex at the engine while that runs. */
const doctorOf = (prepared: PreparedHome, addresses: Addresses, onSwitch: (isOn: boolean) => void): DoctorLink => {
	const {home, isDemo} = prepared;
	return openDoctor({
		...surroundingsOf(home, {env: process.env, terminal: process.stdout}),
		isDemo,
		addresses,
		onSwitch,
	});
};

interface Pointing {
	readonly prepared: PreparedHome;
	readonly addresses: Addresses;
	readonly settings: Settings;
	readonly isAgreed: boolean;
	/** Settled by a signal, which also takes the question back. */
	readonly ended: Pick<PromiseWithResolvers<number>, 'promise' | 'resolve'>;
}

/** Points Codex at us when the user agreed, now or in an earlier run. */
const pointCodex = async ({prepared, addresses, settings, isAgreed, ended}: Pointing): Promise<boolean> => {
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
	await switchOn({home, codexHome, token, url: addresses.url, takeOver: isAgreed});
	return true;
};

/** Undefined: the user left instead of answering. */
const askToSwitch = async (codexHome: string, ended: Pointing['ended']): Promise<boolean | undefined> => {
	const terminal = createInterface({input: process.stdin, output: process.stderr});
	const leaving = new AbortController();
	void ended.promise.then(() => leaving.abort());
	// Ctrl+D and Ctrl+C close the interface; its promise would never settle.
	terminal.once('close', () => ended.resolve(exitCode.cancelled));
	terminal.once('SIGINT', () => terminal.close());
	try {
		const answer = await terminal.question(
			`Point Codex (${codexHome}/config.toml) at codex-tui while it runs? It is put back at the end. [Y/n] `,
			{signal: leaving.signal},
		);
		terminal.removeAllListeners('close');
		return !/^n/i.test(answer.trim());
	} catch (error) {
		if (leaving.signal.aborted) {
			process.stderr.write('\n');
			return undefined;
		}

		throw error;
	} finally {
		terminal.close();
	}
};

interface Showing {
	readonly prepared: PreparedHome;
	readonly host: EngineHost;
	readonly settings: Settings;
	readonly flags: StartFlags;
	readonly doctor: DoctorLink;
	readonly addresses: Addresses;
	readonly onQuit: () => void;
}

const showScreen = async ({
	prepared,
	host,
	settings,
	flags,
	doctor,
	addresses,
	onQuit,
}: Showing): Promise<RunningScreen> => {
	// React reads it when it is loaded; its development build costs half of the frame rate.
	process.env['NODE_ENV'] ??= 'production';
	const {startScreen} = await import('../tui/main.tsx');
	const {home} = prepared;
	return startScreen({
		link: host,
		createModel: snapshot => ReadModel.fromSnapshot(snapshot),
		lookUsage: createUsageLook(home, {env: process.env, now: Date.now}),
		themes: readThemes(home),
		onThemeChange: listener => {
			const controller = new AbortController();
			const changed = (): void => listener(readThemes(home));
			for (const folder of [shippedThemes, home.themes]) {
				// A folder that cannot be watched costs the hot reload of themes, nothing else.
				void watchFolder({folder, signal: controller.signal, onChange: changed, onError: changed});
			}

			return () => controller.abort();
		},
		settings: {get: key => settings.get(key), set: (key, value) => settings.set({[key]: value})},
		keys: keySourceOf(home),
		initialTheme: flags.theme,
		initialLanguage: flags.language,
		readOnly: flags.isReadOnly,
		doctor,
		settingsLink: settingsDeskOf({prepared, settings, addresses, flags}),
		fps: flags.fps,
		stdin: process.stdin,
		stdout: process.stdout,
		onQuit,
	});
};

/** `on`, not `once`: libraries with guards of their own end the process when they find themselves the last listener of a signal. */
const stopOnSignals = (resolve: (code: number) => void): void => {
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => resolve(exitCode.done));
	}
};

/** The client first: from then on it asks nobody who is about to leave. */
const giveBack = async (prepared: PreparedHome, host: EngineHost, isSwitched: boolean): Promise<void> => {
	try {
		if (isSwitched) {
			const result = await switchOff({home: prepared.home});
			if (result.outcome === 'left') {
				process.stderr.write(`codex-tui: ${result.detail}\n`);
			}
		}
	} finally {
		await host.stop(quitGraceMs);
		prepared.release();
	}
};

/** The screen has asked before it quits over running requests. */
const quitGraceMs = 500;
