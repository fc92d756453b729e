import {readFile, stat} from 'node:fs/promises';
import {sha256} from '../base/atomic-file.ts';
import {codeOf, messageOf} from '../base/errors.ts';
import {type Service, services} from '../wire/names.ts';
import {ConfigError} from './config-error.ts';
import type {Config, ListenConfig, ServiceConfig} from './config.ts';
import {readHistory} from './history.ts';
import {findUnknownKeys, isForeignFile} from './known-keys.ts';
import {type ListenOverride, readClocks, readListen} from './listen.ts';
import {readProfiles} from './profiles.ts';
import {readProvider} from './provider.ts';
import {readResetClock} from './reset-clock.ts';
import {readRetry} from './retry.ts';
import {compileRouting} from './routing.ts';
import {Section} from './section.ts';
import {decodeToml, parseToml} from './toml.ts';

/*
 * From the bytes of `config.toml` to a checked {@link Config}. Reading is strict: the first fault ends it with a sentence that
 * names file, line, column and key; what is only unknown becomes a warning. Nothing here writes.
 */

/** What a load needs. */
export interface LoadOptions {
	readonly path: string;
	/** For `${NAME}` in headers. Credentials are looked up later (credentials.ts). */
	readonly env: NodeJS.ProcessEnv;
	/** Flags that win over `[listen]`. */
	readonly listen?: ListenOverride | undefined;
}

const readBytes = async (path: string): Promise<Buffer> => {
	try {
		return await readFile(path);
	} catch (error) {
		if (codeOf(error) === 'ENOENT') {
			throw new ConfigError('config-missing', 'there is no such file.', {path});
		}

		const why = codeOf(error) === 'EISDIR' ? 'it is a folder' : messageOf(error);
		throw new ConfigError('config-unreadable', `this file cannot be read: ${why}.`, {path});
	}
};

const checkVersion = (root: Section): void => {
	const place = root.has('version') ? 'version' : undefined;
	const version = root.integer('version', [0, Number.MAX_SAFE_INTEGER]);
	if (version !== 5) {
		const found = version === undefined ? 'The file has no version' : `is ${version}`;
		const next =
			version === undefined || version < 5
				? 'preview the new file with `codex-tui config migrate`, write it with `--write`'
				: 'the file is from a newer program';
		throw root.error('config-version', `${found}, but this program reads version = 5; ${next}.`, place);
	}
};

/** What each service's client speaks. */
const ownDialect = {codex: 'responses', claude: 'messages'} as const;

interface LoadedService extends ServiceConfig {
	readonly warnings: readonly string[];
}

const readService = (
	root: Section,
	service: Service,
	{listen, env}: {readonly listen: ListenConfig; readonly env: NodeJS.ProcessEnv},
): LoadedService => {
	const section = root.table(service);
	const providers = (section?.tables('providers') ?? []).map(([name, provider]) =>
		readProvider(name, provider, {service, listen, env}),
	);
	const isForeign = isForeignFile(root.document);
	const {graph, leaves, warnings} = compileRouting(section?.table('routing'), {service, providers, isForeign});
	const endpoints = providers.flatMap(provider => provider.endpoints);
	return {service, endpoints, graph, leaves, profiles: readProfiles(section), warnings};
};

const hasInlineSecret = ({endpoints}: ServiceConfig): boolean =>
	endpoints.some(({accounts}) =>
		accounts.some(({credentials: {bearer, apiKey}}) => [bearer, apiKey].some(source => source?.kind === 'inline')),
	);

/** Where both sides speak one protocol the bytes pass as they are (README, "Other protocols"). */
const warnAboutDenylists = (read: readonly ServiceConfig[]): readonly string[] =>
	read.flatMap(({service, endpoints}) =>
		endpoints
			.filter(({toolDenylist, dialect}) => toolDenylist.length > 0 && dialect === ownDialect[service])
			.map(
				({key, location}) =>
					`${location === undefined ? '' : `${location.path}:${location.line}: `}tool_denylist does nothing for ${key}: it is for providers of another protocol, and this one speaks ${ownDialect[service]} like its client.`,
			),
	);

/** codex-helper would send an answer back for its count of reasoning tokens; a file that counts on it hears that nobody does (codex-helper.md 1.7). */
const warnAboutGuard = (root: Section): readonly string[] => {
	const guard = root.table('retry')?.table('reasoning_guard');
	const line = guard?.document.locate([...guard.path, 'enabled'])?.line ?? 1;
	return guard?.boolean('enabled') === true
		? [
				`${guard.document.path}:${line}: retry.reasoning_guard does nothing here: no answer is judged by its reasoning tokens.`,
			]
		: [];
};

const warnAboutMode = async (path: string, read: readonly ServiceConfig[]): Promise<readonly string[]> => {
	// Gone since it was read: then nobody else reads it either.
	const found = await stat(path).catch(() => undefined);
	const isLoose = found !== undefined && (found.mode & 0o077) !== 0 && read.some(hasInlineSecret);
	return isLoose ? [`${path}:1: the file holds keys and other users may read it; run chmod 600 on it.`] : [];
};

/** Checks a text that is already read; `path` serves the messages. Throws {@link ConfigError}. */
export const parseConfig = (source: string, options: LoadOptions): Omit<Config, 'hash'> => {
	const document = parseToml(options.path, source);
	const root = new Section(document, [], document.value);
	checkVersion(root);
	root.choice('default_service', services);
	const hasClaude = (root.table('claude')?.tables('providers').length ?? 0) > 0;
	const listen = readListen(root.table('listen'), {override: options.listen ?? {}, hasClaude});
	const context = {listen, env: options.env};
	const codex = readService(root, 'codex', context);
	const claude = readService(root, 'claude', context);
	return {
		path: options.path,
		listen,
		clocks: readClocks(root.table('timeouts')),
		retry: readRetry(root.table('retry')),
		history: readHistory(root.table('history'), options.env),
		services: {codex, claude},
		resetClock: readResetClock(root),
		clientPatch: root.table('codex')?.table('client_patch')?.raw() ?? {},
		warnings: [
			...findUnknownKeys(document),
			...codex.warnings,
			...claude.warnings,
			...warnAboutDenylists([codex, claude]),
			...warnAboutGuard(root),
		],
	};
};

/**
 * Reads and checks a configuration file. Throws {@link ConfigError}: `config-missing`, `config-unreadable`, `config-syntax`,
 * `config-type`, `config-value` and the other codes of the README's table; or `RelayError` for flags that do not fit.
 */
export const loadConfig = async (options: LoadOptions): Promise<Config> => {
	const bytes = await readBytes(options.path);
	const config = parseConfig(decodeToml(options.path, bytes), options);
	const loose = await warnAboutMode(options.path, Object.values(config.services));
	return {...config, hash: sha256(bytes), warnings: [...config.warnings, ...loose]};
};
