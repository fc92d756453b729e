import {exitCode, messageOf} from '../base/errors.ts';
import {healSwitch, switchOff} from '../client/codex/switch.ts';
import {openHome} from '../config/home.ts';
import {EngineHost} from '../engine/host.ts';
import {readFlags, readFps, readLanguage, readLogLevel, readPort} from './arguments.ts';
import {boundMemory} from './bound-memory.ts';
import {stopOnSignals} from './farewell.ts';
import type {ShownScreen} from './home-screen.ts';
import {historyArguments, historyEnvironment, historyFlags, historyHelp} from './history-flags.ts';
import {mustAskToSwitch, pointCodex} from './point-codex.ts';
import {engineOptions, prepareHome, type PreparedHome} from './prepare-home.ts';
import {openSettings, type Settings} from './settings.ts';
import {beginAnew, showScreen, type StartFlags} from './show-screen.ts';
import {upstreamConfigText} from './upstream-config.ts';

const help = `codex-tui [start]: the engine and the screen. Codex is pointed at the engine while it runs and given back at the end.

  --demo         embedded demo upstreams in a temporary home; nothing of yours is touched
  --port N       data port (default 3211, or [listen] port); 0 takes free ports
  --no-switch    leave Codex's configuration alone
  --yes          do not ask before Codex is pointed at the engine, also when another codex-tui has it
  --read-only    the screen shows and changes nothing
  --fps N        frames per second at most, 1 to 30 (default 10)
  --theme NAME   midnight, paper, solarized, hi-contrast, mono, or one of your own
  --screen-reader
                 sentences in one column for a screen reader, nothing drawn; also with INK_SCREEN_READER=true
  --lang LANG    en or zh (default: the language that was chosen last, else that of LC_ALL, LC_MESSAGES or LANG)
${historyHelp}
Example: codex-tui --demo --theme paper
`;

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
		'screen-reader': {type: 'boolean'},
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

	boundMemory();
	const configText = flags.demo === true ? undefined : upstreamConfigText({}, process.env);
	const given = {
		port,
		hasPortFlag: flags.port !== undefined,
		environment: historyEnvironment(flags),
		isAgreed: flags.yes === true,
		isReadOnly: flags['read-only'] === true,
		theme: flags.theme,
		language,
		isScreenReader: flags['screen-reader'],
		fps,
		configText,
		logLevel: readLogLevel(process.env['CODEX_TUI_LOG']),
	};
	const once = async (): Promise<number> => {
		const prepared = await prepareHome('start', flags.demo === true, configText !== undefined);
		process.once('exit', prepared.release);
		return runScreen(prepared, {...given, doesSwitch: !flags['no-switch'] && !prepared.isDemo});
	};
	// The wizard of the first start writes a configuration; the engine of the demo goes, and one that follows the file comes.
	let code = await once();
	while (code === beginAnew) {
		code = await once();
	}

	return code;
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
	// The engine's thread starts while this one loads and draws the screen. Who needs the engine waits for it, and hears its failure.
	const starting = host.start();
	starting.catch(() => {});
	// The doctor looks at Codex when it is pointed at us, and not in the moment before.
	const pointed = Promise.withResolvers<Awaited<typeof starting>>();
	const settings = await openSettings(prepared.home);
	const pointing = {prepared, settings, isAgreed: flags.isAgreed, ended};
	let mustGiveBack = false;
	const announce = (isOn: boolean): void =>
		host.announce({type: 'client-switched', atMs: Date.now(), client: 'codex', state: isOn ? 'on' : 'off'});
	const onSwitch = (isOn: boolean): void => {
		mustGiveBack ||= isOn;
		announce(isOn);
	};
	const show = (): Promise<ShownScreen> =>
		showScreen({prepared, host, settings, flags, starting: pointed.promise, onSwitch, ended});
	let screen: ShownScreen | undefined;
	try {
		screen = flags.doesSwitch && mustAskToSwitch(pointing) ? undefined : await show();
		const addresses = await starting;
		mustGiveBack ||= flags.doesSwitch;
		await prepared.lock.update(addresses);
		const isSwitched = flags.doesSwitch && (await pointCodex(pointing, addresses));
		pointed.resolve(addresses);
		screen ??= await show();
		announce(isSwitched);
		return await ended.promise;
	} finally {
		await screen?.close();
		await giveBack({prepared, host, settings, isSwitched: mustGiveBack});
	}
};

/** What a run leaves behind. */
interface Leaving {
	readonly prepared: PreparedHome;
	readonly host: EngineHost;
	readonly settings: Settings;
	readonly isSwitched: boolean;
}

/** The client first: from then on it asks nobody who is about to leave. */
const giveBack = async ({prepared, host, settings, isSwitched}: Leaving): Promise<void> => {
	try {
		if (isSwitched) {
			const result = await switchOff({home: prepared.home});
			if (result.outcome === 'left') {
				process.stderr.write(`codex-tui: ${result.detail}\n`);
			}
		}
	} finally {
		await host.stop(quitGraceMs);
		await settings.saved().catch((error: unknown) => {
			process.stderr.write(`codex-tui: settings.json could not be written: ${messageOf(error)}\n`);
		});
		prepared.release();
	}
};

/** The screen has asked before it quits over running requests. */
const quitGraceMs = 500;
