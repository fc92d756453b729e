import {parseJson} from '../../base/json.ts';

/** A row as it should stand on the disk; `json` is undefined where it should not. */
export interface RowChange {
	readonly kind: string;
	readonly key: string;
	readonly json: string | undefined;
}

/** So many are kept; of more the oldest are lost. */
const mostChanges = 10_000;

/** Changes that the disk did not take, until it does. */
export class UnwrittenRows {
	readonly #changes = new Map<string, RowChange>();

	/** A newer one of the same row takes the place of an older one. */
	add(change: RowChange): void {
		const name = nameOf(change.kind, change.key);
		this.#changes.delete(name);
		this.#changes.set(name, change);
		if (this.#changes.size > mostChanges) {
			const oldest = this.#changes.keys().next();
			this.#changes.delete(oldest.value ?? '');
		}
	}

	/** The row was written. */
	forget(kind: string, key: string): void {
		this.#changes.delete(nameOf(kind, key));
	}

	/** What the row should be; undefined where the disk has it. */
	of(kind: string, key: string): RowChange | undefined {
		return this.#changes.get(nameOf(kind, key));
	}

	/** The rows of a kind as they should stand on the disk. */
	over(
		kind: string,
		written: ReadonlyArray<readonly [key: string, value: unknown]>,
	): ReadonlyArray<readonly [key: string, value: unknown]> {
		const own = [...this.#changes.values()].filter(change => change.kind === kind);
		if (own.length === 0) {
			return written;
		}

		const rows = new Map(written);
		for (const {key, json} of own) {
			if (json === undefined) {
				rows.delete(key);
			} else {
				rows.set(key, parseJson(json));
			}
		}

		return [...rows];
	}

	/** Hands them over, the oldest first, until one is not taken. */
	drain(write: (change: RowChange) => boolean): void {
		for (const [name, change] of this.#changes) {
			if (!write(change)) {
				return;
			}

			this.#changes.delete(name);
		}
	}
}

const nameOf = (kind: string, key: string): string => `${kind}\n${key}`;
