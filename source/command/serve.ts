import {CommandError, exitCode} from '../base/errors.ts';
import type {Config} from '../config/config.ts';
import {openHome, readOrCreateToken} from '../config/home.ts';
import {loadConfig, parseConfig} from '../config/load.ts';
import {EngineHost} from '../engine/host.ts';
import {limits} from '../wire/limits.ts';
import {readFlags, readLogLevel, readPort} from './arguments.ts';
import {historyEnvironment, historyFlags, historyHelp} from './history-flags.ts';
import {engineOptions, prepareHome, type PreparedHome} from './prepare-home.ts';
import {upstreamConfigText} from './upstream-config.ts';

const help = `codex-tui serve: the engine without a screen, until SIGINT or SIGTERM.

  --port N     data port (default 3211, or [listen] port); 0 takes free ports for all listeners
  --listen A   address to bind (default 127.0.0.1); another one than loopback needs the token
  --demo       embedded demo upstreams in a temporary home (also when nothing is configured)
  --json       the first line is {"event":"listening","url":…,"claude_url":…,"control":…,"pid":…}
  --log LEVEL  info or debug: debug writes the names of tools and calls to logs/engine.log
${historyHelp}
Without config.toml, or in its place:
  --upstream URL[,DIALECT][,PROFILE][,key=VARIABLE]
                       an upstream for Codex, or the name of a preset; again for the next one in order
  --api-key-env NAME   the variable that holds the upstream's key (default CODEX_TUI_API_KEY, else the preset's)
  --model-map A=B,…    the upstream's names of models; one * in each is what the other's * stands for
  --tool-denylist A,…  tools that a translated request does not offer
  --print-config       write a model catalog for Codex, print what belongs into Codex's config.toml, and end
  Variables say what no flag says: CODEX_TUI_UPSTREAM, _API_KEY, _PORT, _MODEL_MAP, _TOOL_DENYLIST, _LOG.

Example: codex-tui serve --upstream deepseek --api-key-env DEEPSEEK_API_KEY --model-map 'gpt-*=deepseek-chat'
`;

const options = {
	port: {type: 'string'},
	listen: {type: 'string'},
	demo: {type: 'boolean'},
	json: {type: 'boolean'},
	log: {type: 'string'},
	upstream: {type: 'string', multiple: true},
	'api-key-env': {type: 'string'},
	'model-map': {type: 'string', multiple: true},
	'tool-denylist': {type: 'string', multiple: true},
	'print-config': {type: 'boolean'},
	...historyFlags,
	help: {type: 'boolean', short: 'h'},
} as const;

interface ServeFlags {
	readonly port: number | undefined;
	readonly host: string | undefined;
	readonly isJson: boolean;
	readonly configText: string | undefined;
	readonly logLevel: 'info' | 'debug';
	readonly environment: Readonly<Record<string, string>>;
}

/** `codex-tui serve`: resolves with the exit code when the engine has ended. */
export const run = async (args: readonly string[]): Promise<number> => {
	const flags = readFlags('serve', args, options);
	if (flags.help) {
		process.stdout.write(help);
		return exitCode.done;
	}

	const isDemo = flags.demo === true;
	// A demo that somebody asks for is not what a variable of their shell configures.
	const configText = isDemo && flags.upstream === undefined ? undefined : upstreamConfigText(flags, process.env);
	if (isDemo && (configText !== undefined || flags['print-config'] === true)) {
		throw new CommandError(exitCode.usage, 'usage', '--demo has upstreams of its own; leave it out, or the others.');
	}

	const read: ServeFlags = {
		port: readPort(flags.port ?? process.env['CODEX_TUI_PORT']),
		host: flags.listen,
		isJson: flags.json === true,
		configText,
		logLevel: readLogLevel(flags.log ?? process.env['CODEX_TUI_LOG']),
		environment: historyEnvironment(flags),
	};
	if (flags['print-config'] === true) {
		return printConfig(read);
	}

	const prepared = await prepareHome('serve', isDemo, configText !== undefined);
	process.once('exit', prepared.release);
	return serve(prepared, read);
};

const commandLineConfig = (
	text: string,
	listen: {readonly port: number | undefined; readonly host: string | undefined},
): Config => ({
	...parseConfig(text, {path: '--upstream', env: process.env, listen}),
	hash: '',
});

const printConfig = async ({port, host, configText}: ServeFlags): Promise<number> => {
	if (port === 0) {
		throw new CommandError(
			exitCode.usage,
			'usage',
			'--print-config names the port to Codex; --port 0 has none to name.',
		);
	}

	const home = await openHome(process.env);
	await readOrCreateToken(home);
	const listen = {port, host};
	const config =
		configText === undefined
			? await loadConfig({path: home.config, env: process.env, listen})
			: commandLineConfig(configText, listen);
	const {printedConfig} = await import('./upstream-models.ts');
	process.stdout.write(`${await printedConfig(config, {home, env: process.env})}\n`);
	return exitCode.done;
};

const serve = async (prepared: PreparedHome, flags: ServeFlags): Promise<number> => {
	const ended = Promise.withResolvers<number>();
	const host = new EngineHost(engineOptions(prepared, {...flags, hasScreen: false}), reason => {
		process.stderr.write(`codex-tui: ${reason}\n`);
		ended.resolve(exitCode.engineGaveUp);
	});
	const {url, claudeUrl, controlUrl} = await host.start();
	await prepared.lock.update({url, claudeUrl, controlUrl});
	if (flags.isJson) {
		process.stdout.write(
			`${JSON.stringify({event: 'listening', url, claude_url: claudeUrl ?? null, control: controlUrl, pid: process.pid, home: prepared.home.root, demo: prepared.isDemo})}\n`,
		);
	} else {
		const what = prepared.isUnconfigured
			? ` with the demo upstreams, since there is no config.toml`
			: prepared.isDemo
				? ' with the demo upstreams'
				: '';
		process.stdout.write(`codex-tui listens on ${url}${what}; control on ${controlUrl}. Ctrl+C stops it.\n`);
	}

	stopOnSignals(host, ended.resolve);
	if (flags.configText !== undefined) {
		void sayModels(flags.configText, flags);
	}

	const code = await ended.promise;
	prepared.release();
	return code;
};

/** Beside the traffic: an upstream that does not answer holds nobody up. */
const sayModels = async (configText: string, {isJson, port, host}: ServeFlags): Promise<void> => {
	const {askUpstreams, modelsEvent, modelsLine} = await import('./upstream-models.ts');
	const asked = await askUpstreams(commandLineConfig(configText, {port, host}), process.env);
	const hint = 'The same command with --print-config prints what belongs into Codex’s config.toml.';
	const lines = isJson ? asked.map(modelsEvent) : [...asked.map(modelsLine), hint];
	process.stdout.write(lines.map(line => `${line}\n`).join(''));
};

/** The first signal lets running requests end, the second does not wait. */
const stopOnSignals = (host: EngineHost, resolve: (code: number) => void): void => {
	let isStopping = false;
	const stop = (): void => {
		const graceMs = isStopping ? 0 : limits.drainMs;
		isStopping = true;
		void host.stop(graceMs).then(() => resolve(exitCode.done));
	};
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, stop);
	}
};
