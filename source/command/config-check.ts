import {homedir} from 'node:os';
import path from 'node:path';
import {type ExitCode, exitCode} from '../base/errors.ts';
import {codexHomeOf} from '../client/codex/switch-status.ts';
import type {Config, Endpoint} from '../config/config.ts';
import {createClientKeyReader, type CredentialContext, credentialStatus} from '../config/credentials.ts';
import {openHome} from '../config/home.ts';
import {loadConfig} from '../config/load.ts';
import {readWords, usageErrorOf} from './arguments.ts';

const help = `Usage: codex-tui config check [FILE] [--json]

  Reads config.toml (or FILE) as the engine would, and says what is wrong with it and which credentials are missing.
  Exit code 0: fine, warnings included · 3: it cannot be used · 5: a credential is missing.

Example:
  codex-tui config check && codex-tui
`;

interface EndpointReport {
	readonly endpointKey: string;
	readonly baseUrl: string;
	readonly dialect: string;
	readonly enabled: boolean;
	/** Position among the leaves of its service, from 1; undefined where no route leads to it. */
	readonly order: number | undefined;
	readonly authSource: string;
	readonly missingVariable: string | undefined;
}

const parse = (args: readonly string[]) => {
	const flag = {type: 'boolean'} as const;
	const {values, positionals} = readWords('config check', args, {json: flag, help: {...flag, short: 'h'}});
	if (positionals.length > 1) {
		throw usageErrorOf('config check')('config check takes one file.');
	}

	return {...values, file: positionals[0]};
};

const report = (endpoint: Endpoint, config: Config, context: CredentialContext): EndpointReport => {
	const {leaves} = config.services[endpoint.service];
	const index = leaves.findIndex(leaf => leaf.endpoint.key === endpoint.key);
	const {authSource, hasAuth, missingVariable} = credentialStatus(endpoint.accounts[0], context);
	return {
		endpointKey: endpoint.key,
		baseUrl: endpoint.baseUrl,
		dialect: endpoint.dialect,
		enabled: endpoint.enabled,
		order: index === -1 ? undefined : index + 1,
		authSource,
		missingVariable: hasAuth ? undefined : missingVariable,
	};
};

const rowOf = ({endpointKey, baseUrl, dialect, enabled, order, authSource}: EndpointReport) => ({
	ORDER: enabled ? (order ?? 'no route') : 'disabled',
	ENDPOINT: endpointKey,
	'BASE URL': baseUrl,
	SPEAKS: dialect,
	KEY: authSource,
});

/** Ink is loaded for the table alone: whoever asks for JSON does not wait for it. */
const tableOf = async (endpoints: readonly EndpointReport[]): Promise<string> => {
	const {printedTable} = await import('../tui/table/ink-table.ts');
	return printedTable(endpoints.map(rowOf), ['ORDER', 'ENDPOINT', 'BASE URL', 'SPEAKS', 'KEY']);
};

const formatMissing = ({endpointKey, missingVariable}: EndpointReport): string =>
	`missing: ${endpointKey} wants the variable ${missingVariable}, which is not set.`;

/**
 * `codex-tui config check [FILE] [--json]`. Prints to stdout; resolves with 0 or 5, throws `CommandError` (wrong usage) and the
 * `ConfigError` of a file that cannot be used (exit code 3).
 */
export const run = async (args: readonly string[]): Promise<ExitCode> => {
	const {json, help: wantsHelp, file} = parse(args);
	if (wantsHelp === true) {
		console.log(help.trimEnd());
		return exitCode.done;
	}

	const {env} = process;
	const config = await loadConfig({path: file === undefined ? (await openHome(env)).config : path.resolve(file), env});
	const claudeHome = env['CLAUDE_CONFIG_DIR'] ?? path.join(env['HOME'] ?? homedir(), '.claude');
	const readClientKey = createClientKeyReader({codexHome: codexHomeOf(env), claudeHome}, () => performance.now());
	const endpoints = Object.values(config.services)
		.flatMap(service => service.endpoints)
		.map(endpoint => report(endpoint, config, {env, readClientKey}));
	const missing = endpoints.filter(({order, missingVariable}) => order !== undefined && missingVariable !== undefined);
	if (json === true) {
		console.log(JSON.stringify({path: config.path, listen: config.listen, endpoints, warnings: config.warnings}));
	} else {
		const lines = [
			`${config.path} is valid.`,
			...(endpoints.length === 0 ? [] : [await tableOf(endpoints)]),
			...config.warnings.map(text => `warning: ${text}`),
			...missing.map(formatMissing),
		];
		console.log(lines.join('\n'));
	}

	return missing.length === 0 ? exitCode.done : exitCode.checkFailed;
};
