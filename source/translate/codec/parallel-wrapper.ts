import {parseJsonObject, textField} from '../../wire/json-value.ts';
import type {AnswerBuilder} from './answer-builder.ts';
import {CallStream} from './call-stream.ts';
import {objectsField} from './field.ts';
import type {ToolMap} from './tool-map.ts';

/** OpenAI's wrapper round several calls, which models that were trained on it also send elsewhere (translation.md 2.5.9). */
const names: readonly string[] = ['multi_tool_use.parallel', 'multi_tool_use_parallel', 'parallel'];

/** Whether a call of this name is the wrapper: a tool that the client declared under the name is never one. */
export const isParallelWrapper = (name: string, tools: ToolMap): boolean =>
	names.includes(name) && tools.find(name) === undefined;

/** What unpacking a wrapper needs besides its arguments. */
export interface WrapperContext {
	readonly builder: AnswerBuilder;
	readonly tools: ToolMap;
	/** Makes the id of one inner call. */
	readonly nextCallId: () => string;
}

/** Emits the calls in a wrapper's arguments and returns their number; 0 for arguments that hold none. */
export const unpackParallelCalls = (text: string, {builder, tools, nextCallId}: WrapperContext): number => {
	const uses = objectsField(parseJsonObject(text) ?? {}, 'tool_uses');
	for (const use of uses) {
		const stream = new CallStream(builder, tools, {
			callId: nextCallId(),
			wireName: textField(use, 'recipient_name') ?? '',
		});
		const {parameters} = use;
		stream.push(typeof parameters === 'string' ? parameters : JSON.stringify(parameters ?? {}));
		stream.close();
	}

	return uses.length;
};
