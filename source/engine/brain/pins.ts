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

/** Pins of sessions that are gone are not kept for ever: above this many the one that was set first goes. */
const maxSessionPins = 1000;

/** The user's choice of the active upstream, per service or per session (routing.md 8); kept over restarts until its time is over. */
export class Pins {
	readonly #store: StateRows;
	readonly #announce: Announce;
	readonly #now: () => number;
	/** By the row's key, in the order in which they were set. */
	readonly #pins = new Map<string, StoredPin>();
	/** When the next one ends; nobody looks before. */
	#nextEndMs = Infinity;

	constructor(store: StateRows, announce: Announce, now: () => number) {
		this.#store = store;
		this.#announce = announce;
		this.#now = now;
		for (const [key, value] of store.list('pin')) {
			const stored = readPin(key, value);
			if (stored) {
				this.#pins.set(key, stored);
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

	/** A clock that was set back ends nothing early: a pin ends when its time is reached, whenever that is. */
	#expire(): void {
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
