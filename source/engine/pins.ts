import {isRecord} from '../base/json.ts';
import type {Announce} from '../event/catalogue.ts';
import type {Pin} from '../event/view.ts';
import type {Service} from '../wire/names.ts';
import type {StateStore} from './state-store.ts';

const services: readonly Service[] = ['codex', 'claude'];

/** The user's choice of the active upstream per service; kept over restarts. */
export class Pins {
	readonly #store: StateStore;
	readonly #announce: Announce;
	readonly #now: () => number;
	readonly #pins = new Map<Service, Pin>();

	constructor(store: StateStore, announce: Announce, now: () => number) {
		this.#store = store;
		this.#announce = announce;
		this.#now = now;
		for (const service of services) {
			const pin = readPin(store.get('pin', service));
			if (pin) {
				this.#pins.set(service, pin);
			}
		}
	}

	of(service: Service): Pin | undefined {
		return this.#pins.get(service);
	}

	set(service: Service, endpointKey: string, mode: Pin['mode']): void {
		const pin: Pin = {endpointKey, mode, setAtMs: this.#now()};
		this.#pins.set(service, pin);
		this.#store.set('pin', service, pin);
		this.#announce({type: 'pin-changed', atMs: this.#now(), service, pin});
	}

	clear(service: Service): void {
		this.#pins.delete(service);
		this.#store.delete('pin', service);
		this.#announce({type: 'pin-changed', atMs: this.#now(), service, pin: undefined});
	}

	/** Tells the screens about pins that were there before them. */
	announceAll(): void {
		for (const [service, pin] of this.#pins) {
			this.#announce({type: 'pin-changed', atMs: this.#now(), service, pin});
		}
	}
}

const readPin = (value: unknown): Pin | undefined =>
	isRecord(value) && typeof value['endpointKey'] === 'string' && typeof value['setAtMs'] === 'number'
		? {
				endpointKey: value['endpointKey'],
				mode: value['mode'] === 'prefer' ? 'prefer' : 'only',
				setAtMs: value['setAtMs'],
			}
		: undefined;
