import type {JsonObject} from '../../../wire/json-value.ts';
import type {BridgeRequest, ContentPart, Item} from '../ir.ts';
import {declaredTools} from '../tool-map.ts';

/** Characters of text per token, and tokens of a picture or file, where nobody counts exactly (translation.md 4.1). */
const charactersPerToken = 3.5;
const tokensPerMedium = 1600;

/** Tokens of a message's frame. */
const tokensPerItem = 4;

const sizeOfParts = (parts: readonly ContentPart[]): number =>
	parts.reduce(
		(sum, part) =>
			sum +
			(part.type === 'text' || part.type === 'refusal'
				? part.text.length
				: part.type === 'unknown'
					? JSON.stringify(part.raw).length
					: tokensPerMedium * charactersPerToken),
		0,
	);

/** Characters of an item that the model reads. */
const sizeOf = (item: Item): number => {
	switch (item.type) {
		case 'message': {
			return sizeOfParts(item.parts);
		}

		case 'reasoning': {
			return [...item.summary, ...item.content].join('').length;
		}

		case 'call': {
			return item.tool.name.length + item.payload.length;
		}

		case 'result': {
			return typeof item.output === 'string' ? item.output.length : sizeOfParts(item.output);
		}

		case 'compaction': {
			return item.encrypted.length;
		}

		case 'hosted':
		case 'unknown': {
			return JSON.stringify(item.raw).length;
		}

		case 'found-tools':
		case 'additional-tools':
		case 'compaction-trigger':
		case 'reference': {
			return 0;
		}
	}
};

/** The answer to `POST /v1/messages/count_tokens` where the upstream cannot count: an estimate, never below one. */
export const estimateTokens = (request: BridgeRequest): JsonObject & {readonly input_tokens: number} => {
	const instructions = request.instructions.reduce((sum, {text}) => sum + text.length, 0);
	const items = request.items.reduce((sum, item) => sum + sizeOf(item) + tokensPerItem * charactersPerToken, 0);
	const tools = declaredTools(request).reduce((sum, tool) => sum + JSON.stringify(tool).length, 0);
	return {input_tokens: Math.max(1, Math.ceil((instructions + items + tools) / charactersPerToken))};
};
