import type {ExtractRules} from './extract.ts';
import {noRules} from './extract.ts';
import {JsonFile, JsonTable} from './json-file.ts';
import type {BalanceKind} from './kind.ts';
import {balanceKind, balanceKinds} from './kinds.ts';
import {unknownNames} from './template.ts';

/* `usage_providers.json`: whose balance is read how (codex-helper.md 1.11; routing.md 15). */

/** One entry of the file, checked. */
export interface UsageProvider {
	readonly id: string;
	readonly kind: BalanceKind;
	/** Hosts in lower case; each stands for its subdomains as well. */
	readonly domains: readonly string[];
	/** A template; undefined: the kind's own. */
	readonly endpoint: string | undefined;
	/** The variable with its token; undefined: the endpoint's own key. */
	readonly tokenEnv: string | undefined;
	/** Without the variable there is no poll: the endpoint's own key never takes its place. */
	readonly requiresTokenEnv: boolean;
	/** 0: only when somebody asks or requests trigger it. */
	readonly pollIntervalMs: number;
	readonly refreshesOnRequest: boolean;
	readonly trustsExhaustion: boolean;
	/** Templates by header name in lower case. */
	readonly headers: ReadonlyMap<string, string>;
	readonly variables: ReadonlyMap<string, string>;
	readonly rules: ExtractRules;
}

/** The file's entries with sentences about what was ignored. */
export interface UsageProviders {
	readonly providers: readonly UsageProvider[];
	readonly warnings: readonly string[];
}

/** How often an endpoint is asked where nobody says otherwise. */
export const defaultPollIntervalMs = 600_000;

const leastIntervalSecs = 30;
const mostBytes = 1024 * 1024;

const entryKeys: ReadonlySet<string> = new Set([
	'id',
	'kind',
	'domains',
	'endpoint',
	'token_env',
	'require_token_env',
	'poll_interval_secs',
	'refresh_on_request',
	'trust_exhaustion_for_routing',
	'headers',
	'variables',
	'extract',
]);

const extractKeys: ReadonlySet<string> = new Set([
	'remaining_balance_paths',
	'subscription_balance_paths',
	'paygo_balance_paths',
	'monthly_budget_paths',
	'monthly_spent_paths',
	'exhausted_paths',
	'remaining_divisor',
	'monthly_budget_divisor',
	'monthly_spent_divisor',
	'derive_budget_from_remaining_and_spent',
	'derive_remaining_from_budget_and_spent',
]);

const readRules = (table: JsonTable | undefined): ExtractRules => {
	if (table === undefined) {
		return noRules;
	}

	const paths = (key: string): readonly string[] => {
		const found = table.texts(key);
		if (found.some(path => path.length > 200 || path.split('.').includes(''))) {
			throw table.error(key, 'takes dot paths such as "data.items.0.balance"');
		}

		return found;
	};

	const divisor = (key: string): number | undefined => table.number(key, [1, 1e15]);
	return {
		remainingPaths: paths('remaining_balance_paths'),
		subscriptionPaths: paths('subscription_balance_paths'),
		paygoPaths: paths('paygo_balance_paths'),
		budgetPaths: paths('monthly_budget_paths'),
		spentPaths: paths('monthly_spent_paths'),
		exhaustedPaths: paths('exhausted_paths'),
		remainingDivisor: divisor('remaining_divisor'),
		budgetDivisor: divisor('monthly_budget_divisor'),
		spentDivisor: divisor('monthly_spent_divisor'),
		derivesBudget: table.flag('derive_budget_from_remaining_and_spent') ?? false,
		derivesRemaining: table.flag('derive_remaining_from_budget_and_spent') ?? false,
	};
};

const readStrings = (table: JsonTable): ReadonlyMap<string, string> =>
	new Map(table.keys().map(key => [key, table.text(key) ?? '']));

const readVariables = (table: JsonTable | undefined): ReadonlyMap<string, string> =>
	table === undefined ? new Map() : readStrings(table);

/** Headers that frame a request: whoever sets them breaks it. */
const framing: ReadonlySet<string> = new Set([
	'host',
	'content-length',
	'transfer-encoding',
	'connection',
	'accept-encoding',
]);

const readHeaders = (table: JsonTable | undefined): ReadonlyMap<string, string> => {
	if (table === undefined) {
		return new Map();
	}

	const headers = new Map<string, string>();
	for (const [name, value] of readStrings(table)) {
		const lower = name.toLowerCase();
		if (!/^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(lower) || framing.has(lower)) {
			throw table.error(name, 'is not a header that can be set here');
		}

		headers.set(lower, value);
	}

	return headers;
};

const readKind = (table: JsonTable): BalanceKind => {
	const name = table.text('kind');
	const kind = name === undefined ? undefined : balanceKind(name);
	if (kind === undefined) {
		throw table.error('kind', `takes one of ${balanceKinds.map(known => known.name).join(', ')}`);
	}

	return kind;
};

const readDomains = (table: JsonTable): readonly string[] => {
	const domains = table.texts('domains').map(domain => domain.trim().toLowerCase());
	if (domains.length === 0 || domains.some(domain => !/^[a-z0-9._[\]:-]{1,253}$/.test(domain))) {
		throw table.error('domains', 'takes at least one host name such as "relay.example"');
	}

	return domains;
};

const readEndpoint = (table: JsonTable, kind: BalanceKind): string | undefined => {
	const endpoint = table.text('endpoint')?.trim();
	if (endpoint !== undefined && endpoint !== '') {
		return endpoint;
	}

	if (kind.endpoint === undefined) {
		throw table.error('endpoint', `is missing: ${kind.name} has no address of its own. Set it`);
	}

	return undefined;
};

const checkTemplates = (table: JsonTable, entry: UsageProvider): void => {
	const nothing: ReadonlyMap<string, string> = new Map();
	const all: ReadonlyArray<readonly [key: string, text: string, known: ReadonlyMap<string, string>]> = [
		['endpoint', entry.endpoint ?? '', entry.variables],
		...[...entry.headers.values()].map(text => ['headers', text, entry.variables] as const),
		...[...entry.variables.values()].map(text => ['variables', text, nothing] as const),
	];
	for (const [key, text, known] of all) {
		const name = unknownNames(text, known)[0];
		if (name !== undefined) {
			throw table.error(key, `names {{${name.slice(0, 60)}}}, which nothing stands for; define it under variables`);
		}
	}
};

const readInterval = (table: JsonTable, warnings: string[]): number => {
	const seconds = table.number('poll_interval_secs', [0, 604_800]);
	if (seconds === undefined) {
		return defaultPollIntervalMs;
	}

	if (seconds > 0 && seconds < leastIntervalSecs) {
		const line = table.file.lineOf([...table.keyPath, 'poll_interval_secs']);
		warnings.push(
			`${table.file.path}:${line}: poll_interval_secs is ${seconds}; ${leastIntervalSecs} is taken instead.`,
		);
	}

	return seconds === 0 ? 0 : Math.max(seconds, leastIntervalSecs) * 1000;
};

const warnUnknown = (table: JsonTable | undefined, known: ReadonlySet<string>, warnings: string[]): void => {
	if (table === undefined) {
		return;
	}

	for (const key of table.keys().filter(name => !known.has(name))) {
		const place = `${table.file.path}:${table.file.lineOf([...table.keyPath, key])}`;
		warnings.push(`${place}: the key ${JSON.stringify(key.slice(0, 60))} is not known and ignored.`);
	}
};

const readEntry = (table: JsonTable, warnings: string[]): UsageProvider => {
	const id = table.text('id')?.trim();
	if (id === undefined || !/^[\w.:-]{1,100}$/.test(id)) {
		throw table.error('id', 'takes a name of letters, digits and . : _ -');
	}

	const kind = readKind(table);
	const tokenEnv = table.has('token_env') ? table.text('token_env')?.trim() : kind.tokenEnv;
	const extract = table.table('extract');
	const entry: UsageProvider = {
		id,
		kind,
		domains: readDomains(table),
		endpoint: readEndpoint(table, kind),
		tokenEnv: tokenEnv === '' ? undefined : tokenEnv,
		requiresTokenEnv: table.flag('require_token_env') ?? kind.tokenEnv !== undefined,
		pollIntervalMs: readInterval(table, warnings),
		refreshesOnRequest: table.flag('refresh_on_request') ?? true,
		trustsExhaustion: table.flag('trust_exhaustion_for_routing') ?? kind.isTrusted,
		headers: readHeaders(table.table('headers')),
		variables: readVariables(table.table('variables')),
		rules: readRules(extract),
	};
	checkTemplates(table, entry);
	warnUnknown(table, entryKeys, warnings);
	warnUnknown(extract, extractKeys, warnings);
	return entry;
};

/**
 * Reads the file's bytes. Throws RelayError `usage-providers-invalid`, a sentence that begins with `file:line:` and holds no value of the file.
 */
export const parseUsageProviders = (path: string, bytes: Buffer): UsageProviders => {
	if (bytes.length > mostBytes) {
		throw new JsonFile(path, Buffer.from('{}')).error([], 'is larger than 1 MiB. Make it smaller');
	}

	const file = new JsonFile(path, bytes);
	const warnings: string[] = [];
	const root = new JsonTable(file, [], file.root);
	warnUnknown(root, new Set(['providers']), warnings);
	const providers = root.tables('providers').map(table => readEntry(table, warnings));
	const seen = new Set<string>();
	for (const [index, {id}] of providers.entries()) {
		if (seen.has(id)) {
			throw file.error(['providers', index, 'id'], `is ${JSON.stringify(id)}, which an earlier entry has already`);
		}

		seen.add(id);
	}

	return {providers, warnings};
};

/** Entries that hold for everybody: vendors whose address no probe finds. The user's own entries go before them. */
export const builtInProviders: readonly UsageProvider[] = parseUsageProviders(
	'built-in',
	Buffer.from(
		JSON.stringify({
			providers: [
				{
					id: 'openrouter',
					kind: 'openai_balance_http_json',
					domains: ['openrouter.ai'],
					endpoint: '{{upstream_base_url}}/credits',
					extract: {
						monthly_budget_paths: ['data.total_credits'],
						monthly_spent_paths: ['data.total_usage'],
						derive_remaining_from_budget_and_spent: true,
					},
				},
			],
		}),
	),
).providers;

const isUnder = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`);

/** Whether a host is one of an entry's domains or below one. */
export const coversHost = (provider: UsageProvider, host: string): boolean =>
	provider.domains.some(domain => isUnder(host, domain));

/** The first entry for a base URL, the user's before the built-in ones; undefined: it is probed. */
export const providerFor = (providers: readonly UsageProvider[], baseUrl: string): UsageProvider | undefined => {
	const host = URL.canParse(baseUrl) ? new URL(baseUrl).hostname.toLowerCase() : '';
	return [...providers, ...builtInProviders].find(provider => coversHost(provider, host));
};
