import type {JumpWatch} from '../../attempt/jump-watch.ts';
import {at, isRecord, numberAt, textAt} from '../../base/json.ts';
import {LastUsed} from '../../base/last-used.ts';
import type {Endpoint} from '../../config/config.ts';
import type {Affinity} from '../../route/inputs.ts';
import type {Service} from '../../wire/names.ts';
import type {StateStore} from './state-store.ts';
import {readSessionKey, sessionKey} from './session-key.ts';

/*
 * Which endpoint a session is tied to (codex-helper.md 1.5; routing.md 3): written on every success under every policy, kept over
 * restarts and over edits of the configuration. Whether the endpoint is still there, and what the policy makes of it, is the plan's
 * business.
 */

const kind = 'affinity';
const schemaVersion = 1;
const keptMs = 7 * 24 * 3_600_000;
const maxEntries = 10_000;
/** An affinity that only grew older is written this often: the file is for restarts. */
const refreshMs = 60_000;

/** What served a session. */
export interface AffinitySuccess {
	readonly service: Service;
	/** Undefined: nothing is kept, a thread without a session has no tie. */
	readonly sessionId: string | undefined;
	readonly identitySource: string | undefined;
	readonly endpoint: Pick<Endpoint, 'key' | 'baseUrl'>;
	/** The account's label. */
	readonly account: string;
	readonly graphKey: string;
	readonly routePath: readonly string[];
	/** How the last attempt of the same request before this one failed; undefined where this was the first. */
	readonly failedBefore: {readonly code: string; readonly status: number | undefined} | undefined;
}

/** An affinity with what its record holds beside it (codex-helper.md 1.5). */
export interface AffinityRecord extends Affinity {
	readonly identitySource: string | undefined;
	readonly routePath: readonly string[];
}

/** What {@link Affinities} is made of; `now` is wall-clock, the last one is for tests. */
export interface AffinityOptions {
	readonly store: Pick<StateStore, 'get' | 'set' | 'delete' | 'list'>;
	readonly now: () => number;
	/** By how much somebody has set the wall clock, for this table alone; without it nobody does. */
	readonly jumps?: Pick<JumpWatch, 'jumpMs'> | undefined;
	/** Gets a sentence where the store holds affinities that cannot be used. */
	readonly onFault: (sentence: string) => void;
	readonly maxEntries?: number;
}

interface Entry {
	readonly record: AffinityRecord;
	readonly writtenAtMs: number;
}

/** The affinities of all sessions: at most 10,000, at most seven days old, the least recently used go first. */
export class Affinities {
	readonly #options: AffinityOptions;
	readonly #limit: number;
	readonly #entries = new LastUsed<Entry>();

	constructor(options: AffinityOptions) {
		this.#options = options;
		this.#limit = options.maxEntries ?? maxEntries;
		this.#restore();
	}

	/** The endpoint that served the session last; undefined where none did within seven days. */
	affinityOf(service: Service, sessionId: string | undefined): AffinityRecord | undefined {
		this.#followClock();
		const record = sessionId === undefined ? undefined : this.#entries.get(sessionKey(service, sessionId))?.record;
		return record && this.#isFresh(record) ? record : undefined;
	}

	/** A stream or answer ended well: the session is tied to whoever gave it. Call it at the end, never at the head (rule 6 of the road). */
	recordSuccess(success: AffinitySuccess): void {
		const {service, sessionId, endpoint} = success;
		if (sessionId === undefined) {
			return;
		}

		this.#followClock();
		const nowMs = this.#options.now();
		const key = sessionKey(service, sessionId);
		const known = this.#entries.get(key);
		const before = this.affinityOf(service, sessionId);
		const isSame = before?.endpointKey === endpoint.key && before.baseUrl === endpoint.baseUrl;
		const record: AffinityRecord = {
			endpointKey: endpoint.key,
			account: success.account,
			baseUrl: endpoint.baseUrl,
			graphKey: success.graphKey,
			lastSelectedAtMs: nowMs,
			lastChangedAtMs: isSame ? before.lastChangedAtMs : nowMs,
			changeReason: isSame ? before.changeReason : changeReason(before, success),
			identitySource: success.identitySource,
			routePath: success.routePath,
		};
		const isDue =
			!isSame ||
			known === undefined ||
			known.record.account !== record.account ||
			known.record.graphKey !== record.graphKey ||
			nowMs - known.writtenAtMs >= refreshMs;
		this.#entries.touch(key, {record, writtenAtMs: isDue ? nowMs : known.writtenAtMs});
		if (isDue) {
			this.#options.store.set(kind, key, {...record, schema: schemaVersion});
		}

		this.#evict();
	}

	/** Unties a session. */
	forget(service: Service, sessionId: string): void {
		this.#remove(sessionKey(service, sessionId));
	}

	/** The affinities that were used last, the newest first. */
	newest(
		count: number,
	): ReadonlyArray<{readonly service: Service; readonly sessionId: string; readonly record: AffinityRecord}> {
		this.#followClock();
		return [...this.#entries]
			.slice(-count)
			.toReversed()
			.filter(([, {record}]) => this.#isFresh(record))
			.flatMap(([key, {record}]) => {
				const parts = readSessionKey(key);
				return parts === undefined ? [] : [{...parts, record}];
			});
	}

	/** How many sessions are tied to each endpoint. */
	tiedByEndpoint(): ReadonlyMap<string, number> {
		this.#followClock();
		const counts = new Map<string, number>();
		for (const {record} of this.#entries.values()) {
			if (this.#isFresh(record)) {
				counts.set(record.endpointKey, (counts.get(record.endpointKey) ?? 0) + 1);
			}
		}

		return counts;
	}

	/** How many there are. */
	get size(): number {
		return this.#entries.size;
	}

	#isFresh({lastSelectedAtMs}: AffinityRecord): boolean {
		return this.#options.now() - lastSelectedAtMs <= keptMs;
	}

	/**
	 * A clock that somebody set says nothing of how old a tie is. Ten thousand rows are not written at once for that: each is with its next
	 * success, and one that is out of the future at a restart is taken as new.
	 */
	#followClock(): void {
		const jumpMs = this.#options.jumps?.jumpMs() ?? 0;
		if (jumpMs === 0) {
			return;
		}

		for (const [key, {record}] of this.#entries) {
			this.#entries.set(key, {record: shifted(record, jumpMs), writtenAtMs: -Infinity});
		}
	}

	#restore(): void {
		const {store, onFault} = this.#options;
		let unusable = 0;
		const records: Array<readonly [string, AffinityRecord]> = [];
		for (const [key, value] of store.list(kind)) {
			const record = fromFuture(readRecord(value), this.#options.now());
			if (record === undefined) {
				unusable++;
			} else if (this.#isFresh(record)) {
				records.push([key, record]);
			} else {
				store.delete(kind, key);
			}
		}

		records.sort(([, one], [, other]) => one.lastSelectedAtMs - other.lastSelectedAtMs);
		for (const [key, record] of records) {
			this.#entries.touch(key, {record, writtenAtMs: record.lastSelectedAtMs});
		}

		this.#evict();
		if (unusable > 0) {
			onFault(
				`state.db holds ${unusable} session affinities of another version (this program writes ${schemaVersion}); those sessions are routed as new ones.`,
			);
		}
	}

	#evict(): void {
		for (const [key, {record}] of this.#entries) {
			if (this.#entries.size <= this.#limit && this.#isFresh(record)) {
				return;
			}

			this.#remove(key);
		}
	}

	#remove(key: string): void {
		this.#entries.delete(key);
		this.#options.store.delete(kind, key);
	}
}

/** The vocabulary of codex-helper.md 1.5. */
const changeReason = (before: AffinityRecord | undefined, {failedBefore}: AffinitySuccess): string => {
	if (before === undefined || failedBefore === undefined) {
		return before === undefined ? 'first_success' : 'target_changed';
	}

	const {code, status} = failedBefore;
	// A success status may stand over a stream that failed later: then its code says more.
	const what = status !== undefined && status >= 300 ? `status_${status}` : code.replaceAll('-', '_');
	return `failover_after_${what}`;
};

const shifted = (record: AffinityRecord, byMs: number): AffinityRecord => ({
	...record,
	lastSelectedAtMs: record.lastSelectedAtMs + byMs,
	lastChangedAtMs: record.lastChangedAtMs + byMs,
});

const fromFuture = (record: AffinityRecord | undefined, nowMs: number): AffinityRecord | undefined =>
	record && record.lastSelectedAtMs > nowMs ? shifted(record, nowMs - record.lastSelectedAtMs) : record;

const readRecord = (value: unknown): AffinityRecord | undefined => {
	const endpointKey = textAt(value, 'endpointKey');
	const baseUrl = textAt(value, 'baseUrl');
	const lastSelectedAtMs = numberAt(value, 'lastSelectedAtMs');
	const lastChangedAtMs = numberAt(value, 'lastChangedAtMs');
	const routePath = at(value, 'routePath');
	if (
		!isRecord(value) ||
		value['schema'] !== schemaVersion ||
		endpointKey === undefined ||
		baseUrl === undefined ||
		lastSelectedAtMs === undefined ||
		lastChangedAtMs === undefined
	) {
		return undefined;
	}

	return {
		endpointKey,
		baseUrl,
		lastSelectedAtMs,
		lastChangedAtMs,
		account: textAt(value, 'account') ?? 'default',
		graphKey: textAt(value, 'graphKey') ?? '',
		changeReason: textAt(value, 'changeReason') ?? 'first_success',
		identitySource: textAt(value, 'identitySource'),
		routePath: Array.isArray(routePath) ? routePath.filter(name => typeof name === 'string') : [],
	};
};
