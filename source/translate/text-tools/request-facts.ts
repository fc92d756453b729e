import type {BridgeRequest, ContentPart, Item, ToolChoice} from '../codec/ir.ts';
import type {ToolMap} from '../codec/tool-map.ts';
import {isSameTool, type ToolReference} from '../codec/tool.ts';

/* What of a request decides whether a text in its answer may be a call (translation.md 5.2). */

/** The text of a message or a tool's result. */
export const textOfParts = (parts: string | readonly ContentPart[]): string =>
	typeof parts === 'string' ? parts : parts.map(part => (part.type === 'text' ? part.text : '')).join('\n');

/** Whether an answer to this request may hold calls in its text: tools were offered, and not only for show. */
export const mayHoldTextCalls = ({toolChoice}: Pick<BridgeRequest, 'toolChoice'>, tools: ToolMap): boolean =>
	toolChoice?.mode !== 'none' && tools.list().length > 0;

/** Whether the client lets this tool be called in this answer. */
export const isAllowed = (choice: ToolChoice | undefined, tool: ToolReference): boolean => {
	switch (choice?.mode) {
		case 'none': {
			return false;
		}

		case 'tool': {
			return isSameTool(choice.tool, tool);
		}

		case 'allowed': {
			return choice.tools.some(each => isSameTool(each, tool));
		}

		default: {
			return true;
		}
	}
};

/** The last message of the user; an empty text where there is none. */
const lastUserText = (items: readonly Item[]): string => {
	const last = items.findLast(item => item.type === 'message' && item.role === 'user');
	return last?.type === 'message' ? textOfParts(last.parts) : '';
};

/** What the tools of this request have returned. */
export const toolOutputs = (items: readonly Item[]): readonly string[] =>
	items.flatMap(item => (item.type === 'result' ? [textOfParts(item.output)] : []));

/** A text without blanks and escapes: tools return texts inside of JSON, and models write JSON with other blanks than they read it. */
const squeeze = (text: string): string =>
	text
		.replaceAll(/\\u([\da-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
		.replaceAll(/\\+[nrt]|[\s\\]+/g, '');

/**
 * The echo guard: whether a block stands in the last user message or in what a tool returned, so that the model may only be repeating
 * it. Blanks and escapes do not count. The texts are gathered when the first block asks.
 */
export const createEchoGuard = ({items}: Pick<BridgeRequest, 'items'>): ((block: string) => boolean) => {
	let texts: readonly string[] | undefined;
	return block => {
		texts ??= [lastUserText(items), ...toolOutputs(items)].map(squeeze);
		const wanted = squeeze(block);
		return texts.some(text => text.includes(wanted));
	};
};
