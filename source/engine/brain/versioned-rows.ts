import {isRecord} from '../../base/json.ts';
import type {StateRows} from './state-store.ts';

/** What a {@link VersionedRows} is about. */
export interface RowKind<Value> {
	readonly kind: string;
	/** Raise it whenever the shape changes. */
	readonly version: number;
	readonly isValue: (value: unknown) => value is Value;
}

/** Rows of `state.db` with the version that wrote them; what another version has left there is not read (and overwritten in time). */
export class VersionedRows<Value> {
	readonly #store: StateRows;
	readonly #kind: RowKind<Value>;

	constructor(store: StateRows, kind: RowKind<Value>) {
		this.#store = store;
		this.#kind = kind;
	}

	load(): ReadonlyMap<string, Value> {
		const rows = new Map<string, Value>();
		for (const [key, row] of this.#store.list(this.#kind.kind)) {
			const value = isRecord(row) && row['version'] === this.#kind.version ? row['value'] : undefined;
			if (this.#kind.isValue(value)) {
				rows.set(key, value);
			}
		}

		return rows;
	}

	save(key: string, value: Value): void {
		this.#store.set(this.#kind.kind, key, {version: this.#kind.version, value});
	}

	remove(key: string): void {
		this.#store.delete(this.#kind.kind, key);
	}
}
