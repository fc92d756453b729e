import {CommandError, type ExitCode, exitCode} from '../base/errors.ts';
import {openHome} from '../config/home.ts';
import type {AccountView} from '../event/account-view.ts';
import {accountTable} from './account-table.ts';
import {offlineAccounts} from './account-offline.ts';
import {findControl, listOf, type ControlClient} from './control-client.ts';
import {readWords, usageErrorOf} from './arguments.ts';

const help = `Usage: codex-tui account list|pause|resume [PROVIDER [ACCOUNT]] [--json]

  list     every account of every provider: where its key comes from, its fingerprint, quota and cooldowns
  pause    send nothing with this account until it is resumed; requests that run go on
  resume   let it serve again

PROVIDER is a provider's name, or codex/NAME or claude/NAME where both services have one of that name. ACCOUNT is
its label; it may be left out where the provider has one account. "list" also works without a running engine.

Options:
  --json   one JSON object instead of a table or a sentence
  --help   this text

Example:
  codex-tui account pause team spare
`;

const verbs = ['list', 'pause', 'resume'] as const;

interface Request {
	readonly verb: (typeof verbs)[number];
	readonly provider: string | undefined;
	readonly account: string | undefined;
	readonly json: boolean;
}

const wrongUsage = usageErrorOf('account');

const parse = (args: readonly string[]) =>
	readWords('account', args, {json: {type: 'boolean'}, help: {type: 'boolean', short: 'h'}});

/** Undefined: the help was asked for. */
const readRequest = (args: readonly string[]): Request | undefined => {
	const {values, positionals} = parse(args);
	if (values.help === true) {
		return undefined;
	}

	const [name, provider, account, ...rest] = positionals;
	const verb = verbs.find(known => known === name);
	if (verb === undefined || rest.length > 0) {
		throw wrongUsage('account takes one of list, pause, resume, then a provider and an account.');
	}

	if (verb !== 'list' && provider === undefined) {
		throw wrongUsage(`account ${verb} takes the name of a provider.`);
	}

	return {verb, provider, account, json: values.json === true};
};

/** The engine is ours, of this version: its rows are what `accountViews` made. */
const isAccountView = (row: Record<string, unknown>): row is Record<string, unknown> & AccountView =>
	typeof row['provider'] === 'string' && typeof row['account'] === 'string' && Array.isArray(row['endpoints']);

const readAccounts = async (control: ControlClient): Promise<readonly AccountView[]> =>
	listOf(await control.read('/api/v1/accounts'), 'accounts').filter(isAccountView);

const isNamed = ({service, provider}: AccountView, name: string): boolean =>
	provider === name || `${service}/${provider}` === name;

const fits = (view: AccountView, {provider, account}: Request): boolean =>
	(provider === undefined || isNamed(view, provider)) && (account === undefined || view.account === account);

/** The one account that is meant. Throws CommandError `unknown-account` or `wrong-usage`. */
const chooseAccount = (views: readonly AccountView[], request: Request): AccountView => {
	const found = views.filter(view => fits(view, request));
	const [first] = found;
	if (first === undefined) {
		const {provider = '', account} = request;
		const labels = views.filter(view => isNamed(view, provider)).map(view => view.account);
		throw new CommandError(
			exitCode.failed,
			'unknown-account',
			labels.length === 0
				? `There is no provider ${provider}; see "codex-tui account list".`
				: `${provider} has no account ${account ?? ''}; it has ${labels.join(', ')}.`,
		);
	}

	if (found.length > 1) {
		const names = found.map(view => `"${view.service}/${view.provider} ${view.account}"`);
		throw wrongUsage(`That fits more than one account: ${names.join(', ')}; name one of them.`);
	}

	return first;
};

const list = async (control: ControlClient | undefined, request: Request): Promise<void> => {
	const all = control ? await readAccounts(control) : await offlineAccounts(process.env);
	const accounts = all.filter(view => fits(view, request));
	if (request.json) {
		console.log(JSON.stringify({running: control !== undefined, accounts}));
		return;
	}

	if (accounts.length === 0) {
		console.log('There is no account; providers and their keys stand in config.toml.');
		return;
	}

	console.log(await accountTable(accounts, Date.now()));
	if (!control) {
		console.log('No engine runs: cooldowns are those of the last run, and nothing is counted.');
	}
};

const change = async (control: ControlClient | undefined, request: Request): Promise<void> => {
	if (!control) {
		throw new CommandError(
			exitCode.failed,
			'no-engine',
			`No engine runs in this home; start codex-tui first, or set "enabled = false" in config.toml.`,
		);
	}

	const {service, provider, account, isPaused} = chooseAccount(await readAccounts(control), request);
	const {verb} = request;
	await control.change('/api/v1/accounts', {service, provider, account, action: verb});
	const changed = isPaused !== (verb === 'pause');
	const sentence = changed
		? `Account ${account} of ${service}/${provider} is ${verb}d.`
		: `Nothing to change: account ${account} of ${service}/${provider} is ${verb}d already.`;
	console.log(request.json ? JSON.stringify({action: verb, service, provider, account, changed}) : sentence);
};

/**
 * `codex-tui account list|pause|resume`. Prints to stdout and resolves with the exit code; throws `CommandError` (wrong usage, unknown
 * account, no engine), `ConfigError` (exit code 3) and `RelayError` (exit code 1), whose sentences the caller prints.
 */
export const run = async (args: readonly string[]): Promise<ExitCode> => {
	const request = readRequest(args);
	if (request === undefined) {
		console.log(help.trimEnd());
		return exitCode.done;
	}

	const control = await findControl(await openHome(process.env), process.env);
	await (request.verb === 'list' ? list(control, request) : change(control, request));
	return exitCode.done;
};
