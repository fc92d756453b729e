import {parseJson} from '../../base/json.ts';
import type {EndpointKey} from '../../wire/names.ts';

/*
 * What upstreams can do, by endpoint and model (routing.md 7): known from presets, learned from traffic and probes. It takes two observations that
 * agree to learn something, and two that disagree to unlearn it; nothing is believed for longer than a day without a new one.
 */

/** Where rows are kept over a restart; `StateStore` is one. */
export interface KeptRows {
	readonly set: (kind: string, key: string, value: unknown) => void;
	readonly delete: (kind: string, key: string) => void;
	readonly list: (kind: string) => ReadonlyArray<readonly [key: string, value: unknown]>;
}

/** Something seen of an upstream. */
export interface CapabilityObservation {
	readonly endpointKey: EndpointKey;
	/** As the client asked for it. */
	readonly model: string | undefined;
	/** A `Need` of identify/needs.ts, `model`, or `mend:` and an edit that its requests need (mender.ts). */
	readonly need: string;
	readonly has: boolean;
	readonly source: 'traffic' | 'probe';
}

/** What a preset says from the start. */
export type PresetCapability = Omit<CapabilityObservation, 'source'>;

/** One row for a page: `isLearned` once two observations have agreed. */
export interface CapabilityRow extends CapabilityObservation {
	readonly atMs: number;
	readonly isLearned: boolean;
}

interface Learned {
	has: boolean;
	source: CapabilityObservation['source'];
	/** Wall clock of the last observation that agreed. */
	atMs: number;
	agreeing: number;
	/** Observations in a row that said the opposite. */
	opposing: number;
}

const rowKind = 'capability';
const keptMs = 24 * 3_600_000;
const enough = 2;
/** An observation that changes nothing is written at most this often: rows cost a write each. */
const rewriteMs = 3_600_000;
const mostRows = 10_000;

/** Needs that are the endpoint's, whatever the model. */
const endpointNeeds: ReadonlySet<string> = new Set(['websocket', 'compact_v1', 'streaming_usage']);

const modelFor = (need: string, model: string | undefined): string => (endpointNeeds.has(need) ? '' : (model ?? ''));

const keyOf = (endpointKey: EndpointKey, model: string, need: string): string =>
	JSON.stringify([endpointKey, model, need]);

type RowKey = readonly [endpointKey: EndpointKey, model: string, need: string];

const readKey = (key: string): RowKey | undefined => {
	const parts = parseJson(key);
	if (!Array.isArray(parts)) {
		return undefined;
	}

	const [endpointKey, model, need]: readonly unknown[] = parts;
	return typeof endpointKey === 'string' && typeof model === 'string' && typeof need === 'string'
		? [endpointKey, model, need]
		: undefined;
};

const readRow = (value: unknown): Learned | undefined => {
	if (typeof value !== 'object' || value === null || !('has' in value && 'atMs' in value && 'agreeing' in value)) {
		return undefined;
	}

	const {has, atMs, agreeing} = value;
	const isProbe = 'source' in value && value.source === 'probe';
	return typeof has === 'boolean' && typeof atMs === 'number' && typeof agreeing === 'number'
		? {has, atMs, agreeing, source: isProbe ? 'probe' : 'traffic', opposing: 0}
		: undefined;
};

/** Values by endpoint, need and model without a text being made for a look-up: a plan asks for every candidate and need. */
class ByEndpoint<Value> {
	readonly #values = new Map<EndpointKey, Map<string, Map<string, Value>>>();

	get(endpointKey: EndpointKey, need: string, model: string): Value | undefined {
		return this.#values.get(endpointKey)?.get(need)?.get(model);
	}

	set([endpointKey, model, need]: RowKey, value: Value): void {
		const needs = this.#values.get(endpointKey) ?? new Map<string, Map<string, Value>>();
		const models = needs.get(need) ?? new Map<string, Value>();
		models.set(model, value);
		needs.set(need, models);
		this.#values.set(endpointKey, needs);
	}

	delete([endpointKey, model, need]: RowKey): void {
		this.#values.get(endpointKey)?.get(need)?.delete(model);
	}

	/** Everything about an endpoint that begins with a word and holds for exactly this model, in order of name. */
	named(endpointKey: EndpointKey, prefix: string, model: string): ReadonlyArray<readonly [need: string, value: Value]> {
		const found: Array<readonly [string, Value]> = [];
		for (const [need, models] of this.#values.get(endpointKey) ?? []) {
			const value = need.startsWith(prefix) ? models.get(model) : undefined;
			if (value !== undefined) {
				found.push([need, value]);
			}
		}

		return found.toSorted(([one], [other]) => (one < other ? -1 : 1));
	}
}

/** The store. */
export class CapabilityStore {
	readonly #rows: KeptRows;
	readonly #now: () => number;
	/** By row key, the newest last. */
	readonly #learned = new Map<string, Learned>();
	readonly #index = new ByEndpoint<Learned>();
	#presets = new ByEndpoint<boolean>();

	/** `now` is the wall clock. Rows that are too old or unreadable are dropped. */
	constructor(rows: KeptRows, now: () => number) {
		this.#rows = rows;
		this.#now = now;
		for (const [key, value] of rows.list(rowKind)) {
			const learned = readRow(value);
			const parts = readKey(key);
			if (learned !== undefined && parts !== undefined && this.#isFresh(learned)) {
				this.#learned.set(key, learned);
				this.#index.set(parts, learned);
			} else {
				rows.delete(rowKind, key);
			}
		}
	}

	/** Takes the place of all presets; called with every configuration. What was learned ranks above them. */
	setPresets(presets: readonly PresetCapability[]): void {
		this.#presets = new ByEndpoint();
		for (const {endpointKey, model, need, has} of presets) {
			this.#presets.set([endpointKey, modelFor(need, model), need], has);
		}
	}

	/** What is known; undefined: unknown, which never skips. What is known of the endpoint holds for models of which nothing is. */
	capability(
		endpointKey: EndpointKey,
		model: string | undefined,
		need: string,
	): {readonly has: boolean; readonly source: string} | undefined {
		const own = modelFor(need, model);
		const learned = this.#believed(endpointKey, need, own) ?? this.#believed(endpointKey, need, '');
		if (learned !== undefined) {
			return {has: learned.has, source: `learned from ${learned.source}`};
		}

		const preset = this.#presets.get(endpointKey, need, own) ?? this.#presets.get(endpointKey, need, '');
		return preset === undefined ? undefined : {has: preset, source: 'preset'};
	}

	/** The needs that begin with a word and were seen to be there, in order of name; `isLearned` once two observations have agreed. */
	seen(
		endpointKey: EndpointKey,
		model: string | undefined,
		prefix: string,
	): ReadonlyArray<{readonly need: string; readonly isLearned: boolean}> {
		return this.#index
			.named(endpointKey, prefix, model ?? '')
			.flatMap(([need, learned]) =>
				learned.has && this.#isFresh(learned) ? [{need, isLearned: learned.agreeing >= enough}] : [],
			);
	}

	/** Takes an observation in. */
	observe({endpointKey, model, need, has, source}: CapabilityObservation): void {
		const key = keyOf(endpointKey, modelFor(need, model), need);
		const known = this.#learned.get(key);
		const atMs = this.#now();
		if (known === undefined || !this.#isFresh(known)) {
			this.#keep(key, {has, source, atMs, agreeing: 1, opposing: 0});
			return;
		}

		if (known.has === has) {
			const isNews = known.agreeing < enough || known.opposing > 0 || atMs - known.atMs >= rewriteMs;
			const agreeing = Math.min(enough, known.agreeing + 1);
			if (isNews) {
				this.#keep(key, {has, source, atMs, agreeing, opposing: 0});
			}

			return;
		}

		const opposing = known.opposing + 1;
		const isTurned = known.agreeing < enough || opposing >= enough;
		this.#keep(key, isTurned ? {has, source, atMs, agreeing: opposing, opposing: 0} : {...known, opposing});
	}

	/** Everything that was observed within the day, in the order of learning. */
	list(): readonly CapabilityRow[] {
		return [...this.#learned].flatMap(([key, learned]) => {
			const parts = readKey(key);
			if (parts === undefined || !this.#isFresh(learned)) {
				return [];
			}

			const [endpointKey, model, need] = parts;
			const {has, source, atMs, agreeing} = learned;
			const isLearned = agreeing >= enough;
			return [{endpointKey, model: model === '' ? undefined : model, need, has, source, atMs, isLearned}];
		});
	}

	/** Forgets what was learned: all of it, all of an endpoint, or what a narrower selection says. Returns how many rows went. */
	forget(which: {readonly endpointKey?: EndpointKey; readonly model?: string; readonly need?: string} = {}): number {
		let count = 0;
		for (const key of [...this.#learned.keys()]) {
			const [endpointKey, model, need] = readKey(key) ?? [];
			const isMeant =
				(which.endpointKey === undefined || which.endpointKey === endpointKey) &&
				(which.model === undefined || which.model === model) &&
				(which.need === undefined || which.need === need);
			if (isMeant) {
				this.#drop(key);
				count += 1;
			}
		}

		return count;
	}

	/** A clock that was set back makes nothing young again. */
	#isFresh({atMs}: Learned): boolean {
		return Math.abs(this.#now() - atMs) < keptMs;
	}

	#believed(endpointKey: EndpointKey, need: string, model: string): Learned | undefined {
		const learned = this.#index.get(endpointKey, need, model);
		return learned !== undefined && learned.agreeing >= enough && this.#isFresh(learned) ? learned : undefined;
	}

	#keep(key: string, learned: Learned): void {
		// The newest stands last, so that the first is the one to lose where there are too many.
		this.#learned.delete(key);
		this.#learned.set(key, learned);
		const parts = readKey(key);
		if (parts !== undefined) {
			this.#index.set(parts, learned);
		}

		this.#rows.set(rowKind, key, learned);
		const oldest = this.#learned.size > mostRows ? this.#learned.keys().next().value : undefined;
		if (oldest !== undefined) {
			this.#drop(oldest);
		}
	}

	#drop(key: string): void {
		this.#learned.delete(key);
		const parts = readKey(key);
		if (parts !== undefined) {
			this.#index.delete(parts);
		}

		this.#rows.delete(rowKind, key);
	}
}
