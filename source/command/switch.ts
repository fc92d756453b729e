import {codexHomeOf, type SwitchStatus, switchStatus} from '../client/codex/switch-status.ts';
import {healSwitch, type SwitchOffResult, switchOff, switchOn, type SwitchOnResult} from '../client/codex/switch.ts';
import {assertNever, type ExitCode, exitCode} from '../base/errors.ts';
import {ConfigError} from '../config/config-error.ts';
import {readHomeLock} from '../config/home-lock.ts';
import {type Home, openHome, readOrCreateToken} from '../config/home.ts';
import {loadConfig} from '../config/load.ts';
import {readWords, usageErrorOf} from './arguments.ts';

const help = `Usage: codex-tui switch on|off|status|heal [options]

  on       point Codex at codex-tui (key by key, journalled; comments and order stay)
  off      give Codex back what it had
  status   say where Codex points
  heal     give back what a killed codex-tui left switched on

Options:
  --codex      the client to switch (the default)
  --port N     the port to write (default: that of the running instance, else [listen].port)
  --yes        also when Codex points at another codex-tui: take it over
  --json       one JSON object instead of a sentence
  --help       this text

Example:
  codex-tui switch on --port 3211 && codex && codex-tui switch off
`;

const actions = ['on', 'off', 'status', 'heal'] as const;
type Action = (typeof actions)[number];

interface Request {
	readonly action: Action;
	readonly port: number | undefined;
	readonly takeOver: boolean;
	readonly json: boolean;
}

const wrongUsage = usageErrorOf('switch');

const readPort = (text: string | undefined): number | undefined => {
	if (text === undefined) {
		return undefined;
	}

	const port = Number(text);
	if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
		throw wrongUsage(`--port takes a number from 1 to 65535, not ${JSON.stringify(text)}.`);
	}

	return port;
};

const parse = (args: readonly string[]) =>
	readWords('switch', args, {
		codex: {type: 'boolean'},
		port: {type: 'string'},
		yes: {type: 'boolean'},
		json: {type: 'boolean'},
		help: {type: 'boolean', short: 'h'},
	});

/** Undefined: the help was asked for. */
const readRequest = (args: readonly string[]): Request | undefined => {
	const {values, positionals} = parse(args);
	if (values.help === true) {
		return undefined;
	}

	const action = actions.find(name => name === positionals[0]);
	if (action === undefined || positionals.length > 1) {
		throw wrongUsage('switch takes exactly one of on, off, status, heal.');
	}

	return {action, port: readPort(values.port), takeOver: values.yes === true, json: values.json === true};
};

const listenPortOf = async (home: Home): Promise<number> => {
	try {
		return (await loadConfig({path: home.config, env: process.env})).listen.port;
	} catch (error) {
		if (error instanceof ConfigError && error.code === 'config-missing') {
			return 3211;
		}

		throw error;
	}
};

/** What the outside asked for, then the running instance, then the configuration. */
const findUrl = async (home: Home, port: number | undefined): Promise<string> => {
	const running = port === undefined ? (await readHomeLock(home))?.url : undefined;
	const chosen = port ?? (running === undefined ? await listenPortOf(home) : undefined);
	if (chosen === 0) {
		throw wrongUsage('[listen].port is 0 and nothing is running, so the port is not known; use --port.');
	}

	return running ?? `http://127.0.0.1:${chosen}`;
};

type Result = SwitchStatus | SwitchOnResult | SwitchOffResult;

const act = async ({action, port, takeOver}: Request, home: Home): Promise<Result> => {
	const codexHome = codexHomeOf(process.env);
	switch (action) {
		case 'on': {
			const url = await findUrl(home, port);
			return await switchOn({home, codexHome, url, token: await readOrCreateToken(home), takeOver});
		}
		case 'off': {
			return await switchOff({home});
		}
		case 'status': {
			return await switchStatus({home, codexHome});
		}
		case 'heal': {
			return await healSwitch({home});
		}
		default: {
			return assertNever(action);
		}
	}
};

const sentenceOf = (result: Result): string => {
	if (!('status' in result)) {
		return result.detail;
	}

	const start = result.tookOver ? 'Taken over from another codex-tui: ' : result.changed ? '' : 'Nothing to change: ';
	return `${start}${result.status.detail}`;
};

const perform = async (request: Request): Promise<void> => {
	const home = await openHome(process.env);
	const result = await act(request, home);
	console.log(request.json ? JSON.stringify({action: request.action, client: 'codex', ...result}) : sentenceOf(result));
};

/**
 * `codex-tui switch on|off|status|heal`. Prints to stdout and resolves with the exit code; throws `CommandError` (wrong usage),
 * `ConfigError` (exit code 3) and `RelayError` (exit code 1), whose sentences the caller prints.
 */
export const run = async (args: readonly string[]): Promise<ExitCode> => {
	const request = readRequest(args);
	if (request === undefined) {
		console.log(help.trimEnd());
	} else {
		await perform(request);
	}

	return exitCode.done;
};
