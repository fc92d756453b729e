import {createSlot, type BreakerSlot, type HealthMember, type HealthTarget, type SlotPlace} from './breaker-slot.ts';

/** A breaker of one model that is closed is forgotten when there are more than this many at one candidate. */
const maxModels = 64;

/** Which breakers there are, and which of them hold whom back. */
export class SlotBook {
	readonly #now: () => number;
	readonly #onForget: (id: string) => void;
	readonly #slots = new Map<string, BreakerSlot>();
	readonly #members = new Map<string, HealthMember>();

	constructor(now: () => number, onForget: (id: string) => void) {
		this.#now = now;
		this.#onForget = onForget;
	}

	/** Every breaker. */
	all(): readonly BreakerSlot[] {
		return [...this.#slots.values()];
	}

	/** Every candidate that was ever asked about. */
	members(): readonly HealthMember[] {
		return [...this.#members.values()];
	}

	find(id: string): BreakerSlot | undefined {
		return this.#slots.get(id);
	}

	/** The breakers that hold a target back; the model's only where it has one of its own. */
	of(target: HealthTarget): readonly BreakerSlot[] {
		const {own, quota, models} = this.member(target);
		const ofModel = target.model === undefined ? undefined : models.get(target.model);
		return ofModel ? [own, quota, ofModel] : [own, quota];
	}

	/** The candidate's entry, whose `version` counts its changes. */
	member(target: HealthTarget): HealthMember {
		const known = this.#members.get(target.key);
		if (known && (target.quotaKey === undefined || known.quota.id === quotaId(target.quotaKey))) {
			return known;
		}

		const {key, endpointKey, account, quotaKey = key} = target;
		const place = {endpointKey, account, model: undefined};
		const member: HealthMember = {
			...{key, endpointKey, account},
			own: this.open(`account ${key}`, {...place, scope: 'account'}),
			quota: this.open(quotaId(quotaKey), {...place, scope: 'quota'}),
			models: known?.models ?? this.#modelsOf(target),
			version: (known?.version ?? 0) + 1,
			told: known?.told ?? {phase: 'closed', failures: 0, untilMs: undefined},
		};
		for (const slot of [known?.own, known?.quota, ...member.models.values()]) {
			if (known) {
				slot?.members.delete(known);
			}
		}

		for (const slot of [member.own, member.quota, ...member.models.values()]) {
			slot.members.add(member);
		}

		this.#members.set(key, member);
		return member;
	}

	/** The breaker of this id, made where there is none yet. */
	open(id: string, place: SlotPlace): BreakerSlot {
		const slot = this.#slots.get(id) ?? createSlot(id, place, this.#now());
		this.#slots.set(id, slot);
		return slot;
	}

	/** The breaker of one model at a candidate, made where there is none yet. */
	ofModel(member: HealthMember, model: string): BreakerSlot {
		const {key, endpointKey, account, models} = member;
		const slot = this.open(modelId(key, model), {scope: 'model', endpointKey, account, model});
		slot.members.add(member);
		models.set(model, slot);
		const oldest =
			models.size > maxModels ? [...models].find(([, {breaker}]) => breaker.phase === 'closed') : undefined;
		if (oldest) {
			models.delete(oldest[0]);
			this.#slots.delete(oldest[1].id);
			this.#onForget(oldest[1].id);
		}

		return slot;
	}

	#modelsOf({key, endpointKey, account}: HealthTarget): Map<string, BreakerSlot> {
		const models = new Map<string, BreakerSlot>();
		for (const slot of this.#slots.values()) {
			const {place} = slot;
			if (place.model !== undefined && place.endpointKey === endpointKey && place.account === account) {
				models.set(place.model, this.open(modelId(key, place.model), place));
			}
		}

		return models;
	}
}

const quotaId = (quotaKey: string): string => `quota ${quotaKey}`;
const modelId = (key: string, model: string): string => `model ${key} ${model}`;
