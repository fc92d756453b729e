import {homedir} from 'node:os';
import path from 'node:path';
import {fetchJson} from '../attempt/fetch-json.ts';
import {Pools} from '../attempt/pools.ts';
import {systemClock} from '../base/clock.ts';
import {codexHomeOf} from '../client/codex/switch-status.ts';
import {createClientKeyReader} from '../config/credentials.ts';
import {openHome} from '../config/home.ts';
import {loadConfig} from '../config/load.ts';
import {UsageProvidersFile} from '../engine/balance/balance-file.ts';
import {BalancePoller} from '../engine/balance/balance-poller.ts';
import {balanceTargets} from '../engine/balance/balance-targets.ts';
import {limits} from '../wire/limits.ts';
import type {BalanceSnapshot} from '../wire/balance.ts';

/** Balances that were asked for once, without an engine. */
export interface DirectBalances {
	readonly balances: readonly BalanceSnapshot[];
	/** Every configured provider, also those whose balance is not asked for. */
	readonly providers: readonly string[];
	readonly warnings: readonly string[];
}

/** Asks every account (or those of one provider) once. Throws ConfigError and the RelayError of a bad `usage_providers.json`. */
export const askBalances = async (env: NodeJS.ProcessEnv, provider: string | undefined): Promise<DirectBalances> => {
	const home = await openHome(env);
	const config = await loadConfig({path: home.config, env});
	const claudeHome = env['CLAUDE_CONFIG_DIR'] ?? path.join(env['HOME'] ?? homedir(), '.claude');
	const readClientKey = createClientKeyReader({codexHome: codexHomeOf(env), claudeHome}, () => performance.now());
	const warnings: string[] = [];
	const file = new UsageProvidersFile(path.join(home.root, 'usage_providers.json'), {
		onFault: error => {
			throw error;
		},
		onLoaded: found => warnings.push(...found),
	});
	file.refresh();
	const pools = new Pools({
		connectMs: config.clocks.connectMs,
		idleSocketMs: limits.upstreamIdleSocketMs,
		headerBytes: limits.upstreamHeaderBytes,
	});
	const poller = new BalancePoller({
		clock: systemClock,
		fetch: async request => await fetchJson(pools, request),
		readEnv: name => (Object.hasOwn(env, name) ? env[name] : undefined),
		targets: () => balanceTargets(config, file.providers, {env, readClientKey}),
		resetClock: () => config.resetClock,
		onStanding: () => undefined,
		announce: () => undefined,
	});
	try {
		const balances = await poller.refresh(provider);
		const endpoints = Object.values(config.services).flatMap(service => service.endpoints);
		return {balances, providers: [...new Set(endpoints.map(endpoint => endpoint.provider))], warnings};
	} finally {
		await poller.close();
		await pools.close();
	}
};
