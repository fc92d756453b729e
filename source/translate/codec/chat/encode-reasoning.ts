import type {JsonObject} from '../../../wire/json-value.ts';
import type {ReasoningItem} from '../ir.ts';
import type {ProviderQuirks} from '../quirks.ts';

/** The reasoning of one assistant message, gathered from its items. */
export interface ReasoningFields {
	readonly texts: readonly string[];
	readonly details: readonly JsonObject[];
}

/**
 * The model's own words: from our envelope where its family may have them, else the shown text, raw content first
 * (translation.md 6.2). Beside another maker's ciphertext the shown text is only that maker's summary, not a thought.
 */
const ownText = ({hidden, content, summary}: ReasoningItem, {family, chat}: ProviderQuirks): string | undefined => {
	const shown = (content.length > 0 ? content : summary).join('\n\n');
	if (hidden === undefined || hidden.kind === 'details') {
		return shown;
	}

	const isReadable = hidden.kind === 'text' && (hidden.family === family || chat.foreignReasoning);
	return isReadable ? hidden.text || shown : undefined;
};

/** What a provider may get of a reasoning item, by where it wants it (translation.md 1.9.8, 6.2). */
export const reasoningFields = (items: readonly ReasoningItem[], quirks: ProviderQuirks): ReasoningFields => {
	const texts = items.map(item => ownText(item, quirks)).filter(text => text !== undefined);
	const details = items.flatMap(({hidden}) =>
		hidden?.kind === 'details' && hidden.family === quirks.family ? hidden.details : [],
	);
	return {texts: texts.filter(text => text !== ''), details};
};

/** The fields of an assistant message that carry its reasoning; empty where the provider wants none. */
export const encodeReasoning = (
	{texts, details}: ReasoningFields,
	hasCalls: boolean,
	{chat}: ProviderQuirks,
): JsonObject => {
	const text = texts.length > 0 ? texts.join('\n\n') : hasCalls ? chat.reasoningPlaceholder : undefined;
	switch (chat.reasoningIn) {
		case 'reasoning_content':
		case 'reasoning': {
			return text === undefined ? {} : {[chat.reasoningIn]: text};
		}

		case 'reasoning_details': {
			// Only what the provider signed or encrypted itself goes back, verbatim.
			return details.length > 0 ? {reasoning_details: details} : {};
		}

		case 'content-thinking':
		case 'drop': {
			return {};
		}
	}
};
