import {homedir} from 'node:os';
import path from 'node:path';
import {codexHomeOf} from '../client/codex/switch-status.ts';
import {createClientKeyReader} from '../config/credentials.ts';
import {openHome} from '../config/home.ts';
import {loadConfig} from '../config/load.ts';
import {accountViews} from '../engine/brain/account-list.ts';
import {EndpointHealthBook} from '../engine/brain/endpoint-health.ts';
import {readStateRows, type StateRows} from '../engine/brain/state-store.ts';
import type {AccountView} from '../event/account-view.ts';

const noRows: StateRows = {get: () => undefined, set: () => undefined, delete: () => undefined, list: () => []};

/**
 * The accounts of the configuration with what the last run has left in `state.db`, which is only read. Throws ConfigError where the
 * configuration cannot be used.
 */
export const offlineAccounts = async (env: NodeJS.ProcessEnv): Promise<readonly AccountView[]> => {
	const home = await openHome(env);
	const config = await loadConfig({path: home.config, env});
	const claudeHome = env['CLAUDE_CONFIG_DIR'] ?? path.join(env['HOME'] ?? homedir(), '.claude');
	const homes = {codexHome: codexHomeOf(env), claudeHome};
	const credentials = {env, readClientKey: createClientKeyReader(homes, () => performance.now())};
	using rows = readStateRows(home.state);
	const book = new EndpointHealthBook({
		store: rows ?? noRows,
		credentials,
		announce: () => undefined,
		now: () => Date.now(),
	});
	book.configure(config);
	return accountViews(book, credentials);
};
