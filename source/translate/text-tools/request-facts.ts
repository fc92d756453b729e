import type {BridgeRequest, ContentPart, Item} from '../codec/ir.ts';

/* What of a request decides whether a text in its answer may be a call (translation.md 5.2). */

/** The text of a message or a tool's result. */
export const textOfParts = (parts: string | readonly ContentPart[]): string =>
	typeof parts === 'string' ? parts : parts.map(part => (part.type === 'text' ? part.text : '')).join('\n');

/** The last message of the user; an empty text where there is none. */
export const lastUserText = (items: readonly Item[]): string => {
	const last = items.findLast(item => item.type === 'message' && item.role === 'user');
	return last?.type === 'message' ? textOfParts(last.parts) : '';
};

/** What the tools of this request have returned. */
export const toolOutputs = (items: readonly Item[]): readonly string[] =>
	items.flatMap(item => (item.type === 'result' ? [textOfParts(item.output)] : []));

const squeeze = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/**
 * The echo guard: whether a block stands in the last user message or in what a tool returned, so that the model may only be repeating
 * it. Blanks do not count. The texts are gathered when the first block asks.
 */
export const createEchoGuard = ({items}: Pick<BridgeRequest, 'items'>): ((block: string) => boolean) => {
	let texts: readonly string[] | undefined;
	return block => {
		texts ??= [lastUserText(items), ...toolOutputs(items)].map(squeeze);
		const wanted = squeeze(block);
		return texts.some(text => text.includes(wanted));
	};
};
