import {exitCode} from '../base/errors.ts';
import {EngineHost} from '../engine/host.ts';
import type {EngineOptions} from '../engine/options.ts';
import {limits} from '../wire/limits.ts';
import {readFlags, readPort} from './arguments.ts';
import {historyEnvironment, historyFlags, historyHelp} from './history-flags.ts';
import {engineOptions, prepareHome, type PreparedHome} from './prepare-home.ts';

const help = `codex-tui serve: the engine without a screen, until SIGINT or SIGTERM.

  --port N     data port (default 3211, or [listen] port); 0 takes free ports for all listeners
  --listen A   address to bind (default 127.0.0.1); another one than loopback needs the token
  --demo       embedded demo upstreams in a temporary home (also when nothing is configured)
  --json       the first line is {"event":"listening","url":…,"claude_url":…,"control":…,"pid":…}
${historyHelp}
Example: codex-tui serve --json --port 0
`;

/** `codex-tui serve`: resolves with the exit code when the engine has ended. */
export const run = async (args: readonly string[]): Promise<number> => {
	const flags = readFlags('serve', args, {
		port: {type: 'string'},
		listen: {type: 'string'},
		demo: {type: 'boolean'},
		json: {type: 'boolean'},
		...historyFlags,
		help: {type: 'boolean', short: 'h'},
	});
	if (flags.help) {
		process.stdout.write(help);
		return exitCode.done;
	}

	const port = readPort(flags.port);
	const prepared = await prepareHome('serve', flags.demo === true);
	process.once('exit', prepared.release);
	return serve(prepared, {
		...{port, host: flags.listen, isJson: flags.json === true},
		environment: historyEnvironment(flags),
	});
};

const serve = async (
	prepared: PreparedHome,
	flags: Pick<EngineOptions, 'port' | 'host' | 'environment'> & {readonly isJson: boolean},
): Promise<number> => {
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
	const code = await ended.promise;
	prepared.release();
	return code;
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
