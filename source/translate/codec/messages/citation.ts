import {textField, type JsonObject} from '../../../wire/json-value.ts';

/** Where a cited text stands within its part, in UTF-16 units. */
export interface CitedRange {
	readonly start: number;
	readonly end: number;
}

/**
 * M `citations[]` entry as R `url_citation`; undefined for a citation without an address (of a document that was sent along),
 * which Responses cannot say.
 */
export const readCitation = (citation: JsonObject, {start, end}: CitedRange): JsonObject | undefined => {
	const url = textField(citation, 'url') ?? textField(citation, 'source');
	return url === undefined || !/^https?:/.test(url)
		? undefined
		: {type: 'url_citation', url, title: textField(citation, 'title') ?? '', start_index: start, end_index: end};
};
