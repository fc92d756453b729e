import {assertNever} from '../base/errors.ts';
import type {JsonObject, ReplyPart, ScriptedUsage, StreamEnd} from './script.ts';
import type {Seal} from './seal.ts';

/** One server-sent event before it is written; `stamp` marks a text delta that a bench may replace by the time of its write. */
export interface StreamEvent {
	/** Undefined in dialects that name no events. */
	readonly event?: string;
	readonly data: JsonObject;
	/** Written in place of the data, for example `[DONE]`. */
	readonly word?: string;
	readonly stamp?: 'responses' | 'messages';
}

/** What the builders need beside the parts. */
export interface ReplyFacts {
	/** A text without spaces that makes the ids of this answer unique. */
	readonly id: string;
	readonly model: string;
	readonly parts: readonly ReplyPart[];
	readonly end: StreamEnd;
	readonly usage: ScriptedUsage;
	/** Code points in one delta. */
	readonly deltaLength: number;
	/** Size of the request's body in bytes, from which missing token counts are estimated. */
	readonly requestBytes: number;
	readonly seal: Seal;
}

/** A call as dialects without namespaces and kinds of tools tell it. */
export interface FlatCall {
	readonly name: string;
	readonly arguments: JsonObject;
	readonly callId: string | undefined;
}

/** The call that a part is, by its flat name (`namespace__name`); undefined for every other part. */
export const flatCall = (part: ReplyPart): FlatCall | undefined => {
	switch (part.type) {
		case 'function-call':
		case 'custom-call': {
			const name = part.namespace === undefined ? part.name : `${part.namespace}__${part.name}`;
			const values = part.type === 'function-call' ? part.arguments : {input: part.input};
			return {name, arguments: values, callId: part.callId};
		}

		case 'tool-search': {
			return {name: 'tool_search', arguments: {query: part.query}, callId: undefined};
		}

		default: {
			return undefined;
		}
	}
};

/** A text in pieces of `length` code points, so that no delta holds half a character; an empty text has no piece. */
export const splitText = (text: string, length: number): readonly string[] => {
	const points = Array.from(text);
	return Array.from({length: Math.ceil(points.length / length)}, (_, index) =>
		points.slice(index * length, (index + 1) * length).join(''),
	);
};

const partLength = (part: ReplyPart): number => {
	switch (part.type) {
		case 'reasoning': {
			return part.summary.join('').length;
		}

		case 'message': {
			return part.text.length;
		}

		case 'function-call': {
			return JSON.stringify(part.arguments).length;
		}

		case 'custom-call': {
			return part.input.length;
		}

		case 'tool-search': {
			return part.query.length;
		}

		case 'item': {
			return JSON.stringify(part.item).length;
		}

		default: {
			return assertNever(part);
		}
	}
};

/** Token counts of an answer: those of the script, and for the rest four bytes or characters a token. */
export const estimateUsage = ({usage, parts, requestBytes}: ReplyFacts): Required<ScriptedUsage> => {
	const written = (wanted: (part: ReplyPart) => boolean): number =>
		Math.ceil(parts.filter(wanted).reduce((sum, part) => sum + partLength(part), 0) / 4);
	const inputTokens = usage.inputTokens ?? Math.ceil(requestBytes / 4);
	return {
		inputTokens,
		cachedInputTokens: Math.min(usage.cachedInputTokens ?? 0, inputTokens),
		outputTokens: usage.outputTokens ?? written(() => true),
		reasoningTokens: usage.reasoningTokens ?? written(part => part.type === 'reasoning'),
	};
};

/** The bytes of an event; `nowUs` stands for the text of a delta that wants a stamp. */
export const encodeEvent = ({event, data, word, stamp}: StreamEvent, nowUs?: bigint): string => {
	if (stamp === undefined || nowUs === undefined) {
		const name = event === undefined ? '' : `event: ${event}\n`;
		return `${name}data: ${word ?? JSON.stringify(data)}\n\n`;
	}

	const text = `${nowUs} `;
	const stamped = stamp === 'responses' ? {...data, delta: text} : {...data, delta: {type: 'text_delta', text}};
	return `event: ${event}\ndata: ${JSON.stringify(stamped)}\n\n`;
};
