import {costOfRow, tokensOfRow, type SessionRow} from '../tui/store/session-rows.ts';
import {tallyJson} from './usage-json.ts';

/* Sessions as data for other programs: fields are only ever added. Unknown is null, never 0. */

const dollars = (nanoUsd: number | undefined): number | null => (nanoUsd === undefined ? null : nanoUsd / 1e9);

const fileJson = ({file}: SessionRow) =>
	file && {
		...{path: file.path, bytes: file.bytes, version: file.version ?? null, provider: file.provider ?? null},
		...{is_archived: file.isArchived, turns: file.turns, messages: file.messages, errors: file.errors},
		tokens: file.tokens
			? {
					...{input: file.tokens.input, cache_read: file.tokens.cacheRead, cache_write: file.tokens.cacheWrite},
					output: file.tokens.output,
				}
			: null,
		list_price_usd: dollars(file.nanoUsd),
		faults: file.faults,
	};

const engineJson = ({engine}: SessionRow) =>
	engine && {
		...{requests: engine.requests, live: engine.liveRequests, threads: engine.threads},
		...{endpoint: engine.endpointKey ?? null, first_seen_at_ms: engine.firstSeenAtMs},
	};

const changesJson = ({override, pin, affinity}: SessionRow) => ({
	override: override
		? {
				...{model: override.model ?? null, effort: override.effort ?? null, tier: override.tier ?? null},
				profile: override.profile ?? null,
			}
		: null,
	pin: pin ? {endpoint: pin.pin.endpointKey, mode: pin.pin.mode, until_ms: pin.pin.untilMs ?? null} : null,
	affinity: affinity
		? {
				...{endpoint: affinity.endpointKey, account: affinity.account, reason: affinity.changeReason},
				since_ms: affinity.lastChangedAtMs,
			}
		: null,
});

/** One session with everything that is known of it. */
export const sessionJson = (row: SessionRow) => {
	const cost = costOfRow(row);
	return {
		...{thread_id: row.key, session_id: row.sessionId, service: row.service, client: row.client, origin: row.origin},
		...{parent_id: row.file?.parentId ?? null, agent: row.file?.agent ?? null, title: row.title ?? null},
		...{cwd: row.cwd ?? null, model: row.model ?? null, effort: row.effort ?? null},
		...{started_at_ms: row.file?.startedAtMs ?? null, last_seen_at_ms: row.lastSeenAtMs},
		...{tokens: tokensOfRow(row) ?? null, cost_usd: dollars(cost?.nanoUsd), is_estimate: cost?.isEstimate ?? null},
		file: fileJson(row) ?? null,
		ledger: row.tally === undefined ? null : tallyJson(row.tally),
		engine: engineJson(row) ?? null,
		...changesJson(row),
	};
};
