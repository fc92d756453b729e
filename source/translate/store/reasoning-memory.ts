import type {JsonObject} from '../../wire/json-value.ts';
import type {BridgeRequest, CallItem, Item, OutputItem, ReasoningItem} from '../codec/ir.ts';
import {isModelSide, modelSideEnd} from '../codec/model-side.ts';
import type {ProviderQuirks} from '../codec/quirks.ts';
import {packReasoning, unpackReasoning} from './packed-reasoning.ts';
import {askedText, callKey, turnKey, turnProbe, type TurnScope} from './turn-key.ts';

/*
 * The reasoning that a provider needs back and that a client did not keep: found again by call, else by turn (translation.md 6.2, 2 and
 * 3). Only what its own model made is kept, and only for the conversation that it was made in.
 */

/** Something that is remembered; plain JSON, for a file. */
export interface RememberedReasoning {
	readonly kind: 'call' | 'turn';
	readonly key: string;
	/** What is cheap to compare before a key is made: the call's id, or the length of the turn's text. */
	readonly probe: string;
	/** R `reasoning` items with envelopes. */
	readonly items: readonly JsonObject[];
}

/** How much is remembered. */
export interface ReasoningLimits {
	readonly count: number;
	readonly bytes: number;
}

/** A conversation's place: its owner and session, and the family of the provider that it goes to or came from. */
export interface RecallContext {
	readonly scope: TurnScope;
	readonly quirks: ProviderQuirks;
}

interface Entry extends RememberedReasoning {
	readonly bytes: number;
	/** Two answers of conversations that nobody can tell apart had this key: neither is given to the other. */
	readonly isAmbiguous: boolean;
}

const isOwnMaking = ({hidden}: ReasoningItem): boolean => hidden !== undefined && hidden.kind !== 'opaque';

/** Whether a provider of these quirks can use it: its own family's, or a plain thought where it takes those of others. */
const isUsable = ({hidden}: ReasoningItem, {family, chat}: ProviderQuirks): boolean =>
	hidden !== undefined &&
	hidden.kind !== 'opaque' &&
	(hidden.family === family || (hidden.kind === 'text' && chat.foreignReasoning));

/** Reasoning by key, the least recently used forgotten first. */
export class ReasoningMemory {
	readonly #limits: ReasoningLimits;
	readonly #entries = new Map<string, Entry>();
	/** How many entries have a probe: what has none is not looked up. */
	readonly #probes = new Map<string, number>();
	#bytes = 0;

	constructor(limits: ReasoningLimits) {
		this.#limits = limits;
	}

	get size(): number {
		return this.#entries.size;
	}

	/** Keeps an entry (of a file, say). Returns those that have to go for it. */
	keep(remembered: RememberedReasoning, isAmbiguous = false): readonly RememberedReasoning[] {
		const bytes = JSON.stringify(remembered).length;
		this.#forget(remembered.key);
		this.#entries.set(remembered.key, {...remembered, bytes, isAmbiguous});
		this.#count(remembered, 1);
		this.#bytes += bytes;
		const gone: RememberedReasoning[] = [];
		for (const [key, entry] of this.#entries) {
			if (this.#entries.size <= this.#limits.count && this.#bytes <= this.#limits.bytes) {
				break;
			}

			gone.push(entry);
			this.#forget(key);
		}

		return gone;
	}

	/** Forgets everything. */
	clear(): void {
		this.#entries.clear();
		this.#probes.clear();
		this.#bytes = 0;
	}

	/** Remembers the reasoning of an answer. Returns what is new, for whoever keeps files, and what had to go. */
	remember(
		{scope, quirks}: RecallContext,
		request: Pick<BridgeRequest, 'items'>,
		output: readonly OutputItem[],
	): {readonly kept: readonly RememberedReasoning[]; readonly gone: readonly RememberedReasoning[]} {
		const thoughts = output.filter(item => item.type === 'reasoning').filter(isOwnMaking);
		if (thoughts.length === 0) {
			return {kept: [], gone: []};
		}

		const run = output.filter(item => item.type === 'message' || item.type === 'call');
		const asked = askedText(request.items.findLast(item => item.type === 'message' && item.role === 'user'));
		const found = [
			...this.#byCall(scope, output),
			{
				...{kind: 'turn' as const, probe: turnProbe(run)},
				key: turnKey(scope, {family: quirks.family, asked, run}),
				items: thoughts.map(packReasoning),
			},
		];
		const gone = found.flatMap(entry => this.keep(entry, this.#isTaken(scope, entry)));
		return {kept: found, gone};
	}

	/** The request with the remembered reasoning in front of the calls and turns that came back without any. */
	recall({scope, quirks}: RecallContext, request: BridgeRequest): BridgeRequest {
		if (this.#entries.size === 0) {
			return request;
		}

		const items: Item[] = [];
		let asking: Item | undefined;
		for (let index = 0; index < request.items.length;) {
			const item = request.items[index];
			if (item === undefined || !isModelSide(item)) {
				items.push(...(item === undefined ? [] : [item]));
				asking = item?.type === 'message' && item.role === 'user' ? item : asking;
				index += 1;
				continue;
			}

			const end = modelSideEnd(request.items, index);
			const run = request.items.slice(index, end);
			items.push(...this.#completed(run, {scope, quirks, asking}));
			index = end;
		}

		return items.length === request.items.length ? request : {...request, items};
	}

	#byCall(scope: TurnScope, output: readonly OutputItem[]): readonly RememberedReasoning[] {
		const found: RememberedReasoning[] = [];
		let before: ReasoningItem[] = [];
		for (const item of output) {
			if (item.type === 'reasoning' && isOwnMaking(item)) {
				before.push(item);
			} else if (item.type === 'call' && before.length > 0) {
				const items = before.map(packReasoning);
				found.push({kind: 'call', key: callKey(scope, item), probe: item.callId, items});
				before = [];
			}
		}

		return found;
	}

	/** Sessions keep conversations apart; without one the same key with another thought belongs to another conversation. */
	#isTaken({sessionId}: TurnScope, {key, items}: RememberedReasoning): boolean {
		const known = sessionId === undefined ? this.#entries.get(key) : undefined;
		return known !== undefined && (known.isAmbiguous || JSON.stringify(known.items) !== JSON.stringify(items));
	}

	#completed(run: readonly Item[], context: RecallContext & {readonly asking: Item | undefined}): readonly Item[] {
		if (run.some(item => item.type === 'reasoning')) {
			return run;
		}

		const {scope, quirks} = context;
		const before = new Map<Item, readonly ReasoningItem[]>();
		let first: Item | undefined = run[0];
		for (const call of run.filter(item => item.type === 'call')) {
			const found = this.#ofCall(scope, call).filter(item => isUsable(item, quirks));
			if (found.length > 0) {
				// The first thought of a turn came before its text.
				before.set(first ?? call, found);
			}

			first = undefined;
		}

		if (before.size === 0 && run[0] !== undefined) {
			before.set(
				run[0],
				this.#ofTurn(run, context).filter(item => isUsable(item, quirks)),
			);
		}

		return run.flatMap(item => [...(before.get(item) ?? []), item]);
	}

	#ofCall(scope: TurnScope, call: CallItem): readonly ReasoningItem[] {
		return this.#probes.has(`call ${call.callId}`) ? this.#read(callKey(scope, call)) : [];
	}

	#ofTurn(
		run: readonly Item[],
		{scope, quirks, asking}: RecallContext & {readonly asking: Item | undefined},
	): readonly ReasoningItem[] {
		return this.#probes.has(`turn ${turnProbe(run)}`)
			? this.#read(turnKey(scope, {family: quirks.family, asked: askedText(asking), run}))
			: [];
	}

	#read(key: string): readonly ReasoningItem[] {
		const entry = this.#entries.get(key);
		if (!entry || entry.isAmbiguous) {
			return [];
		}

		this.#entries.delete(key);
		this.#entries.set(key, entry);
		return entry.items.map(unpackReasoning);
	}

	#forget(key: string): void {
		const entry = this.#entries.get(key);
		if (entry) {
			this.#entries.delete(key);
			this.#bytes -= entry.bytes;
			this.#count(entry, -1);
		}
	}

	#count({kind, probe}: RememberedReasoning, change: 1 | -1): void {
		const name = `${kind} ${probe}`;
		const count = (this.#probes.get(name) ?? 0) + change;
		if (count === 0) {
			this.#probes.delete(name);
		} else {
			this.#probes.set(name, count);
		}
	}
}
