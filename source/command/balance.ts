import {CommandError, type ExitCode, exitCode} from '../base/errors.ts';
import {at, isRecord, numberAt, textAt} from '../base/json.ts';
import {sanitizeLine} from '../base/sanitize.ts';
import {openHome} from '../config/home.ts';
import {askBalances} from './balance-direct.ts';
import {type ControlClient, findControl, listOf} from './control-client.ts';
import {endpointKeysOf} from './routing-control.ts';
import {readWords, usageErrorOf} from './arguments.ts';

const help = `Usage: codex-tui balance [PROVIDER] [--refresh] [--json]

  Shows what is left on the accounts: balances, plans and quotas. A running engine is asked for what it knows; without one every
  account is asked once. PROVIDER is a provider's name or an endpoint such as codex/team/default. --refresh makes the engine ask now.

Example:
  codex-tui balance team
`;

/** The running engine's control API; undefined where no engine runs. */
export type FindEngine = () => Promise<Pick<ControlClient, 'read' | 'change'> | undefined>;

/** What the command works with. */
export interface BalanceOptions {
	readonly env: NodeJS.ProcessEnv;
	readonly find: FindEngine;
	readonly write: (text: string) => void;
}

interface Found {
	readonly source: 'engine' | 'direct';
	/** Snapshots; an engine of another version may leave fields out. */
	readonly balances: readonly unknown[];
	readonly warnings: readonly string[];
}

const parse = (args: readonly string[]) => {
	const flag = {type: 'boolean'} as const;
	const {values, positionals} = readWords('balance', args, {json: flag, refresh: flag, help: {...flag, short: 'h'}});
	if (positionals.length > 1) {
		throw usageErrorOf('balance')('balance takes one provider.');
	}

	return {...values, provider: positionals[0]};
};

interface Wish {
	readonly provider: string | undefined;
	readonly isRefreshed: boolean;
}

const unknownProvider = (provider: string, known: readonly string[]): CommandError =>
	new CommandError(
		exitCode.usage,
		'usage',
		`There is no provider "${provider.slice(0, 60)}". Providers: ${known.join(', ') || 'none'}.`,
	);

const findAtEngine = async (find: FindEngine, {provider, isRefreshed}: Wish): Promise<Found | undefined> => {
	const control = await find();
	if (!control) {
		return undefined;
	}

	if (isRefreshed) {
		await control.change('/api/v1/balances', {provider});
	}

	const query = provider === undefined ? '' : `?provider=${encodeURIComponent(provider)}`;
	const balances = listOf(await control.read(`/api/v1/balances${query}`), 'balances');
	if (balances.length === 0 && provider !== undefined) {
		const keys = await endpointKeysOf(control);
		const providers = [...new Set(keys.map(key => key.split('/')[1] ?? ''))];
		if (!keys.includes(provider) && !providers.includes(provider)) {
			throw unknownProvider(provider, providers);
		}
	}

	return {source: 'engine', balances, warnings: []};
};

const findDirectly = async (env: NodeJS.ProcessEnv, provider: string | undefined): Promise<Found> => {
	const {balances, providers, warnings} = await askBalances(env, provider);
	if (balances.length === 0 && provider !== undefined && !provider.includes('/') && !providers.includes(provider)) {
		throw unknownProvider(provider, providers);
	}

	return {source: 'direct', balances, warnings};
};

const dollars = (usd: number | undefined): string => (usd === undefined ? '' : `$${usd.toFixed(2)}`);

const leftOf = (balance: unknown): string => {
	if (at(balance, 'isUnlimited') === true) {
		return 'unlimited';
	}

	const total = numberAt(balance, 'totalBalanceUsd');
	const spent = numberAt(balance, 'monthlySpentUsd');
	const hasNothingElse = total === undefined && numberAt(balance, 'quota', 'remainingUsd') === undefined;
	return hasNothingElse && spent !== undefined ? `${dollars(spent)} spent` : dollars(total);
};

const quotaOf = (balance: unknown): string => {
	const left = numberAt(balance, 'quota', 'remainingUsd');
	const limit = numberAt(balance, 'quota', 'limitUsd');
	const period = textAt(balance, 'quota', 'period');
	return left === undefined
		? ''
		: `${dollars(left)}${limit === undefined ? '' : ` of ${dollars(limit)}`} ${period ?? ''}`;
};

const notesOf = (balance: unknown): string => {
	const alerts = at(balance, 'alerts');
	const texts = (Array.isArray(alerts) ? alerts : []).map(alert => textAt(alert, 'text'));
	const error = textAt(balance, 'error');
	return [...new Set([...texts, error])].filter(text => text !== undefined).join('; ');
};

/** The texts come from upstreams; another engine may have sent them. */
const cell = (text: string | undefined): string => sanitizeLine(text ?? '').slice(0, 80);

const columns = ['ENDPOINT', 'ACCOUNT', 'STATE', 'LEFT', 'QUOTA', 'PLAN', 'NOTES'];

const rowOf = (balance: unknown) => ({
	ENDPOINT: cell(textAt(balance, 'endpointKey')),
	ACCOUNT: cell(textAt(balance, 'account')),
	STATE: cell(textAt(balance, 'status')),
	LEFT: cell(leftOf(balance)),
	QUOTA: cell(quotaOf(balance)),
	PLAN: cell(textAt(balance, 'planName')),
	NOTES: cell(notesOf(balance)),
});

const nothingText =
	'No account has a balance that can be asked for: keys are missing, or all upstreams are local. See usage_providers.json in the README.';

const format = async ({balances, warnings}: Found): Promise<string> => {
	const {printedTable} = await import('../tui/table/ink-table.ts');
	const table = balances.length === 0 ? nothingText : printedTable(balances.filter(isRecord).map(rowOf), columns);
	return [table, ...warnings.map(text => `warning: ${text}`)].join('\n');
};

/** `codex-tui balance [PROVIDER] [--refresh] [--json]` over a given engine; throws CommandError for wrong usage and the errors of the files it reads. */
export const runBalance = async (args: readonly string[], {env, find, write}: BalanceOptions): Promise<ExitCode> => {
	const {json, help: wantsHelp, refresh, provider} = parse(args);
	if (wantsHelp === true) {
		write(help.trimEnd());
		return exitCode.done;
	}

	const found =
		(await findAtEngine(find, {provider, isRefreshed: refresh === true})) ?? (await findDirectly(env, provider));
	write(json === true ? JSON.stringify({source: found.source, balances: found.balances}) : await format(found));
	return exitCode.done;
};

/** `codex-tui balance`. */
export const run = async (args: readonly string[]): Promise<ExitCode> =>
	await runBalance(args, {
		env: process.env,
		find: async () => await findControl(await openHome(process.env), process.env),
		write: text => console.log(text),
	});
