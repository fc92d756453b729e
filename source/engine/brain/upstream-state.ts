import {fingerprint} from '../../base/ids.ts';
import type {Endpoint} from '../../config/config.ts';
import type {Call} from '../../identify/call.ts';
import {isCompactionType} from '../../identify/state-evidence.ts';
import type {StateClaim} from '../../route/inputs.ts';
import {stateOwner} from '../../route/state-owner.ts';
import {isEnvelope, isPlainThought} from '../../translate/codec/envelope.ts';
import type {ByteRange} from '../../wire/json-scan.ts';
import type {StateRows} from './state-store.ts';

/*
 * Hidden state and who made it (architecture.md, rule 5): encrypted items belong to the provider or continuity domain that issued
 * them, `x-codex-turn-state` to the endpoint that sent it. Neither ever reaches another one.
 */

/** An element of `input` that carries encrypted content. */
export interface EncryptedItem {
	/** Its bytes in the client's body. */
	readonly range: ByteRange;
	readonly type: string;
	/** The fingerprint of its content. */
	readonly print: string;
	/** Who issued it; undefined where we have not seen it being issued. */
	readonly owner: string | undefined;
	/** An envelope of the bridge's, around a plain thought that binds to nobody or around its maker's state; undefined for anything else. */
	readonly envelope: 'plain' | 'bound' | undefined;
}

const rememberedTurns = 2000;
/** A session sends all its items again with every request: looking each up on disk would cost more than the rest of the plan. */
const rememberedOwners = 20_000;

/** Remembers what was issued, on disk, since a resumed session brings old items back. */
export class UpstreamState {
	readonly #store: Pick<StateRows, 'get' | 'set'>;
	/** Fingerprint → who issued it, of what was asked for or issued lately; undefined where the disk does not know it. */
	readonly #owners = new Map<string, string | undefined>();
	/** Fingerprint and owner of what was refused, of this run. */
	readonly #refused = new Set<string>();
	/** Turn id → endpoint key → its last turn state. */
	readonly #turns = new Map<string, Map<string, string>>();

	constructor(store: Pick<StateRows, 'get' | 'set'>) {
		this.#store = store;
	}

	/** The elements of a Responses body that carry an upstream's encrypted content, with their issuers. */
	encryptedItems({state}: Pick<Call, 'state'>): readonly EncryptedItem[] {
		return state.items.map(({range, type, print, beginning}) => {
			return {range, type, print, owner: this.#ownerOf(print), envelope: envelopeOf(beginning)};
		});
	}

	/**
	 * What binds a call to whoever issued it (routing.md 4); `items` are its encrypted items. A compaction item weighs more than
	 * `previous_response_id`, and both more than reasoning, whose newest known issuer counts: a session that moved brings items of several.
	 */
	claimOf({state}: Pick<Call, 'state'>, items: readonly EncryptedItem[]): StateClaim {
		const {kind, previousResponseId} = state;
		const isCompacted = state.hasBareCompaction || items.some(({type}) => isCompactionType(type));
		const hasOther =
			items.some(item => !isReasoning(item) && !isCompactionType(item.type)) ||
			(state.hasDeepContent && state.items.length === 0);
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
				newestOwner(items.filter(item => !isReasoning(item))) ??
				(previousResponseId === undefined ? undefined : this.#ownerOf(fingerprint(previousResponseId))) ??
				newestOwner(items.filter(isReasoning)),
			isRepairable: isBound && kind === 'ordinary' && binding.every(name => name === 'encrypted reasoning'),
		};
	}

	/** An upstream issued encrypted content or a response's id (fingerprints): it alone can read them. */
	recordIssued(fingerprints: readonly string[], endpoint: Endpoint): void {
		for (const print of fingerprints) {
			this.#store.set('issued', print, stateOwner(endpoint));
			this.#remember(print, stateOwner(endpoint));
		}
	}

	/**
	 * Items that nobody has seen being issued belong to whoever served their session so far: it took them without a word. Kept in memory:
	 * it is a conclusion, not something that was seen.
	 */
	adopt(items: readonly EncryptedItem[], owner: string): void {
		for (const {print, owner: known} of items) {
			if (known === undefined) {
				this.#remember(print, owner);
			}
		}
	}

	/** An owner served a request only without these items: asking it with them again would cost a refusal with every turn. */
	recordRefused(items: readonly EncryptedItem[], owner: string): void {
		for (const {print} of items) {
			this.#refused.add(`${print} ${owner}`);
			const [oldest] = this.#refused;
			if (this.#refused.size > rememberedOwners && oldest !== undefined) {
				this.#refused.delete(oldest);
			}
		}
	}

	/** Whether an owner refused the item before. */
	isRefused({print}: EncryptedItem, owner: string): boolean {
		return this.#refused.has(`${print} ${owner}`);
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

	#ownerOf(print: string): string | undefined {
		if (this.#owners.has(print)) {
			return this.#owners.get(print);
		}

		const stored = this.#store.get('issued', print);
		const owner = typeof stored === 'string' ? stored : undefined;
		this.#remember(print, owner);
		return owner;
	}

	#remember(print: string, owner: string | undefined): void {
		this.#owners.set(print, owner);
		if (this.#owners.size > rememberedOwners) {
			const oldest = this.#owners.keys().next();
			this.#owners.delete(oldest.value ?? '');
		}
	}
}

const envelopeOf = (content: string): EncryptedItem['envelope'] =>
	isPlainThought(content) ? 'plain' : isEnvelope(content) ? 'bound' : undefined;

const isReasoning = ({type}: EncryptedItem): boolean => type === 'reasoning';

const newestOwner = (items: readonly EncryptedItem[]): string | undefined =>
	items.findLast(({owner}) => owner !== undefined)?.owner;
