import type {JsonObject} from '../../../wire/json-value.ts';
import type {ReasoningItem} from '../ir.ts';
import type {ProviderQuirks} from '../quirks.ts';

/** Whether a block is one of the two kinds of thinking. */
export const isThinking = (block: JsonObject): boolean =>
	block['type'] === 'thinking' || block['type'] === 'redacted_thinking';

/**
 * Reasoning as the block that this provider made itself, verbatim (translation.md 3.1, case 85). A thought without a signature goes
 * to providers that take one only; anything else would be a forgery and is undefined.
 */
export const encodeReasoning = (item: ReasoningItem, {family, messages}: ProviderQuirks): JsonObject | undefined => {
	const {hidden} = item;
	const shown = (item.content.length > 0 ? item.content : item.summary).join('\n\n');
	if (hidden?.kind === 'signed' && hidden.family === family) {
		return {type: 'thinking', thinking: hidden.text || shown, signature: hidden.signature};
	}

	if (hidden?.kind === 'redacted' && hidden.family === family) {
		return {type: 'redacted_thinking', data: hidden.data};
	}

	const isOwnText = hidden === undefined || (hidden.kind === 'text' && hidden.family === family);
	const text = hidden?.kind === 'text' && hidden.text !== '' ? hidden.text : shown;
	return messages.unsignedThinking && isOwnText && text !== '' ? {type: 'thinking', thinking: text} : undefined;
};
