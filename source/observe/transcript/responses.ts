import type {TranscriptItem} from '../../event/view.ts';
import {cutNote, encryptedReasoning, errorNote, imageNote, item, messageItem} from './dialect-reader.ts';
import type {DialectReader} from './dialect-reader.ts';
import {toolCallItem} from './file-edits.ts';
import {argumentsText, numberAt, objectAt, objectsAt, stringAt} from './json-value.ts';
import type {JsonObject} from './json-value.ts';

/* OpenAI Responses: the shapes of codex-wire.md 1 (items) and 2 (stream). */

const kindOfRole = (role: string | undefined): TranscriptItem['kind'] => {
	switch (role) {
		case 'assistant':
		case 'user':
			return role;
		default:
			return 'developer';
	}
};

const textOfParts = (parts: readonly JsonObject[]): string =>
	parts.flatMap(part => stringAt(part, 'text') ?? stringAt(part, 'refusal') ?? []).join('\n');

const notesOfParts = (parts: readonly JsonObject[]): readonly TranscriptItem[] =>
	parts.flatMap(part => {
		switch (part['type']) {
			case 'input_image':
				return imageNote(stringAt(part, 'image_url'));
			case 'input_file':
				return item('note', `(file ${stringAt(part, 'filename') ?? ''})`, 'file');
			default:
				return [];
		}
	});

const messageItems = (message: JsonObject): readonly TranscriptItem[] => {
	const parts = objectsAt(message, 'content');
	const text = stringAt(message, 'content') ?? textOfParts(parts);
	const spoken = text === '' ? [] : [messageItem(kindOfRole(stringAt(message, 'role')), text)];
	return [...spoken, ...notesOfParts(parts)];
};

const reasoningItem = (reasoning: JsonObject): TranscriptItem => {
	const summary = objectsAt(reasoning, 'summary').flatMap(part => stringAt(part, 'text') ?? []);
	const text = summary.length > 0 ? summary.join('\n\n') : textOfParts(objectsAt(reasoning, 'content'));
	return item('reasoning', text === '' ? encryptedReasoning : text);
};

const toolNameOf = (call: JsonObject): string => {
	const name = stringAt(call, 'name') ?? String(call['type']).replace(/_call$/, '');
	const namespace = stringAt(call, 'namespace');
	return namespace === undefined ? name : `${namespace}.${name}`;
};

const callItem = (call: JsonObject): TranscriptItem => {
	const {input} = call;
	return typeof input === 'string'
		? item('tool-call', input, toolNameOf(call))
		: toolCallItem(input ?? call['arguments'] ?? call['action'] ?? '', toolNameOf(call));
};

const outputItems = (output: JsonObject, toolName: string | undefined): readonly TranscriptItem[] => {
	const parts = objectsAt(output, 'output');
	const found = objectsAt(output, 'tools').flatMap(tool => stringAt(tool, 'name') ?? []);
	const text = stringAt(output, 'output') ?? (found.length > 0 ? `found ${found.join(', ')}` : textOfParts(parts));
	return [item('tool-output', text, toolName), ...notesOfParts(parts)];
};

const itemsOf = (entry: JsonObject, toolNames: ReadonlyMap<string, string>): readonly TranscriptItem[] => {
	const type = stringAt(entry, 'type') ?? (entry['role'] === undefined ? '' : 'message');
	if (type === 'message') {
		return messageItems(entry);
	}

	if (type === 'reasoning') {
		return [reasoningItem(entry)];
	}

	if (type.endsWith('_output')) {
		return outputItems(entry, toolNames.get(stringAt(entry, 'call_id') ?? ''));
	}

	if (type === 'image_generation_call') {
		return [item('note', '(generated image)', 'image')];
	}

	if (type.endsWith('_call')) {
		return [callItem(entry)];
	}

	return [
		type.startsWith('compaction')
			? item('compaction', '(compacted history, encrypted)', type)
			: item('note', `(${type})`, type),
	];
};

const itemsOfAll = (entries: readonly JsonObject[]): readonly TranscriptItem[] => {
	const toolNames = new Map(
		entries
			.filter(entry => stringAt(entry, 'type')?.endsWith('_call'))
			.map(call => [stringAt(call, 'call_id') ?? '', toolNameOf(call)]),
	);
	return entries.flatMap(entry => itemsOf(entry, toolNames));
};

/** One output item while its events come in. */
interface Slot {
	entry: JsonObject;
	text: string;
	isDone: boolean;
}

const deltaTypes: ReadonlySet<unknown> = new Set([
	'response.output_text.delta',
	'response.refusal.delta',
	'response.reasoning_summary_text.delta',
	'response.reasoning_text.delta',
	'response.function_call_arguments.delta',
	'response.custom_tool_call_input.delta',
]);

/** What a half-written item shows: its opener says what it is, its deltas are the text. */
const unfinishedItem = ({entry, text}: Slot, isLive: boolean): readonly TranscriptItem[] => {
	const shown =
		entry['type'] === 'reasoning'
			? item('reasoning', text === '' ? '(reasoning)' : text)
			: entry['type'] === 'message' || entry['type'] === undefined
				? item('assistant', text)
				: item('tool-call', argumentsText(text), toolNameOf(entry));
	return text === '' && entry['type'] === 'message' ? [] : [{...shown, isLive}];
};

class ResponsesReply {
	#slots = new Map<string, Slot>();
	#ending: readonly TranscriptItem[] | undefined;
	#output: readonly JsonObject[] = [];

	push(event: JsonObject): void {
		const type = event['type'];
		if (type === 'response.created') {
			// A second attempt took over: of the first one the client keeps nothing (codex-wire.md, Splicing).
			this.#slots = new Map();
			this.#ending = undefined;
		} else if (type === 'response.output_item.added' || type === 'response.output_item.done') {
			this.#setItem(event, type === 'response.output_item.done');
		} else if (deltaTypes.has(type)) {
			this.#slotOf(event).text += stringAt(event, 'delta') ?? '';
		} else if (type === 'response.reasoning_summary_part.added' && this.#slotOf(event).text !== '') {
			this.#slotOf(event).text += '\n\n';
		} else {
			this.#end(event);
		}
	}

	items(isLive: boolean): readonly TranscriptItem[] {
		const slots = [...this.#slots.values()];
		const shown = slots.flatMap(slot => (slot.isDone ? itemsOf(slot.entry, new Map()) : unfinishedItem(slot, isLive)));
		const isCut = this.#ending === undefined && !isLive;
		return [
			...(slots.length === 0 ? itemsOfAll(this.#output) : shown),
			...(this.#ending ?? []),
			...(isCut ? [cutNote] : []),
		];
	}

	#keyOf(event: JsonObject): string {
		const index = numberAt(event, 'output_index');
		return index === undefined
			? (stringAt(event, 'item_id') ?? stringAt(objectAt(event, 'item'), 'id') ?? 'only')
			: String(index);
	}

	#slotOf(event: JsonObject): Slot {
		const key = this.#keyOf(event);
		const slot = this.#slots.get(key) ?? {entry: {}, text: '', isDone: false};
		this.#slots.set(key, slot);
		return slot;
	}

	#setItem(event: JsonObject, isDone: boolean): void {
		const slot = this.#slotOf(event);
		slot.entry = objectAt(event, 'item') ?? {};
		slot.isDone = isDone;
	}

	#end(event: JsonObject): void {
		const response = objectAt(event, 'response');
		switch (event['type']) {
			case 'response.completed': {
				this.#ending = [];
				this.#output = objectsAt(response, 'output');
				break;
			}

			case 'response.incomplete': {
				const reason = stringAt(objectAt(response, 'incomplete_details'), 'reason');
				this.#ending = [item('note', `(incomplete: ${reason ?? 'no reason given'})`, 'incomplete')];
				break;
			}

			case 'response.failed':
			case 'error': {
				const error = objectAt(response, 'error') ?? objectAt(event, 'error') ?? event;
				this.#ending = [errorNote(stringAt(error, 'message'), stringAt(error, 'code'))];
				break;
			}

			default: {
				break;
			}
		}
	}
}

/** The reader of the `responses` dialect. */
export const responsesReader: DialectReader = {
	inputItems: body => {
		const instructions = stringAt(body, 'instructions');
		const input = body['input'];
		return [
			...(instructions === undefined ? [] : [item('developer', instructions)]),
			...(typeof input === 'string' ? [item('user', input)] : itemsOfAll(objectsAt(body, 'input'))),
		];
	},
	replyItems: (events, isLive) => {
		const reply = new ResponsesReply();
		for (const event of events) {
			reply.push(event);
		}

		return reply.items(isLive);
	},
	unaryItems: reply => {
		const error = objectAt(reply, 'error');
		return [
			...itemsOfAll(objectsAt(reply, 'output')),
			...(error === undefined ? [] : [errorNote(stringAt(error, 'message'), stringAt(error, 'code'))]),
		];
	},
};
