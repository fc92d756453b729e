import type {Account, Config, Endpoint} from '../config/config.ts';
import {credentialStatus, resolveCredentials, type CredentialContext} from '../config/credentials.ts';
import type {CheckFinding} from '../event/doctor.ts';
import {findPreset} from '../provider/presets/presets.ts';
import {fail, ok, skipped, warn, type Check} from './check.ts';
import {nameOf} from './endpoint-name.ts';

/* Whether every account has its key, and whether a key goes where its owner allows it. No value is ever told. */

/** Whether a route leads to an endpoint. */
const isOnRoute = ({services}: Config, {service, key}: Endpoint): boolean =>
	services[service].leaves.some(({endpoint}) => endpoint.key === key);

const whereOf = ({location}: Endpoint): string | undefined =>
	location === undefined ? undefined : `${location.path}:${location.line}`;

const accountName = (account: Account, {accounts}: Endpoint): string =>
	accounts.length === 1 ? '' : `account ${account.label}: `;

/** A Claude plan's login, as opposed to a key of the API. */
const planLogin = /^sk-ant-(?:oat|ort)/;

/** What the owner of a credential forbids (watchdog.md 6); undefined where nothing is known. */
const forbidden = (account: Account, context: CredentialContext): string | undefined => {
	const {bearer, apiKey} = resolveCredentials(account, context);
	return [bearer, apiKey].some(value => value !== undefined && planLogin.test(value))
		? "it is a Claude plan's login, which Anthropic allows in its own programs only: use a key of the API"
		: undefined;
};

/** Where keys are looked for. */
interface KeyPlaces {
	readonly context: CredentialContext;
	/** The engine is another process: what is not set here may be set there. */
	readonly isEngineElsewhere: boolean;
}

const lookAtKeys = (endpoint: Endpoint, config: Config, {context, isEngineElsewhere}: KeyPlaces): CheckFinding => {
	const where = whereOf(endpoint);
	if (!endpoint.enabled) {
		return skipped(`${nameOf(endpoint)} is disabled.`, {where});
	}

	const accounts = endpoint.accounts.filter(({enabled}) => enabled);
	const found = accounts.map(account => ({account, status: credentialStatus(account, context)}));
	const missing = found.filter(({status}) => !status.hasAuth);
	if (missing.length > 0) {
		const names = missing.map(({status}) => status.missingVariable).join(', ');
		if (isEngineElsewhere) {
			return skipped(
				`${nameOf(endpoint)}: ${names} is not set in this shell; whether the engine has it stands on the page Routes.`,
				{where},
			);
		}

		const finding = missing.length < found.length || !isOnRoute(config, endpoint) ? warn : fail;
		return finding(`${nameOf(endpoint)} lacks ${missing.length === 1 ? 'its key' : 'keys'}: ${names} is not set.`, {
			where,
			fix: `Set ${names} in the shell that starts codex-tui, and start it again.`,
		});
	}

	const fault = accounts
		.map(account => ({account, text: forbidden(account, context)}))
		.find(({text}) => text !== undefined);
	if (fault !== undefined) {
		return warn(`${nameOf(endpoint)}: ${accountName(fault.account, endpoint)}${fault.text}.`, {
			where,
			fix: 'Give it a credential that its owner allows here; the terms are linked in "codex-tui provider presets".',
		});
	}

	const sources = found.map(({account, status}) => `${accountName(account, endpoint)}${status.authSource}`).join('; ');
	const terms = findPreset(endpoint.preset ?? '')?.terms;
	return ok(`${nameOf(endpoint)} has what it needs (${sources}).${terms === undefined ? '' : ` Mind: ${terms}`}`, {
		where,
	});
};

/** One check for each endpoint. */
export const keyChecks = (config: Config, places: KeyPlaces): readonly Check[] =>
	Object.values(config.services)
		.flatMap(({endpoints}) => endpoints)
		.map(endpoint => ({
			id: `key:${endpoint.key}`,
			group: 'keys',
			isForStart: true,
			look: () => lookAtKeys(endpoint, config, places),
		}));
