import {textField, type JsonObject} from '../../wire/json-value.ts';

const mostItems = 100;
const usualItems = 20;

/** An item that its client gave no id has one here, so that a list can be read page by page. */
const withId = (responseId: string, item: JsonObject, index: number): JsonObject => ({
	...item,
	id: textField(item, 'id') ?? `item_${responseId.replace(/^resp_/, '')}_${index}`,
});

/** One page of R `GET /responses/{id}/input_items`: `limit` (20, at most 100), `order` (`desc`), `after` as OpenAI documents them. */
export const listItems = (responseId: string, items: readonly JsonObject[], query: URLSearchParams): JsonObject => {
	const named = items.map((item, index) => withId(responseId, item, index));
	const ordered = query.get('order') === 'asc' ? named : named.toReversed();
	const after = query.get('after');
	const start = after === null ? 0 : ordered.findIndex(({id}) => id === after) + 1;
	const wanted = Number(query.get('limit') ?? usualItems);
	const limit = Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, mostItems) : usualItems;
	const data = ordered.slice(start, start + limit);
	return {
		object: 'list',
		data,
		first_id: data[0]?.['id'] ?? null,
		last_id: data.at(-1)?.['id'] ?? null,
		has_more: start + limit < ordered.length,
	};
};
