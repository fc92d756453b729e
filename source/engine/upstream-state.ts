import {fingerprint} from '../base/ids.ts';
import type {Endpoint} from '../config/config.ts';
import type {Call} from '../identify/call.ts';
import {isCompactionType, type StateItem} from '../identify/state-evidence.ts';
import type {StateClaim} from '../route/inputs.ts';
import {stateOwner} from '../route/plan.ts';
import type {ByteRange} from '../wire/json-scan.ts';
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

const rememberedTurns = 2000;

/** Whether encrypted content is our own envelope around a plain text: it binds to nobody. */
type OwnEnvelope = (content: string) => boolean;

/** Remembers what was issued, on disk, since a resumed session brings old items back. */
export class UpstreamState {
	readonly #store: StateStore;
	readonly #isOwnEnvelope: OwnEnvelope;
	/** Turn id → endpoint key → its last turn state. */
	readonly #turns = new Map<string, Map<string, string>>();

	constructor(store: StateStore, isOwnEnvelope: OwnEnvelope = () => false) {
		this.#store = store;
		this.#isOwnEnvelope = isOwnEnvelope;
	}

	/** The elements of a Responses body that carry an upstream's encrypted content, with their issuers. */
	encryptedItems({state}: Pick<Call, 'state'>): readonly EncryptedItem[] {
		return this.#foreignItems(state.items).map(({range, type, content}) => ({
			range,
			type,
			owner: this.#ownerOf(content),
		}));
	}

	/**
	 * What binds a call to whoever issued it (routing.md 4). A compaction item weighs more than `previous_response_id`, and both more than
	 * reasoning, whose newest known issuer counts: a session that moved brings items of several.
	 */
	claimOf({state}: Pick<Call, 'state'>): StateClaim {
		const {kind, previousResponseId} = state;
		const items = this.#foreignItems(state.items);
		const owners = (isWanted: (item: StateItem) => boolean): readonly string[] =>
			items.filter(isWanted).flatMap(({content}) => this.#ownerOf(content) ?? []);
		const isCompacted = state.hasBareCompaction || items.some(({type}) => isCompactionType(type));
		const isOther = (item: StateItem): boolean => !isReasoning(item) && !isCompactionType(item.type);
		const hasOther = items.some(isOther) || (state.hasDeepContent && state.items.length === 0);
		const binding = [
			...(kind === 'compact-v2' ? ['compaction_trigger'] : []),
			...(isCompacted ? ['compaction item'] : []),
			...(previousResponseId === undefined ? [] : ['previous_response_id']),
			...(items.some(isReasoning) ? ['encrypted reasoning'] : []),
			...(hasOther ? ['encrypted content'] : []),
		];
		const isBound = binding.length > 0;
		return {
			kind,
			isBound,
			binding,
			owner:
				owners(item => !isReasoning(item)).at(-1) ??
				(previousResponseId === undefined ? undefined : this.#ownerOf(previousResponseId)) ??
				owners(isReasoning).at(-1),
			isRepairable: isBound && kind === 'ordinary' && binding.every(name => name === 'encrypted reasoning'),
		};
	}

	/** An upstream issued encrypted content or a response's id (fingerprints): it alone can read them. */
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

	#foreignItems(items: readonly StateItem[]): readonly StateItem[] {
		return items.filter(({content}) => !this.#isOwnEnvelope(content));
	}

	#ownerOf(issued: string): string | undefined {
		const owner = this.#store.get('issued', fingerprint(issued));
		return typeof owner === 'string' ? owner : undefined;
	}
}

const isReasoning = ({type}: StateItem): boolean => type === 'reasoning';
