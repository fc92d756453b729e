import type {BridgeRequest} from '../../codec/ir.ts';

/** No tool has this name: a model that repeats the example calls nothing. */
const example = ' in this format: <tool_call>{"name":"NAME","arguments":{…}}</tool_call>';

/**
 * The same request with the model's words and ours behind it (translation.md 5.5, level 1). `readsText`: calls in the text are
 * understood, so the one format that every such model knows is shown.
 */
export const nudged = (request: BridgeRequest, text: string, readsText: boolean): BridgeRequest => {
	const format = readsText ? example : '';
	const words = `Your last message contained no tool call. If you want to act, answer with a tool call${format}; if you are finished, say so.`;
	return {
		...request,
		items: [
			...request.items,
			{type: 'message', role: 'assistant', parts: [{type: 'text', text}]},
			{type: 'message', role: 'user', parts: [{type: 'text', text: words}]},
		],
	};
};
