import {existsSync} from 'node:fs';
import {CommandError, exitCode, RelayError} from '../base/errors.ts';
import {at, textAt} from '../base/json.ts';
import {readHomeLock, type HomeLockInfo} from '../config/home-lock.ts';
import {findHome, openHome, type Home} from '../config/home.ts';
import {EngineLog} from '../engine/engine-log.ts';
import {listenToControl, type ControlTarget} from '../engine/control/dial.ts';
import type {ScreenOptions} from '../tui/main.tsx';
import {readFlags, readFps, readLanguage} from './arguments.ts';
import {AttachedEngine} from './attach-link.ts';
import {clientHomesOf} from './client-homes.ts';
import {createControlClient, readToken, type ControlClient} from './control-client.ts';
import {openDoctor, surroundingsOf} from './doctor-surroundings.ts';
import {stopOnSignals} from './farewell.ts';
import {clientSessionsOf, costsOf, openHomeScreen, usageOf} from './home-screen.ts';
import {editDeskOf} from './edit-desk.ts';
import {settingsDeskOf} from './settings-desk.ts';
import {openSettings, type Settings} from './settings.ts';
import {programVersion} from './version.ts';

const help = `codex-tui attach [URL]: the screen of an engine that runs already: that of "serve", or of another codex-tui. Leaving it stops nothing.

  --home FOLDER      the home of that engine (default $CODEX_TUI_HOME, else ~/.codex-tui)
  --url URL          its control address instead, for example http://127.0.0.1:4211; also at the end of an ssh tunnel
                     to the same port. The token is that of the home, or the one in --token-env
  --token-env NAME   the environment variable that holds the token (default CODEX_TUI_TOKEN where that is set)
  --allow-actions    the screen may change things; over --url the engine must allow it too ([listen] remote_actions = true)
  --fps N            frames per second at most, 1 to 30 (default 10)
  --theme NAME       midnight, paper, solarized, hi-contrast, mono, or one of your own
  --lang TAG         en or zh-CN
  --screen-reader    sentences in one column for a screen reader, nothing drawn; also with INK_SCREEN_READER=true

Example: codex-tui attach --allow-actions
`;

interface AttachFlags {
	readonly home?: string | undefined;
	readonly url?: string | undefined;
	readonly 'token-env'?: string | undefined;
	readonly 'allow-actions'?: boolean | undefined;
}

/** An engine that was found, and what of it is on this machine. */
interface Found {
	readonly target: ControlTarget;
	/** The home of the engine; undefined where only its address is known. */
	readonly local: {readonly home: Home; readonly lock: HomeLockInfo} | undefined;
}

const wrongUsage = (sentence: string): CommandError =>
	new CommandError(exitCode.usage, 'usage', `${sentence} See \`codex-tui attach --help\`.`);

const originOf = (text: string): string => {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url?.protocol !== 'http:') {
		throw wrongUsage(`--url takes the control address of an engine, such as http://127.0.0.1:4211, not "${text}".`);
	}

	return url.origin;
};

const homeOf = ({home}: AttachFlags): Home => {
	const found = findHome(home === undefined ? process.env : {...process.env, CODEX_TUI_HOME: home});
	if (home !== undefined && !existsSync(found.root)) {
		throw wrongUsage(`--home: there is no folder ${found.root}.`);
	}

	return found;
};

const tokenOf = async (home: Home, flags: AttachFlags): Promise<string> => {
	const name = flags['token-env'] ?? 'CODEX_TUI_TOKEN';
	const token = process.env[name]?.trim();
	if (token !== undefined && token !== '') {
		return token;
	}

	if (flags['token-env'] !== undefined) {
		throw wrongUsage(`--token-env: the variable ${name} is not set.`);
	}

	return readToken(home);
};

const findEngine = async (flags: AttachFlags): Promise<Found> => {
	const home = homeOf(flags);
	if (flags.url !== undefined) {
		const url = originOf(flags.url);
		return {target: {url, token: await tokenOf(home, flags), isScreen: true}, local: undefined};
	}

	const lock = await readHomeLock(home);
	if (lock?.controlUrl === undefined) {
		throw new CommandError(
			exitCode.failed,
			'no-engine',
			`No codex-tui runs in ${home.root}; start one with "codex-tui" or "codex-tui serve", or name its address with --url.`,
		);
	}

	const socketPath = existsSync(home.controlSocket) ? home.controlSocket : undefined;
	const target = {url: lock.controlUrl, socketPath, token: await tokenOf(home, flags), isScreen: true};
	return {target, local: {home, lock}};
};

/** Whether the engine takes changes from this screen. Rejects where it does not answer, or is too old or too new to be shown. */
const greet = async (client: ControlClient, wantsActions: boolean): Promise<void> => {
	const hello = await client.read('/api/v1/attach');
	const version = textAt(hello, 'version');
	if (version !== programVersion()) {
		throw new RelayError(
			'engine-version',
			`The engine at ${client.url} is codex-tui ${version ?? 'of an unknown version'}, this is ${programVersion()}; restart the engine, or attach with the same version.`,
		);
	}

	if (wantsActions && at(hello, 'may_act') !== true) {
		throw new RelayError(
			'remote-actions-off',
			`The engine at ${client.url} takes no changes over its port: set remote_actions = true in [listen] of its config.toml, or attach without --allow-actions.`,
		);
	}
};

/** How the screen looks, by the command line. */
type Look = Pick<ScreenOptions, 'fps' | 'initialLanguage' | 'initialTheme' | 'isScreenReader'>;

/** The pages about this machine, where the engine's home is on it. */
const localPages = (
	{local}: Found,
	settings: Settings,
	look: Look,
): Pick<ScreenOptions, 'lookUsage' | 'loadCosts' | 'doctor' | 'editLink' | 'sessionsLink' | 'settingsLink'> => {
	const {url, claudeUrl, controlUrl} = local?.lock ?? {};
	if (local === undefined || url === undefined || controlUrl === undefined) {
		return {};
	}

	const {home} = local;
	const isDemo = !existsSync(home.config);
	const addresses = {url, claudeUrl, controlUrl};
	const given = {theme: look.initialTheme, language: look.initialLanguage, fps: look.fps};
	return {
		lookUsage: usageOf(home),
		loadCosts: costsOf(home),
		sessionsLink: isDemo ? undefined : clientSessionsOf({home, ...clientHomesOf(process.env)}),
		doctor: openDoctor(async () => ({
			...surroundingsOf(home, {env: process.env, terminal: process.stdout}),
			...{isDemo, addresses, isEngineElsewhere: true},
		})),
		editLink: editDeskOf({prepared: {home, isDemo}, configText: undefined}),
		settingsLink: settingsDeskOf({
			...{prepared: {home, isDemo}, settings, starting: Promise.resolve(addresses)},
			flags: {...given, environment: {}, hasPortFlag: false, configText: undefined},
		}),
	};
};

const show = async (found: Found, flags: AttachFlags, look: Look): Promise<number> => {
	const ended = Promise.withResolvers<number>();
	stopOnSignals(ended.resolve);
	const {target} = found;
	const home = await openHome(found.local ? {...process.env, CODEX_TUI_HOME: found.local.home.root} : process.env);
	const link = new AttachedEngine({
		client: createControlClient(target),
		listen: how => listenToControl(target, how),
		onOddity: sentence => {
			const log = new EngineLog(home.engineLog, Date.now);
			log.write(sentence);
			void log.close();
		},
	});
	const settings = await openSettings(home);
	const screen = await openHomeScreen({
		...{home, settings, ended},
		screen: {
			...localPages(found, settings, look),
			...look,
			link,
			readOnly: flags['allow-actions'] !== true,
			attached: {where: new URL(target.url).host.replace(/^(?:127\.0\.0\.1|localhost)(?=:)/, '')},
		},
	});
	const code = await ended.promise;
	await screen.close();
	link.close();
	await settings.saved();
	const engine = `the engine at ${target.url}${link.trouble === undefined ? ' goes on' : `: ${link.trouble}`}`;
	process.stderr.write(`codex-tui: left; ${engine}.\n`);
	return code;
};

/** `codex-tui attach`: resolves with the exit code when the user leaves. The engine goes on. */
export const run = async (args: readonly string[]): Promise<number> => {
	const [first, ...rest] = args;
	const named = first === undefined || first.startsWith('-') ? args : ['--url', first, ...rest];
	const flags = readFlags('attach', named, {
		home: {type: 'string'},
		url: {type: 'string'},
		'token-env': {type: 'string'},
		'allow-actions': {type: 'boolean'},
		fps: {type: 'string'},
		theme: {type: 'string'},
		lang: {type: 'string'},
		'screen-reader': {type: 'boolean'},
		help: {type: 'boolean', short: 'h'},
	});
	if (flags.help) {
		process.stdout.write(help);
		return exitCode.done;
	}

	const look = {
		fps: readFps(flags.fps),
		initialLanguage: readLanguage(flags.lang),
		initialTheme: flags.theme,
		isScreenReader: flags['screen-reader'],
	};
	const found = await findEngine(flags);
	await greet(createControlClient(found.target), flags['allow-actions'] === true);
	if (!process.stdin.isTTY || !process.stdout.isTTY || process.env['TERM'] === 'dumb') {
		throw new CommandError(
			exitCode.failed,
			'no-terminal',
			'attach shows a screen and needs a terminal; "codex-tui routing show --json" and the other commands ask the same engine without one.',
		);
	}

	return show(found, flags, look);
};
