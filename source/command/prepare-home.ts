import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {homedir, tmpdir} from 'node:os';
import path from 'node:path';
import {acquireHomeLock, type HomeLock} from '../config/home-lock.ts';
import {openHome, readOrCreateToken, type Home} from '../config/home.ts';
import type {EngineOptions} from '../engine/options.ts';
import {programVersion} from './version.ts';

/** A home that is ours while we run. */
export interface PreparedHome {
	readonly home: Home;
	readonly lock: HomeLock;
	readonly token: string;
	readonly isDemo: boolean;
	/** The user asked for no demo: nothing is configured, so it is shown instead. */
	readonly isUnconfigured: boolean;
	readonly codexHome: string;
	readonly claudeHome: string;
	/** Gives the home back; a demo's home vanishes. */
	readonly release: () => void;
}

const codexHomeOf = (env: NodeJS.ProcessEnv): string => env['CODEX_HOME'] ?? path.join(homedir(), '.codex');

/**
 * Opens and locks the home. `--demo` runs in a temporary home, so that it touches nothing of the user's; where there is only no
 * config.toml yet and the command line does not configure either (`isConfigured`), the embedded upstreams serve in the user's own home. Rejects with CommandError `home-in-use`, or RelayError where the folder cannot be ours.
 */
export const prepareHome = async (command: string, wantsDemo: boolean, isConfigured = false): Promise<PreparedHome> => {
	const folder = wantsDemo ? mkdtempSync(path.join(tmpdir(), 'codex-tui-demo-')) : undefined;
	const home = await openHome(folder === undefined ? process.env : {...process.env, CODEX_TUI_HOME: folder});
	const isUnconfigured = !wantsDemo && !isConfigured && !existsSync(home.config);
	const lock = await acquireHomeLock(home, {command});
	return {
		home,
		lock,
		token: await readOrCreateToken(home),
		isDemo: wantsDemo || isUnconfigured,
		isUnconfigured,
		codexHome: codexHomeOf(process.env),
		claudeHome: process.env['CLAUDE_CONFIG_DIR'] ?? path.join(homedir(), '.claude'),
		release: () => {
			lock.release();
			if (folder !== undefined) {
				rmSync(folder, {recursive: true, force: true});
			}
		},
	};
};

/** The engine's options for a prepared home. The demo always takes free ports. */
export const engineOptions = (
	prepared: PreparedHome,
	flags: Pick<EngineOptions, 'port' | 'host' | 'hasScreen' | 'configText' | 'logLevel' | 'environment'>,
): EngineOptions => ({
	...flags,
	homeRoot: prepared.home.root,
	isDemo: prepared.isDemo,
	port: flags.port ?? (prepared.isDemo ? 0 : undefined),
	codexHome: prepared.codexHome,
	claudeHome: prepared.claudeHome,
	version: programVersion(),
});
