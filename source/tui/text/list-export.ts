import {csvField} from '../../base/csv.ts';
import {wordsOf, type Words} from '../language/words.ts';
import {natureOf, listOf, type ListNature} from '../store/selectors.ts';
import type {ListName, ScreenState} from '../store/screen-state.ts';

/* Rows of a list as text that leaves the screen: what stands in them was sanitized and redacted before it came here. */

/** The forms that a list can be written in: one JSON object a line (https://jsonlines.org), or CSV (RFC 4180). */
export type ExportForm = 'jsonl' | 'csv';

const csvOf = <Row>(rows: readonly Row[], {fields, fieldsOf}: ListNature<Row>, words: Words): string =>
	[
		fields.join(','),
		...rows.map(row => {
			const values = fieldsOf(row, words);
			return fields
				.map(field => {
					const value = values[field];
					return typeof value === 'string' ? csvField(value) : String(value ?? '');
				})
				.join(',');
		}),
	].join('\n');

/** The rows that a list shows, in its order; it ends with a line break. */
export const exportText = (state: ScreenState, name: ListName, form: ExportForm): string => {
	const {rows} = listOf(state, name);
	const text =
		form === 'csv' ? csvOf(rows, natureOf(name), wordsOf(state)) : rows.map(row => JSON.stringify(row)).join('\n');
	return `${text}\n`;
};

/** The selected row as `field=value` words, which the filter understands; undefined where nothing is selected. */
export const itemText = (state: ScreenState, name: ListName): string | undefined => {
	const {selected} = listOf(state, name);
	if (selected === undefined) {
		return undefined;
	}

	const {fieldsOf} = natureOf(name);
	return Object.entries(fieldsOf(selected, wordsOf(state)))
		.filter(([, value]) => value !== undefined && value !== '')
		.map(
			([field, value]) => `${field}=${typeof value === 'string' && /\s/.test(value) ? JSON.stringify(value) : value}`,
		)
		.join(' ');
};
