import type {Item} from './ir.ts';

/** Whether an item belongs to the model's side of a turn: a run of these is one batch of calls, one answer. */
export const isModelSide = (item: Item): boolean =>
	item.type === 'call' ||
	item.type === 'reasoning' ||
	item.type === 'hosted' ||
	(item.type === 'message' && item.role === 'assistant');

/** The end of the model's side that begins at `start`. */
export const modelSideEnd = (items: readonly Item[], start: number): number => {
	let end = start;
	for (let item = items[end]; item !== undefined && isModelSide(item); item = items[end]) {
		end += 1;
	}

	return end;
};
