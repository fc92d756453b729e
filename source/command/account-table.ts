import type {AccountView} from '../event/account-view.ts';
import {durationText} from '../observe/duration-text.ts';

const columns = ['ACCOUNT', 'STATE', 'KEY', 'PRINT', 'QUOTA', 'RUNNING', 'ENDPOINTS'];

const stateOf = ({enabled, isPaused, hasAuth, exhausted, endpoints}: AccountView): string => {
	if (!enabled) {
		return 'disabled';
	}

	if (isPaused) {
		return 'paused';
	}

	if (!hasAuth) {
		return 'no key';
	}

	const open = endpoints.filter(({phase}) => phase === 'open').length;
	return exhausted !== undefined
		? 'nothing left'
		: open === 0
			? 'ready'
			: open === endpoints.length
				? 'cooling'
				: `${open} of ${endpoints.length} cooling`;
};

const endpointText = (
	{endpointKey, phase, untilMs, cause, reason}: AccountView['endpoints'][number],
	nowMs: number,
): string => {
	const name = endpointKey.slice(endpointKey.lastIndexOf('/') + 1);
	if (phase === 'closed') {
		return name;
	}

	if (phase === 'half-open') {
		return `${name}: to be tried`;
	}

	const left = untilMs === undefined ? 'until its key changes' : `${durationText(Math.max(0, untilMs - nowMs))} left`;
	return `${name}: ${reason ?? cause ?? 'open'}, ${left}`;
};

const runningOf = ({endpoints}: AccountView): string => {
	const active = endpoints.reduce((sum, endpoint) => sum + endpoint.active, 0);
	const limit = endpoints.find(endpoint => endpoint.limit !== undefined)?.limit;
	return limit === undefined ? String(active) : `${active}/${limit}`;
};

/** The accounts as lines of a table; `nowMs` is wall-clock. Ink is loaded for it: whoever asks for JSON does not wait. */
export const accountTable = async (accounts: readonly AccountView[], nowMs: number): Promise<string> => {
	const {printedTable} = await import('../tui/table/ink-table.ts');
	const rows = accounts.map(view => ({
		ACCOUNT: `${view.service}/${view.provider} ${view.account}`,
		STATE: stateOf(view),
		KEY: view.authSource,
		PRINT: view.fingerprint ?? '',
		QUOTA: [
			view.quotaUsed === undefined ? '' : `${Math.round(view.quotaUsed * 100)}% used`,
			view.exhausted ?? '',
			view.quotaGroup === undefined ? '' : `group ${view.quotaGroup}`,
		]
			.filter(text => text !== '')
			.join(', '),
		RUNNING: runningOf(view),
		ENDPOINTS: view.endpoints.map(endpoint => endpointText(endpoint, nowMs)).join('; '),
	}));
	return printedTable(rows, columns);
};
