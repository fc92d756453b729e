import {sha256} from '../base/atomic-file.ts';
import {RelayError} from '../base/errors.ts';
import type {Config} from '../config/config.ts';
import {loadConfig, parseConfig} from '../config/load.ts';
import {watchConfig} from '../config/watch.ts';
import {startDemoClient} from '../demo/demo-client.ts';
import {startDemoUpstreams} from '../demo/demo-upstreams.ts';
import {demoConfig} from './demo-config.ts';
import type {EngineOptions} from './options.ts';

/** What a broken file tells. */
export interface ConfigFault {
	/** Without the place. */
	readonly sentence: string;
	readonly line: number | undefined;
	readonly column: number | undefined;
}

/** Where the configuration comes from, and who tells when it changes. */
export interface ConfigSource {
	readonly initial: Config;
	/** Begins to follow changes; `serve` gives the address once the engine listens. */
	readonly follow: (on: {
		readonly config: (config: Config) => void;
		readonly fault: (fault: ConfigFault) => void;
		readonly url: string;
		readonly claudeUrl: string | undefined;
		readonly token: string;
	}) => void;
	/** Reads again now; rejects with RelayError where there is nothing to read or it is broken. */
	readonly reload: () => Promise<Config>;
	readonly close: () => Promise<void>;
}

/** The user's `config.toml`. Rejects with the loader's error where it cannot be used at the start. */
export const fileConfigSource = async (
	path: string,
	flags: Pick<EngineOptions, 'host' | 'port' | 'claudePort' | 'controlPort' | 'environment'>,
): Promise<ConfigSource> => {
	const controller = new AbortController();
	const {host, port, claudePort, controlPort, environment} = flags;
	const env = {...process.env, ...environment};
	const listen = {host, port, claudePort, controlPort};
	const load = (): Promise<Config> => loadConfig({path, env, listen});
	const initial = await load();
	return {
		initial,
		follow: on => {
			void watchConfig({
				path,
				env,
				listen,
				knownHash: initial.hash,
				signal: controller.signal,
				onConfig: on.config,
				onBroken: on.fault,
			});
		},
		reload: load,
		close: async () => controller.abort(),
	};
};

/** The name that faults of a configuration from the command line give as their file. */
const commandLine = '--upstream';

/** A configuration that stands in no file. Throws ConfigError as the loader does, with `--upstream` as its path. */
export const textConfigSource = (
	text: string,
	flags: Pick<EngineOptions, 'host' | 'port' | 'claudePort' | 'controlPort' | 'environment'>,
): ConfigSource => {
	const {host, port, claudePort, controlPort, environment} = flags;
	const listen = {host, port, claudePort, controlPort};
	const config = parseConfig(text, {path: commandLine, env: {...process.env, ...environment}, listen});
	return {
		initial: {...config, path: undefined, hash: sha256(Buffer.from(text))},
		follow: () => undefined,
		reload: () =>
			Promise.reject(
				new RelayError('no-config-file', 'This engine runs without a configuration file: there is nothing to reload.'),
			),
		close: () => Promise.resolve(),
	};
};

/** The embedded demo: upstreams of its own and a client that talks to them through the engine. */
export const demoConfigSource = async ({
	hasScreen,
	...ports
}: Pick<EngineOptions, 'hasScreen' | 'port' | 'claudePort' | 'controlPort'>): Promise<ConfigSource> => {
	const controller = new AbortController();
	const demo = await startDemoUpstreams({seed: 1});
	return {
		initial: demoConfig(demo.upstreams, ports),
		follow: ({url, claudeUrl, token}) => {
			// Its traffic is there to be looked at; without a screen the upstreams wait for a real client.
			if (hasScreen) {
				void startDemoClient({
					url: `${url}/v1`,
					...(claudeUrl === undefined ? {} : {claudeUrl}),
					token,
					signal: controller.signal,
					seed: 1,
				});
			}
		},
		reload: () => Promise.reject(new RelayError('demo-config', 'The demo has no configuration file to reload.')),
		close: async () => {
			controller.abort();
			await demo.close();
		},
	};
};

/** The source that the options ask for: the demo, the command line, or the file. */
export const openConfigSource = async (
	path: string,
	options: Pick<EngineOptions, 'hasScreen' | 'isDemo' | 'configText' | 'host' | 'port' | 'claudePort' | 'controlPort'>,
): Promise<ConfigSource> =>
	options.isDemo
		? demoConfigSource(options)
		: options.configText === undefined
			? fileConfigSource(path, options)
			: textConfigSource(options.configText, options);
