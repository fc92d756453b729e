import {addTally, allTokens, emptyTally, type Tally} from './tally.ts';
import type {UsageRow} from './usage-view.ts';

/** How a new row is called. */
export interface RowName {
	readonly label: string;
	readonly about?: string | undefined;
}

interface Group extends UsageRow {
	about: string;
	readonly spark: number[];
}

const bySize = (left: UsageRow, right: UsageRow): number =>
	allTokens(right.tally) - allTokens(left.tally) ||
	right.tally.requests - left.tally.requests ||
	left.key.localeCompare(right.key);

const copyOf = (row: UsageRow): UsageRow => {
	const tally = emptyTally();
	addTally(tally, row.tally);
	return {...row, tally, spark: [...row.spark]};
};

/** Rows that grow: one for each key. */
export class UsageGroups {
	readonly #groups = new Map<string, Group>();
	readonly #bars: number;

	constructor(bars: number) {
		this.#bars = bars;
	}

	get size(): number {
		return this.#groups.size;
	}

	/** Counts something in a row; `nameOf` is asked when it is new. */
	add(key: string, nameOf: () => RowName, {tally, bar}: {readonly tally: Tally; readonly bar: number}): void {
		const group = this.#groups.get(key) ?? this.#create(key, nameOf());
		addTally(group.tally, tally);
		group.spark[bar] = (group.spark[bar] ?? 0) + allTokens(tally);
	}

	/** Of several second words that a row could have, the one that does not depend on which came first. */
	describe(key: string, about: string): void {
		const group = this.#groups.get(key);
		if (group !== undefined && about !== '' && (group.about === '' || about < group.about)) {
			group.about = about;
		}
	}

	/** Copies of the rows for which `isWanted`, the largest first. */
	rows(most: number, isWanted: (row: UsageRow) => boolean = () => true): readonly UsageRow[] {
		return [...this.#groups.values()].filter(isWanted).toSorted(bySize).slice(0, most).map(copyOf);
	}

	#create(key: string, {label, about = ''}: RowName): Group {
		const group = {key, label, about, tally: emptyTally(), spark: Array.from({length: this.#bars}, () => 0)};
		this.#groups.set(key, group);
		return group;
	}
}
