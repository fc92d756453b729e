import {fingerprint} from '../base/ids.ts';
import type {Endpoint} from '../config/config.ts';
import type {Call} from '../identify/call.ts';
import {stateOwner} from '../route/plan.ts';
import {readString, scanElements, scanMembers, type ByteRange} from '../wire/json-scan.ts';
import type {StateStore} from './state-store.ts';

/*
 * Hidden state and who made it (architecture.md, rule 5): encrypted items belong to the provider or continuity domain that issued
 * them, `x-codex-turn-state` to the endpoint that sent it. Neither ever reaches another one.
 */

/** An element of `input` that carries encrypted content. */
export interface EncryptedItem {
	/** Its bytes in the client's body. */
	readonly range: ByteRange;
	readonly type: string;
	/** Who issued it; undefined where we have not seen it being issued. */
	readonly owner: string | undefined;
}

const marker = Buffer.from('"encrypted_content"');
const rememberedTurns = 2000;

/** Remembers what was issued, on disk, since a resumed session brings old items back. */
export class UpstreamState {
	readonly #store: StateStore;
	/** Turn id → endpoint key → its last turn state. */
	readonly #turns = new Map<string, Map<string, string>>();

	constructor(store: StateStore) {
		this.#store = store;
	}

	/** The encrypted elements of a Responses body, found by scanning ranges, not by parsing the body. */
	encryptedItems(call: Call): readonly EncryptedItem[] {
		const {body, inputRange} = call;
		if (!body || !inputRange || body.indexOf(marker, inputRange.start) < 0) {
			return [];
		}

		return (scanElements(body, inputRange) ?? []).flatMap(range => {
			const at = body.indexOf(marker, range.start);
			return at >= 0 && at < range.end ? this.#encryptedItem(body, range) : [];
		});
	}

	/** An upstream finished items with this encrypted content (fingerprints). */
	recordIssued(fingerprints: readonly string[], endpoint: Endpoint): void {
		for (const print of fingerprints) {
			this.#store.set('issued', print, stateOwner(endpoint));
		}
	}

	/** An upstream answered with a turn state. */
	recordTurnState(turnId: string, endpointKey: string, value: string): void {
		const turn = this.#turns.get(turnId) ?? new Map<string, string>();
		turn.set(endpointKey, value);
		this.#turns.delete(turnId);
		this.#turns.set(turnId, turn);
		this.#store.set('turn-state', fingerprint(value), endpointKey);
		if (this.#turns.size > rememberedTurns) {
			const oldest = this.#turns.keys().next();
			this.#turns.delete(oldest.value ?? '');
		}
	}

	/** The turn state that an endpoint gets: its own last one of this turn, the echo only when it issued that, or none. */
	turnStateFor(call: Call, endpointKey: string): string | undefined {
		const own = call.turnId === undefined ? undefined : this.#turns.get(call.turnId)?.get(endpointKey);
		if (own !== undefined || call.turnState === undefined) {
			return own;
		}

		return this.#store.get('turn-state', fingerprint(call.turnState)) === endpointKey ? call.turnState : undefined;
	}

	#encryptedItem(body: Buffer, range: ByteRange): readonly EncryptedItem[] {
		const members = scanMembers(body, range) ?? [];
		const textOf = (key: string): string | undefined => {
			const member = members.find(candidate => candidate.key === key);
			return member && readString(body, member.value);
		};

		const content = textOf('encrypted_content');
		if (content === undefined) {
			return [];
		}

		const owner = this.#store.get('issued', fingerprint(content));
		return [{range, type: textOf('type') ?? '', owner: typeof owner === 'string' ? owner : undefined}];
	}
}
