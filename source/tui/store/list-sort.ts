import type {FilterFields} from './filter.ts';
import type {ListName} from './screen-state.ts';

/* The order of a list's rows: its own one, or by one of the fields that the filter knows. */

/** By which field, and whether the other way round. */
export interface ListSort {
	readonly field: string;
	readonly isReversed: boolean;
}

/** The fields that a list can be sorted by. Usage has an order of its own, and a trace is one of time. */
const sortable: Readonly<Record<ListName, readonly string[]>> = {
	routes: ['provider', 'state', 'service', 'dialect'],
	sessions: ['requests', 'model', 'provider', 'cwd', 'client'],
	requests: ['duration', 'ttfb', 'status', 'provider', 'model', 'attempts', 'cost'],
	incidents: ['count', 'state', 'rule', 'scope'],
	trace: [],
	usage: [],
	checks: ['state', 'about', 'what'],
	settings: ['key', 'from', 'value'],
};

/** Whether `s` does anything there. */
export const canSort = (name: ListName): boolean => sortable[name].length > 0;

/** The order after this one: the first field, the next, and at last the list's own order again. */
export const nextSort = (name: ListName, sort: ListSort | undefined): ListSort | undefined => {
	const fields = sortable[name];
	const field = fields[sort === undefined ? 0 : fields.indexOf(sort.field) + 1];
	return field === undefined ? undefined : {field, isReversed: false};
};

type Value = string | number | undefined;

/** Large numbers first, texts from A to Z; what has no value stands at the end either way. */
const compare = (left: Value, right: Value, isReversed: boolean): number => {
	if (left === undefined || right === undefined) {
		return Number(left === undefined) - Number(right === undefined);
	}

	const areNumbers = [left, right].every(value => typeof value === 'number');
	const order = areNumbers ? Number(right) - Number(left) : String(left).localeCompare(String(right));
	return isReversed ? -order : order;
};

interface Order {
	readonly sort: ListSort;
	readonly indices: readonly number[];
}

/** A frame asks for a list many times: the last order of each set of rows is kept as long as the rows are. */
const kept = new WeakMap<readonly unknown[], Order>();

/** The rows in an order; equal ones stay as they were. */
export const sortRows = <Row>(
	rows: readonly Row[],
	sort: ListSort | undefined,
	fieldsOf: (row: Row) => FilterFields,
): readonly Row[] => {
	if (sort === undefined) {
		return rows;
	}

	const known = kept.get(rows);
	const indices =
		known?.sort === sort
			? known.indices
			: rows
					.map((row, index) => ({index, value: fieldsOf(row)[sort.field]}))
					.toSorted((left, right) => compare(left.value, right.value, sort.isReversed))
					.map(({index}) => index);
	kept.set(rows, {sort, indices});
	return indices.flatMap(index => rows.slice(index, index + 1));
};
