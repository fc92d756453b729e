import type {JumpWatch} from '../../attempt/jump-watch.ts';
import {numberAt, textAt} from '../../base/json.ts';
import type {Service} from '../../wire/names.ts';
import type {StateStore} from './state-store.ts';
import {readSessionKey, sessionKey} from './session-key.ts';

/*
 * What the user wants a session to ask for in place of what its client asks: model, effort, service tier. They end when the session has
 * been idle for half an hour (codex-helper.md 8.2, row 35), so that a session that is resumed next week is not surprised by them.
 */

const kind = 'override';
const idleMs = 30 * 60_000;
/** A use is written at most this often: half an hour needs no better clock. */
const refreshMs = 60_000;

/** The fields that can be overridden; undefined leaves the client's. */
export interface AskFields {
	readonly model?: string | undefined;
	readonly effort?: string | undefined;
	readonly tier?: string | undefined;
}

/** One session's overrides. */
export interface SessionOverride extends AskFields {
	readonly service: Service;
	readonly sessionId: string;
	readonly setAtMs: number;
	readonly usedAtMs: number;
}

type OverrideRows = Pick<StateStore, 'set' | 'delete' | 'list'>;

/** The overrides of all sessions; kept over restarts. */
export class Overrides {
	readonly #store: OverrideRows;
	readonly #now: () => number;
	readonly #jumps: Pick<JumpWatch, 'jumpMs'>;
	readonly #entries = new Map<string, {readonly override: SessionOverride; readonly writtenAtMs: number}>();

	/** `now` is wall-clock; what is idle since a time that the user's clock has left behind is moved along with it. */
	constructor(store: OverrideRows, now: () => number, jumps: Pick<JumpWatch, 'jumpMs'> = {jumpMs: () => 0}) {
		this.#store = store;
		this.#now = now;
		this.#jumps = jumps;
		for (const [key, value] of store.list(kind)) {
			const override = fromFuture(readOverride(key, value), now());
			if (override !== undefined && this.#isAlive(override)) {
				this.#entries.set(key, {override, writtenAtMs: override.usedAtMs});
			} else {
				store.delete(kind, key);
			}
		}
	}

	/** A session's override; undefined where there is none or where it was idle for too long. Does not count as a use. */
	of(service: Service, sessionId: string | undefined): SessionOverride | undefined {
		this.#followClock();
		const entry = sessionId === undefined ? undefined : this.#entries.get(sessionKey(service, sessionId));
		return entry && this.#isAlive(entry.override) ? entry.override : undefined;
	}

	/** The same for a request of the session: its half hour begins anew. */
	use(service: Service, sessionId: string | undefined): SessionOverride | undefined {
		const override = this.of(service, sessionId);
		if (override) {
			this.#keep({...override, usedAtMs: this.#now()}, false);
		}

		return override;
	}

	/** Sets all three fields; one that is undefined or empty is no longer overridden, and without any the override is gone. */
	set(service: Service, sessionId: string, fields: AskFields): SessionOverride | undefined {
		const {model, effort, tier} = fields;
		const kept = {model: filled(model), effort: filled(effort), tier: filled(tier)};
		if (Object.values(kept).every(value => value === undefined)) {
			this.clear(service, sessionId);
			return undefined;
		}

		this.#followClock();
		const nowMs = this.#now();
		const override = {service, sessionId, ...kept, setAtMs: nowMs, usedAtMs: nowMs};
		this.#keep(override, true);
		return override;
	}

	/** The client's own fields count again. */
	clear(service: Service, sessionId: string): void {
		this.#entries.delete(sessionKey(service, sessionId));
		this.#store.delete(kind, sessionKey(service, sessionId));
	}

	/** Those that count now; what was idle for too long is forgotten. */
	list(): readonly SessionOverride[] {
		this.#followClock();
		for (const {override} of this.#entries.values()) {
			if (!this.#isAlive(override)) {
				this.clear(override.service, override.sessionId);
			}
		}

		return [...this.#entries.values()].map(({override}) => override);
	}

	/** A clock that somebody set says nothing of how long a session was idle. */
	#followClock(): void {
		const jumpMs = this.#jumps.jumpMs();
		if (jumpMs === 0) {
			return;
		}

		for (const {override} of this.#entries.values()) {
			this.#keep({...override, setAtMs: override.setAtMs + jumpMs, usedAtMs: override.usedAtMs + jumpMs}, true);
		}
	}

	#isAlive({usedAtMs}: SessionOverride): boolean {
		return this.#now() - usedAtMs <= idleMs;
	}

	#keep(override: SessionOverride, isDue: boolean): void {
		const key = sessionKey(override.service, override.sessionId);
		const writtenAtMs = this.#entries.get(key)?.writtenAtMs;
		const isWritten = !isDue && writtenAtMs !== undefined && override.usedAtMs - writtenAtMs < refreshMs;
		this.#entries.set(key, {override, writtenAtMs: isWritten ? writtenAtMs : override.usedAtMs});
		if (!isWritten) {
			const {service: _service, sessionId: _sessionId, ...value} = override;
			this.#store.set(kind, key, value);
		}
	}
}

const filled = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

/** Out of the future: the clock was set back while nobody ran. It would never have been idle for half an hour. */
const fromFuture = (override: SessionOverride | undefined, nowMs: number): SessionOverride | undefined =>
	override && override.usedAtMs > nowMs
		? {...override, usedAtMs: nowMs, setAtMs: override.setAtMs - (override.usedAtMs - nowMs)}
		: override;

const readOverride = (key: string, value: unknown): SessionOverride | undefined => {
	const parts = readSessionKey(key);
	const setAtMs = numberAt(value, 'setAtMs');
	const usedAtMs = numberAt(value, 'usedAtMs');
	if (parts === undefined || setAtMs === undefined || usedAtMs === undefined) {
		return undefined;
	}

	return {
		...parts,
		model: textAt(value, 'model'),
		effort: textAt(value, 'effort'),
		tier: textAt(value, 'tier'),
		setAtMs,
		usedAtMs,
	};
};
