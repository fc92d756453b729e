import {randomBytes} from 'node:crypto';
import {constants} from 'node:fs';
import {mkdir, open} from 'node:fs/promises';
import {homedir} from 'node:os';
import path from 'node:path';
import {createFile} from '../base/atomic-file.ts';
import {codeOf, messageOf, RelayError} from '../base/errors.ts';

/** Everything that this program keeps, by absolute path (product.md 3). */
export interface Home {
	readonly root: string;
	readonly config: string;
	readonly settings: string;
	/** How the last edits of `config` are taken back. */
	readonly configEdits: string;
	readonly keys: string;
	readonly themes: string;
	readonly token: string;
	readonly state: string;
	readonly lock: string;
	readonly switchFolder: string;
	readonly logs: string;
	readonly requestsLog: string;
	readonly traceLog: string;
	readonly engineLog: string;
	readonly controlSocket: string;
	readonly usageProviders: string;
	/** Where the response store keeps its files, unless the user wants them elsewhere. */
	readonly history: string;
	/** Where the screen writes exports; made when the first one is. */
	readonly exports: string;
	/** The model catalog for Codex that `serve --print-config` writes. */
	readonly codexModels: string;
}

/** The paths below a home; touches nothing. */
export const homePaths = (root: string): Home => {
	const at = (...names: string[]): string => path.join(root, ...names);
	return {
		root,
		config: at('config.toml'),
		settings: at('settings.json'),
		configEdits: at('config-edits.json'),
		keys: at('keys.json'),
		themes: at('themes'),
		token: at('token'),
		state: at('state.db'),
		lock: at('lock.json'),
		switchFolder: at('switch'),
		logs: at('logs'),
		requestsLog: at('logs', 'requests.jsonl'),
		traceLog: at('logs', 'control_trace.jsonl'),
		engineLog: at('logs', 'engine.log'),
		controlSocket: at('control.sock'),
		usageProviders: at('usage_providers.json'),
		history: at('history'),
		exports: at('exports'),
		codexModels: at('codex-models.json'),
	};
};

/** Makes a folder that only its owner reads, or makes it so. Throws `RelayError` `home-foreign`. */
export const makePrivateFolder = async (folder: string): Promise<void> => {
	await mkdir(folder, {recursive: true, mode: 0o700});
	const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
	try {
		const found = await handle.stat();
		if (process.getuid !== undefined && found.uid !== process.getuid()) {
			throw new RelayError(
				'home-foreign',
				`${folder} belongs to another user; set CODEX_TUI_HOME to a folder of yours.`,
			);
		}

		// mkdir's mode is narrowed by the umask and does nothing for a folder that was there (SEC-14).
		await handle.chmod(0o700);
	} finally {
		await handle.close();
	}
};

/** The paths of `$CODEX_TUI_HOME` or `~/.codex-tui`; touches nothing. */
export const findHome = (env: NodeJS.ProcessEnv): Home => {
	const configured = env['CODEX_TUI_HOME'];
	return homePaths(
		configured === undefined || configured === ''
			? path.join(env['HOME'] ?? homedir(), '.codex-tui')
			: path.resolve(configured),
	);
};

/**
 * Opens {@link findHome}, making its folders with mode 0700.
 * Throws `RelayError` `home-foreign` or `home-unusable`.
 */
export const openHome = async (env: NodeJS.ProcessEnv): Promise<Home> => {
	const home = findHome(env);
	try {
		for (const folder of [home.root, home.logs, home.switchFolder, home.themes]) {
			await makePrivateFolder(folder);
		}
	} catch (error) {
		throw error instanceof RelayError
			? error
			: new RelayError(
					'home-unusable',
					`The home folder ${home.root} cannot be used: ${messageOf(error)}; set CODEX_TUI_HOME to another folder.`,
					{cause: error},
				);
	}

	return home;
};

const readToken = async (file: string): Promise<string | undefined> => {
	try {
		const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
		try {
			await handle.chmod(0o600);
			return (await handle.readFile('utf8')).trim();
		} finally {
			await handle.close();
		}
	} catch (error) {
		if (codeOf(error) === 'ENOENT') {
			return undefined;
		}

		throw new RelayError('token-unreadable', `The local token ${file} cannot be read: ${messageOf(error)}.`, {
			cause: error,
		});
	}
};

/**
 * The local access token: 32 random bytes as base64url, made once; of two processes that start at the same time both get the
 * same one. Throws `RelayError` `token-unreadable` or `token-invalid`; the token never stands in a message.
 */
export const readOrCreateToken = async (home: Home): Promise<string> => {
	if ((await readToken(home.token)) === undefined) {
		await createFile(home.token, `${randomBytes(32).toString('base64url')}\n`);
	}

	const token = await readToken(home.token);
	if (token === undefined || !/^[\w-]{32,}$/.test(token)) {
		throw new RelayError(
			'token-invalid',
			`The file ${home.token} does not hold a local token; remove it and start again.`,
		);
	}

	return token;
};
