import type {JumpWatch} from '../../attempt/jump-watch.ts';
import {RelayError} from '../../base/errors.ts';
import {isRecord} from '../../base/json.ts';
import type {Announce} from '../../event/catalogue.ts';
import type {Pin} from '../../event/view.ts';
import {type Service, services} from '../../wire/names.ts';
import type {StateRows} from './state-store.ts';

/** A pin that the user wants. */
export interface PinWish {
	readonly endpointKey: string;
	readonly mode: Pin['mode'];
	/** For this session alone; undefined: for all sessions of the service that have no pin of their own. */
	readonly sessionId?: string | undefined;
	/** Of the endpoint's accounts this one. */
	readonly account?: string | undefined;
	/** When it ends by itself, wall-clock milliseconds. */
	readonly untilMs?: number | undefined;
}

interface StoredPin {
	readonly service: Service;
	readonly sessionId: string | undefined;
	readonly pin: Pin;
}

interface PinChange extends Omit<StoredPin, 'pin'> {
	readonly pin: Pin | undefined;
	readonly hasExpired?: boolean;
}

/** The wall clock of {@link Pins}, and by how much somebody has set it; without that nobody does. The watch must be theirs alone. */
export interface PinClocks {
	readonly now: () => number;
	readonly jumps?: Pick<JumpWatch, 'jumpMs'> | undefined;
}

const neverSet: Pick<JumpWatch, 'jumpMs'> = {jumpMs: () => 0};

/** Corrections of the wall clock are smaller than this. */
const clockSlackMs = 60_000;

/** Pins of sessions that are gone are not kept for ever: above this many the one that was set first goes. */
const maxSessionPins = 1000;

/** The user's choice of the active upstream, per service or per session (routing.md 8); kept over restarts until its time is over. */
export class Pins {
	readonly #store: StateRows;
	readonly #announce: Announce;
	readonly #now: () => number;
	readonly #jumps: Pick<JumpWatch, 'jumpMs'>;
	/** By the row's key, in the order in which they were set. */
	readonly #pins = new Map<string, StoredPin>();
	/** When the next one ends; nobody looks before. */
	#nextEndMs = Infinity;

	constructor(store: StateRows, announce: Announce, {now, jumps = neverSet}: PinClocks) {
		this.#store = store;
		this.#announce = announce;
		this.#now = now;
		this.#jumps = jumps;
		for (const [key, value] of store.list('pin')) {
			const stored = readPin(key, value);
			if (stored) {
				const own = fromFuture(stored, now());
				this.#pins.set(key, own);
				if (own !== stored) {
					store.set('pin', key, own.pin);
				}
			}
		}

		this.#plan();
	}

	/** The pin of a whole service. */
	of(service: Service): Pin | undefined {
		this.#expire();
		return this.#pins.get(service)?.pin;
	}

	/** The pin that a request of this session follows: its own, else the service's. */
	pinFor(service: Service, sessionId: string | undefined): Pin | undefined {
		this.#expire();
		const own = sessionId === undefined ? undefined : this.#pins.get(keyOf(service, sessionId));
		return (own ?? this.#pins.get(service))?.pin;
	}

	/** Every pin that holds now. */
	list(): readonly StoredPin[] {
		this.#expire();
		return [...this.#pins.values()];
	}

	/** Pins an endpoint for a whole service, until it is taken away. */
	set(service: Service, endpointKey: string, mode: Pin['mode']): void {
		this.pin(service, {endpointKey, mode});
	}

	/** Pins an endpoint. Throws RelayError `bad-time` where the end is not in the future. */
	pin(service: Service, {endpointKey, mode, sessionId, account, untilMs}: PinWish): void {
		this.#followClock();
		if (untilMs !== undefined && !(untilMs > this.#now())) {
			throw new RelayError(
				'bad-time',
				'A pin must end in the future; leave its end out to keep it until you take it away.',
			);
		}

		const pin: Pin = {
			...{endpointKey, mode, setAtMs: this.#now()},
			...(account === undefined ? {} : {account}),
			...(untilMs === undefined ? {} : {untilMs}),
		};
		const key = keyOf(service, sessionId);
		this.#pins.delete(key);
		this.#pins.set(key, {service, sessionId, pin});
		this.#store.set('pin', key, pin);
		this.#tell({service, sessionId, pin});
		this.#forgetOldest();
		this.#plan();
	}

	/** Takes the pin of a service, or of one session, away. */
	clear(service: Service, sessionId?: string): void {
		this.#remove(keyOf(service, sessionId), {service, sessionId, pin: undefined});
	}

	/** Tells the screens about pins that were there before them. */
	announceAll(): void {
		for (const stored of this.list()) {
			this.#tell(stored);
		}
	}

	#tell(change: PinChange): void {
		const {service, sessionId, pin, hasExpired} = change;
		this.#announce({
			...{type: 'pin-changed', atMs: this.#now(), service},
			...(sessionId === undefined ? {} : {sessionId}),
			pin,
			...(hasExpired === true ? {hasExpired} : {}),
		});
	}

	#remove(key: string, change: PinChange): void {
		this.#pins.delete(key);
		this.#store.delete('pin', key);
		this.#tell(change);
		this.#plan();
	}

	/** A pin that was made for an hour holds for an hour, whatever somebody makes of the clock meanwhile. */
	#followClock(): void {
		const jumpMs = this.#jumps.jumpMs();
		if (jumpMs === 0) {
			return;
		}

		for (const [key, stored] of this.#pins) {
			if (stored.pin.untilMs !== undefined) {
				const moved = shifted(stored, jumpMs);
				this.#pins.set(key, moved);
				this.#store.set('pin', key, moved.pin);
				// Screens count down to its end by the wall clock.
				this.#tell(moved);
			}
		}

		this.#plan();
	}

	/** Where no pin ends by itself nobody looks at a clock. */
	#expire(): void {
		if (this.#nextEndMs === Infinity) {
			return;
		}

		this.#followClock();
		const nowMs = this.#now();
		if (nowMs < this.#nextEndMs) {
			return;
		}

		for (const [key, {service, sessionId, pin}] of this.#pins) {
			if ((pin.untilMs ?? Infinity) <= nowMs) {
				this.#remove(key, {service, sessionId, pin: undefined, hasExpired: true});
			}
		}

		this.#plan();
	}

	#plan(): void {
		this.#nextEndMs = Math.min(Infinity, ...[...this.#pins.values()].map(({pin}) => pin.untilMs ?? Infinity));
	}

	#forgetOldest(): void {
		if (this.#pins.size > maxSessionPins + services.length) {
			const [key, oldest] = [...this.#pins].find(([, {sessionId}]) => sessionId !== undefined) ?? [];
			if (key !== undefined && oldest) {
				this.#remove(key, {...oldest, pin: undefined, hasExpired: true});
			}
		}
	}
}

const shifted = (stored: StoredPin, byMs: number): StoredPin => {
	const {setAtMs, untilMs} = stored.pin;
	const until = untilMs === undefined ? {} : {untilMs: untilMs + byMs};
	return {...stored, pin: {...stored.pin, setAtMs: setAtMs + byMs, ...until}};
};

/** A pin out of the future: the clock was set back while nobody ran. It would hold for as long as it was set back, and then for its time. */
const fromFuture = (stored: StoredPin, nowMs: number): StoredPin => {
	const {setAtMs} = stored.pin;
	return setAtMs > nowMs + clockSlackMs ? shifted(stored, nowMs - setAtMs) : stored;
};

/** The row of a service is its name, as it always was; a session's follows after a line break, which no id contains. */
const keyOf = (service: Service, sessionId: string | undefined): string =>
	sessionId === undefined ? service : `${service}\n${sessionId}`;

const readPin = (key: string, value: unknown): StoredPin | undefined => {
	const [name, sessionId] = key.split('\n');
	const service = services.find(known => known === name);
	if (
		service === undefined ||
		!isRecord(value) ||
		typeof value['endpointKey'] !== 'string' ||
		typeof value['setAtMs'] !== 'number'
	) {
		return undefined;
	}

	const {endpointKey, setAtMs, mode, account, untilMs} = value;
	const pin: Pin = {
		...{endpointKey, setAtMs, mode: mode === 'prefer' ? 'prefer' : 'only'},
		...(typeof account === 'string' ? {account} : {}),
		...(typeof untilMs === 'number' ? {untilMs} : {}),
	};
	return {service, sessionId, pin};
};
