import type {JsonObject} from '../../../wire/json-value.ts';
import type {ReasoningItem} from '../ir.ts';
import type {ProviderQuirks} from '../quirks.ts';

/** The reasoning of one assistant message, gathered from its items. */
export interface ReasoningFields {
	readonly texts: readonly string[];
	readonly details: readonly JsonObject[];
}

const hiddenText = (item: ReasoningItem, {family, chat}: ProviderQuirks): string | undefined => {
	const {hidden} = item;
	const isOwn = hidden?.kind === 'text' && (hidden.family === family || chat.foreignReasoning);
	return isOwn ? hidden.text : undefined;
};

/** Text that the model itself showed: raw content first, then the summary (translation.md 6.2.4). */
const shownText = (item: ReasoningItem): string | undefined => {
	const texts = item.content.length > 0 ? item.content : item.summary;
	// Ciphertext of another maker means that the shown text is a summary by that maker, not this model's own thought.
	return texts.length > 0 && item.hidden?.kind !== 'opaque' ? texts.join('\n\n') : undefined;
};

/** What a provider may get of a reasoning item, by where it wants it (translation.md 1.9.8, 6.2). */
export const reasoningFields = (items: readonly ReasoningItem[], quirks: ProviderQuirks): ReasoningFields => {
	const texts = items.map(item => hiddenText(item, quirks) ?? shownText(item)).filter(text => text !== undefined);
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
