import {fingerprint} from '../../base/ids.ts';
import {credentialStatus, resolveCredentials, type CredentialContext} from '../../config/credentials.ts';
import type {AccountView} from '../../event/account-view.ts';
import type {CandidateHealth} from '../../route/inputs.ts';
import type {CandidateEntry} from './candidate-entry.ts';
import type {EndpointHealthBook} from './endpoint-health.ts';

/** Digits of a key's fingerprint: enough to tell one's keys apart. */
const shownDigits = 8;

/** Every account of the configuration, in its order, with its state at each of its provider's endpoints; never a key. */
export const accountViews = (book: EndpointHealthBook, credentials: CredentialContext): readonly AccountView[] => {
	const groups = Map.groupBy(book.entries(), entry => entry.accountKey);
	const healthOf = book.lookUp(undefined);
	return [...groups.values()].flatMap(entries => {
		const [first] = entries;
		if (!first) {
			return [];
		}

		const rows = entries.map(entry => ({
			entry,
			health: healthOf(entry.endpoint.key, entry.account.label, undefined),
		}));
		return [viewOf(first, rows, credentials)];
	});
};

interface Row {
	readonly entry: CandidateEntry;
	readonly health: CandidateHealth;
}

const viewOf = (
	{endpoint, account}: CandidateEntry,
	rows: readonly Row[],
	credentials: CredentialContext,
): AccountView => {
	const {authSource, hasAuth} = credentialStatus(account, credentials);
	const used = rows.flatMap(({health}) => health.quotaUsed ?? []);
	return {
		service: endpoint.service,
		provider: endpoint.provider,
		account: account.label,
		enabled: account.enabled && rows.some(({entry}) => entry.endpoint.enabled),
		isPaused: rows.some(({health}) => health.isPaused),
		weight: account.weight,
		quotaGroup: account.quotaGroup,
		...{authSource, hasAuth},
		fingerprint: printOf(account, credentials),
		quotaUsed: used.length === 0 ? undefined : Math.max(...used),
		exhausted: rows.find(({health}) => health.exhausted)?.health.exhausted?.text,
		endpoints: rows.map(({entry, health}) => {
			const {phase, untilMs, cause, reason, active, limit} = health;
			return {endpointKey: entry.endpoint.key, phase, untilMs, cause, reason, active, limit};
		}),
	};
};

const printOf = (account: CandidateEntry['account'], credentials: CredentialContext): string | undefined => {
	const {bearer, apiKey} = resolveCredentials(account, credentials);
	const key = bearer ?? apiKey;
	return key === undefined ? undefined : fingerprint(key, shownDigits);
};
