import {isJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import {objectsField} from '../field.ts';

const textIn = (value: unknown): string => {
	if (typeof value === 'string') {
		return value;
	}

	return isJsonObject(value)
		? (textField(value, 'content') ?? textField(value, 'text') ?? textField(value, 'summary') ?? '')
		: '';
};

const detailText = (detail: JsonObject): string => textField(detail, 'text') ?? textField(detail, 'summary') ?? '';

/** The reasoning text of one Chat delta in every spelling (translation.md 2.6); where two fields say the same, once (case 71). */
export const reasoningText = (delta: JsonObject): string => {
	const spellings = [delta['reasoning_content'], delta['reasoning'], delta['thinking']].map(textIn);
	return spellings.find(text => text !== '') ?? objectsField(delta, 'reasoning_details').map(detailText).join('');
};

/** A piece of a content array: Mistral streams `thinking` parts beside `text` parts. */
export interface ContentPiece {
	readonly isReasoning: boolean;
	readonly text: string;
}

/** The pieces of `content`: a string, an array of parts, or nothing. */
export const contentPieces = (content: unknown): readonly ContentPiece[] => {
	if (typeof content === 'string') {
		return content === '' ? [] : [{isReasoning: false, text: content}];
	}

	const parts = Array.isArray(content) ? content.filter(isJsonObject) : [];
	return parts.flatMap((part): readonly ContentPiece[] => {
		if (part['type'] !== 'thinking') {
			return [{isReasoning: false, text: textIn(part)}];
		}

		const inner = part['thinking'];
		const texts = Array.isArray(inner) ? inner.map(textIn) : [textIn(inner)];
		return [{isReasoning: true, text: texts.join('')}];
	});
};

const grows: readonly string[] = ['text', 'summary', 'data'];

const joinDetail = (earlier: JsonObject, later: JsonObject): JsonObject =>
	Object.fromEntries(
		Object.entries({...earlier, ...later}).map(([name, value]) => {
			const before = earlier[name];
			const after = later[name];
			const isGrowing = grows.includes(name) && typeof before === 'string' && typeof after === 'string';
			return [name, isGrowing ? before + after : (value ?? before)];
		}),
	);

const isSameDetail = (left: JsonObject, right: JsonObject): boolean =>
	left['type'] === right['type'] && left['index'] === right['index'] && right['index'] !== undefined;

/** Collects `reasoning_details`, whose pieces carry the same `type` and `index`, into the blocks that must go back. */
export const joinDetails = (known: readonly JsonObject[], delta: JsonObject): readonly JsonObject[] => {
	let joined = known;
	for (const detail of objectsField(delta, 'reasoning_details')) {
		const at = joined.findLastIndex(block => isSameDetail(block, detail));
		const block = joined[at];
		joined = block === undefined ? [...joined, detail] : joined.with(at, joinDetail(block, detail));
	}

	return joined;
};
