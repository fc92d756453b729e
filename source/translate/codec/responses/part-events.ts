import type {JsonObject} from '../../../wire/json-value.ts';
import {outputText} from './encode-item.ts';

/** The kinds of parts that grow (translation.md 2.3). */
export type PartKind = 'output_text' | 'refusal' | 'reasoning_text' | 'summary_text';

/** The events of a part without `.delta` and `.done`. */
export const eventNames: Readonly<Record<PartKind, string>> = {
	output_text: 'response.output_text',
	refusal: 'response.refusal',
	reasoning_text: 'response.reasoning_text',
	summary_text: 'response.reasoning_summary_text',
};

/** The name of a part's index. */
export const indexName = (kind: PartKind): string => (kind === 'summary_text' ? 'summary_index' : 'content_index');

/** The events of a call's payload; tools of other kinds have none. */
export const payloadEvents: Readonly<Record<string, string>> = {
	function: 'response.function_call_arguments',
	custom: 'response.custom_tool_call_input',
};

/** A part as it stands in an item. */
export const partObject = (kind: PartKind, text: string, annotations: readonly JsonObject[]): JsonObject =>
	kind === 'output_text'
		? outputText(text, annotations)
		: kind === 'refusal'
			? {type: kind, refusal: text}
			: {type: kind, text};
