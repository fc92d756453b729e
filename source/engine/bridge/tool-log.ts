import {declaredTools} from '../../translate/codec/tool-map.ts';
import type {AnswerDecoder, AnswerEvent} from '../../translate/codec/ir-event.ts';
import type {BridgeRequest} from '../../translate/codec/ir.ts';
import {isJsonObject, objectField, textField, type JsonObject} from '../../wire/json-value.ts';
import type {Bridge} from './bridge.ts';

/*
 * Four lines for each translated request in `engine.log` at log level debug: which tools the client offered, which the upstream was offered, and which
 * calls came back, in a whole answer or in a stream. Names only, never an argument.
 */

/** Tools by name, as they stood on the two sides of a bridge. */
export interface ToolNames {
	/** What the client offered, `namespace__name`. */
	readonly response: readonly string[];
	/** What the upstream was offered, in its own spelling. */
	readonly upstream: readonly string[];
}

const mostNames = 100;

const flat = ({namespace, name}: {readonly namespace?: string | undefined; readonly name: string}): string =>
	namespace === undefined ? name : `${namespace}__${name}`;

const listText = (names: readonly string[]): string =>
	names.length <= mostNames
		? names.join(',')
		: `${names.slice(0, mostNames).join(',')},… and ${names.length - mostNames} more`;

const objectsIn = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);

/** The names in a body's `tools`, whatever its dialect. */
const namesIn = (tool: JsonObject): readonly string[] => {
	const declared = objectsIn(tool['functionDeclarations']);
	return declared.length > 0
		? declared.flatMap(namesIn)
		: [textField(objectField(tool, 'function'), 'name') ?? textField(tool, 'name') ?? textField(tool, 'type') ?? '?'];
};

/** The names of a request before and after its translation. */
export const toolNamesOf = (request: BridgeRequest, body: JsonObject): ToolNames => ({
	response: declaredTools(request).map(flat),
	upstream: objectsIn(body['tools']).flatMap(namesIn),
});

/** Writes the two lines about a request's tools. */
export const logTools = (write: (line: string) => void, {response, upstream}: ToolNames): void => {
	write(`response tools=${listText(response)}`);
	write(`upstream tools=${listText(upstream)}`);
};

/** Adds the names of the calls that begin in these events. */
const note = (events: readonly AnswerEvent[], names: string[]): readonly AnswerEvent[] => {
	for (const event of events) {
		if (event.type === 'item-open' && event.head.type === 'call') {
			names.push(flat(event.head.tool));
		}
	}

	return events;
};

/** A decoder that notes the calls of an answer and writes them at its end; of the two forms an answer has one, the other stays empty. */
const watched = (inner: AnswerDecoder, write: (line: string) => void): AnswerDecoder => {
	const calls: {readonly whole: string[]; readonly stream: string[]} = {whole: [], stream: []};
	return {
		push: (data, eventName) => note(inner.push(data, eventName), calls.stream),
		pushWhole: body => note(inner.pushWhole(body), calls.whole),
		fail: error => inner.fail(error),
		end: () => {
			const events = note(inner.end(), calls.stream);
			write(`upstream function_calls=${listText(calls.whole)}`);
			write(`upstream stream function_calls=${listText(calls.stream)}`);
			return events;
		},
	};
};

/** The bridge with its answers watched. */
export const watchCalls = (bridge: Bridge, write: (line: string) => void): Bridge => ({
	...bridge,
	machines: () => {
		const machines = bridge.machines();
		return {...machines, decoder: watched(machines.decoder, write)};
	},
});
