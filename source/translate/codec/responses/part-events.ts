import type {JsonObject} from '../../../wire/json-value.ts';
import type {TextChannel} from '../ir-event.ts';
import type {ClientOutput} from '../quirks.ts';
import {outputText} from './encode-item.ts';

/** The kinds of parts that grow (translation.md 2.3). */
export type PartKind = 'output_text' | 'refusal' | 'reasoning_text' | 'summary_text';

const reasoningKinds: Readonly<Record<ClientOutput['reasoningChannel'], readonly PartKind[]>> = {
	summary: ['summary_text'],
	content: ['reasoning_text'],
	both: ['summary_text', 'reasoning_text'],
	hidden: [],
};

/** Which parts a channel of the internal representation becomes for a client. */
export const partKindsOf = (
	channel: TextChannel,
	{reasoningChannel, refusalAsText}: ClientOutput,
): readonly PartKind[] => {
	switch (channel) {
		case 'text': {
			return ['output_text'];
		}

		case 'refusal': {
			return [refusalAsText ? 'output_text' : 'refusal'];
		}

		case 'summary':
		case 'reasoning': {
			return reasoningKinds[reasoningChannel];
		}
	}
};

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

/** JSON values in pieces as the inside of one array. */
export const listed = (values: readonly (readonly string[])[]): readonly string[] =>
	values.length === 1 && values[0]
		? values[0]
		: values.flatMap((value, index) => (index === 0 ? value : [',', ...value]));

/** The fields of a part's `.done` and the part as it stands in its item, as JSON in pieces around the JSON string of its text. */
export const partTexts = (
	kind: PartKind,
	literal: string,
	annotations: readonly JsonObject[],
): {readonly content: readonly string[]; readonly part: readonly string[]} => {
	switch (kind) {
		case 'output_text': {
			const notes = `,"annotations":${JSON.stringify(annotations)},"logprobs":[]}`;
			return {
				content: ['"text":', literal, ',"logprobs":[]'],
				part: [`{"type":"${kind}","text":`, literal, notes],
			};
		}

		case 'refusal': {
			return {content: ['"refusal":', literal], part: [`{"type":"${kind}","refusal":`, literal, '}']};
		}

		case 'reasoning_text':
		case 'summary_text': {
			return {content: ['"text":', literal], part: [`{"type":"${kind}","text":`, literal, '}']};
		}
	}
};
