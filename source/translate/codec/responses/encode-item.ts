import {parseJsonObject, type JsonObject} from '../../../wire/json-value.ts';
import {sealHiddenState, type HiddenState, type Packer} from '../envelope.ts';
import {compact} from '../field.ts';
import type {
	CallItem,
	CompactionItem,
	ContentPart,
	HostedItem,
	MessageItem,
	OutputItem,
	ReasoningItem,
	Role,
} from '../ir.ts';
import {mediaUrl} from './decode-content.ts';

/** R `output_text` part. */
export const outputText = (text: string, annotations: readonly JsonObject[] = []): JsonObject => ({
	type: 'output_text',
	text,
	annotations,
	logprobs: [],
});

/** One content part of a message or of a tool's output; undefined for one that Responses cannot say. */
export const encodePart = (part: ContentPart, role: Role): JsonObject | undefined => {
	switch (part.type) {
		case 'text': {
			// `logprobs` is for answers only: strict servers refuse it in a history.
			return role === 'assistant'
				? {type: 'output_text', text: part.text, annotations: part.annotations ?? []}
				: {type: 'input_text', text: part.text};
		}

		case 'refusal': {
			return {type: 'refusal', refusal: part.text};
		}

		case 'image': {
			const url = mediaUrl(part.source);
			const fileId = part.source.kind === 'file-id' ? part.source.id : undefined;
			return compact({type: 'input_image', image_url: url, file_id: fileId, detail: part.detail});
		}

		case 'file': {
			const {source, filename} = part;
			const data = source.kind === 'data' ? mediaUrl(source) : undefined;
			const url = source.kind === 'url' ? source.url : undefined;
			const fileId = source.kind === 'file-id' ? source.id : undefined;
			return compact({type: 'input_file', filename, file_data: data, file_url: url, file_id: fileId});
		}

		case 'audio': {
			return {type: 'input_audio', input_audio: {data: part.base64, format: part.format}};
		}

		case 'unknown': {
			return undefined;
		}
	}
};

/** How hidden state travels to one client. */
export interface HiddenOutput {
	readonly envelopes: boolean;
	/** Whether the client gets the thought as a summary: Codex echoes nothing else verbatim (translation.md 0 fact 9). */
	readonly isShown: boolean;
	readonly packer: Packer | undefined;
}

/** A state that leans on the shown text, made whole where the client does not get that text. */
const standalone = (item: ReasoningItem, hidden: HiddenState, isShown: boolean): HiddenState =>
	(hidden.kind === 'text' || hidden.kind === 'signed') && hidden.text === '' && !isShown
		? {...hidden, text: (item.summary.length > 0 ? item.summary : item.content).join('\n\n')}
		: hidden;

/** The hidden state of reasoning as `encrypted_content`; null where there is none or it may not be shown to this reader. */
export const encodeHidden = (item: ReasoningItem, {envelopes, isShown, packer}: HiddenOutput): string | null => {
	const {hidden} = item;
	if (hidden === undefined || (hidden.kind !== 'opaque' && !envelopes)) {
		return null;
	}

	return sealHiddenState(standalone(item, hidden, isShown), packer) ?? null;
};

/** R call item of the declared kind. `arguments` of a tool search is an object, everybody else's a text (translation.md 1.6). */
export const encodeCall = (call: CallItem, id: string | undefined): JsonObject => {
	const {kind, namespace, name} = call.tool;
	const head = {id, status: call.status, call_id: call.callId};
	switch (kind) {
		case 'function': {
			return compact({type: 'function_call', ...head, name, namespace, arguments: call.payload});
		}

		case 'custom': {
			return compact({type: 'custom_tool_call', ...head, name, namespace, input: call.payload});
		}

		case 'tool-search': {
			const searched = parseJsonObject(call.payload) ?? {};
			return compact({type: 'tool_search_call', ...head, execution: 'client', arguments: searched});
		}

		case 'local-shell':
		case 'shell': {
			const action = parseJsonObject(call.payload) ?? {};
			return kind === 'shell'
				? compact({type: 'shell_call', ...head, action})
				: compact({type: 'local_shell_call', ...head, action: {type: 'exec', ...action}});
		}

		case 'apply-patch': {
			return compact({type: 'apply_patch_call', ...head, operation: parseJsonObject(call.payload) ?? {}});
		}
	}
};

/** R `message` of an answer. */
export const encodeOutputMessage = (
	item: MessageItem,
	id: string | undefined,
	content: readonly JsonObject[],
): JsonObject =>
	compact({id, type: 'message', status: item.status ?? 'completed', role: 'assistant', phase: item.phase, content});

/** R `compaction`. */
export const encodeCompaction = (item: CompactionItem, id: string | undefined): JsonObject =>
	compact({id, type: 'compaction', encrypted_content: item.encrypted});

/** R hosted item as its provider wrote it, under the id that the stream gave it. */
export const encodeHosted = (item: HostedItem, id: string | undefined): JsonObject =>
	compact({...item.raw, id: id ?? item.id});

/** The prefix of an item's id (translation.md 2.2). */
export const idPrefix = (item: Pick<OutputItem, 'type'> & {readonly tool?: {readonly kind: string}}): string => {
	switch (item.type) {
		case 'message': {
			return 'msg';
		}

		case 'reasoning': {
			return 'rs';
		}

		case 'compaction': {
			return 'cmp';
		}

		case 'hosted': {
			return 'ws';
		}

		case 'call': {
			return item.tool?.kind === 'custom' ? 'ctc' : item.tool?.kind === 'tool-search' ? 'tsc' : 'fc';
		}
	}
};
