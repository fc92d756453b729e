import type {FailedTry, UsageEntry} from './entry.ts';
import {addTally, emptyTally, type Tally} from './tally.ts';

/** What requests of one quarter of an hour have in common. */
export interface UsageCell {
	readonly endpointKey: string;
	readonly model: string;
	readonly session: string;
	readonly cwd: string;
	readonly tally: Tally;
}

/** Failed attempts of one quarter of an hour at one upstream with one code. */
export interface FailureCell {
	readonly endpointKey: string;
	readonly code: string;
	tries: number;
	/** Those that the client got. */
	seen: number;
}

/** A quarter of an hour: in every time zone hours and days begin with one. */
export interface Slot {
	readonly fromMs: number;
	readonly cells: ReadonlyMap<string, UsageCell>;
	readonly failures: ReadonlyMap<string, FailureCell>;
}

interface OpenSlot extends Slot {
	readonly cells: Map<string, UsageCell>;
	readonly failures: Map<string, FailureCell>;
}

/** The length of a slot. */
export const slotMs = 15 * 60_000;

/** More different things in a quarter of an hour are not told apart: somebody makes names up. */
const mostCells = 2000;

/** What stands for names that are not told apart. */
export const otherName = '(others)';

/**
 * Requests added up so that every question of the page Usage can be answered without them: by quarters of an hour, upstream, model,
 * session and folder. Order does not matter, and nothing is ever taken out.
 */
export class UsageBook {
	readonly #slots = new Map<number, OpenSlot>();
	#version = 0;
	#oldestAtMs: number | undefined;

	/** Changes whenever something was added. */
	get version(): number {
		return this.#version;
	}

	/** When the oldest request began; undefined: there is none. */
	get oldestAtMs(): number | undefined {
		return this.#oldestAtMs;
	}

	/** Counts a request; the names under which it was counted. */
	add(entry: UsageEntry): UsageCell {
		this.#version++;
		this.#oldestAtMs = Math.min(this.#oldestAtMs ?? entry.atMs, entry.atMs);
		const slot = this.#slot(Math.floor(entry.atMs / slotMs) * slotMs);
		const cell = cellOf(slot, entry);
		addTally(cell.tally, entry.tally);
		for (const failure of entry.failures) {
			countFailure(slot, failure);
		}

		return cell;
	}

	/** The slots that begin in a time, in no order. */
	between(fromMs: number, toMs: number): readonly Slot[] {
		return [...this.#slots.values()].filter(slot => slot.fromMs >= fromMs && slot.fromMs < toMs);
	}

	#slot(fromMs: number): OpenSlot {
		const known = this.#slots.get(fromMs);
		if (known !== undefined) {
			return known;
		}

		const slot = {fromMs, cells: new Map<string, UsageCell>(), failures: new Map<string, FailureCell>()};
		this.#slots.set(fromMs, slot);
		return slot;
	}
}

const keyOf = (...names: readonly string[]): string => names.join('\u0000');

const cellOf = ({cells}: OpenSlot, {endpointKey, model, session, cwd}: UsageEntry): UsageCell => {
	const key = keyOf(endpointKey, model, session, cwd);
	const known = cells.get(key);
	if (known !== undefined) {
		return known;
	}

	if (cells.size >= mostCells) {
		const others = cells.get(otherName) ?? {
			...{endpointKey: otherName, model: otherName, session: otherName, cwd: ''},
			tally: emptyTally(),
		};
		cells.set(otherName, others);
		return others;
	}

	const cell = {endpointKey, model, session, cwd, tally: emptyTally()};
	cells.set(key, cell);
	return cell;
};

const countFailure = ({failures}: OpenSlot, {endpointKey, code, isSeen}: FailedTry): void => {
	const isFull = failures.size >= mostCells;
	const key = keyOf(endpointKey, code);
	const known = failures.get(key) ?? (isFull ? failures.get(otherName) : undefined);
	const cell = known ?? {
		endpointKey: isFull ? otherName : endpointKey,
		code: isFull ? otherName : code,
		tries: 0,
		seen: 0,
	};
	cell.tries++;
	cell.seen += isSeen ? 1 : 0;
	if (known === undefined) {
		failures.set(isFull ? otherName : key, cell);
	}
};
