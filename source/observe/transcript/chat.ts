import type {TranscriptItem} from '../../event/view.ts';
import {cutNote, errorNote, imageNote, item, messageItem} from './dialect-reader.ts';
import type {DialectReader} from './dialect-reader.ts';
import {toolCallItem} from './file-edits.ts';
import {numberAt, objectAt, objectsAt, stringAt} from './json-value.ts';
import type {JsonObject} from './json-value.ts';

/* OpenAI Chat Completions; `reasoning_content` and `reasoning` are what its many imitators call thinking. */

const kindOfRole = (role: string | undefined): TranscriptItem['kind'] =>
	role === 'assistant' || role === 'user' ? role : 'developer';

const reasoningOf = (message: JsonObject | undefined): string =>
	stringAt(message, 'reasoning_content') ?? stringAt(message, 'reasoning') ?? '';

const textOf = (message: JsonObject): string =>
	stringAt(message, 'content') ??
	objectsAt(message, 'content')
		.flatMap(part => stringAt(part, 'text') ?? [])
		.join('\n');

const callItems = (message: JsonObject): readonly TranscriptItem[] =>
	objectsAt(message, 'tool_calls').map(call => {
		const called = objectAt(call, 'function') ?? objectAt(call, 'custom');
		return toolCallItem(called?.['arguments'] ?? called?.['input'] ?? '', stringAt(called, 'name') ?? 'tool');
	});

const itemsOfMessage = (message: JsonObject, toolNames: ReadonlyMap<string, string>): readonly TranscriptItem[] => {
	const text = textOf(message);
	if (message['role'] === 'tool') {
		return [item('tool-output', text, toolNames.get(stringAt(message, 'tool_call_id') ?? ''))];
	}

	const reasoning = reasoningOf(message);
	return [
		...(reasoning === '' ? [] : [item('reasoning', reasoning)]),
		...(text === '' ? [] : [messageItem(kindOfRole(stringAt(message, 'role')), text)]),
		...objectsAt(message, 'content')
			.filter(part => part['type'] === 'image_url')
			.map(part => imageNote(stringAt(objectAt(part, 'image_url'), 'url'))),
		...callItems(message),
	];
};

const inputItems = (body: JsonObject): readonly TranscriptItem[] => {
	const messages = objectsAt(body, 'messages');
	const toolNames = new Map(
		messages
			.flatMap(message => objectsAt(message, 'tool_calls'))
			.map(call => [stringAt(call, 'id') ?? '', stringAt(objectAt(call, 'function'), 'name') ?? 'tool']),
	);
	return messages.flatMap(message => itemsOfMessage(message, toolNames));
};

const finishNote = (reason: string): readonly TranscriptItem[] =>
	reason === 'length' || reason === 'content_filter' ? [item('note', `(stopped: ${reason})`, reason)] : [];

interface Call {
	name: string;
	argumentText: string;
}

class ChatReply {
	#id: string | undefined;
	#reasoning = '';
	#text = '';
	#calls = new Map<number, Call>();
	#ending: readonly TranscriptItem[] | undefined;

	push(chunk: JsonObject): void {
		const error = objectAt(chunk, 'error');
		if (error !== undefined) {
			this.#ending = [errorNote(stringAt(error, 'message'), stringAt(error, 'code') ?? stringAt(error, 'type'))];
			return;
		}

		this.#restartWith(stringAt(chunk, 'id'));
		const choice = objectsAt(chunk, 'choices')[0];
		const delta = objectAt(choice, 'delta');
		this.#reasoning += reasoningOf(delta);
		this.#text += stringAt(delta, 'content') ?? '';
		for (const call of objectsAt(delta, 'tool_calls')) {
			this.#grow(call);
		}

		const reason = stringAt(choice, 'finish_reason');
		if (reason !== undefined) {
			this.#ending = finishNote(reason);
		}
	}

	items(replyIsLive: boolean): readonly TranscriptItem[] {
		const isLive = replyIsLive && this.#ending === undefined;
		const calls = [...this.#calls.values()].map(({name, argumentText}) => toolCallItem(argumentText, name));
		const written = [
			...(this.#reasoning === '' ? [] : [item('reasoning', this.#reasoning)]),
			...(this.#text === '' ? [] : [item('assistant', this.#text)]),
			...calls,
		];
		return [
			...written.map((shown, index) => ({...shown, isLive: isLive && index === written.length - 1})),
			...(this.#ending ?? (replyIsLive ? [] : [cutNote])),
		];
	}

	/** Chunks of another answer: a second attempt took over and the first one's text is gone. */
	#restartWith(id: string | undefined): void {
		if (id !== undefined && id !== '' && id !== this.#id) {
			this.#id = id;
			this.#reasoning = '';
			this.#text = '';
			this.#calls = new Map();
			this.#ending = undefined;
		}
	}

	#grow(delta: JsonObject): void {
		const index = numberAt(delta, 'index') ?? 0;
		const called = objectAt(delta, 'function');
		const call = this.#calls.get(index) ?? {name: '', argumentText: ''};
		call.name ||= stringAt(called, 'name') ?? '';
		call.argumentText += stringAt(called, 'arguments') ?? '';
		this.#calls.set(index, call);
	}
}

/** The reader of the `chat` dialect. */
export const chatReader: DialectReader = {
	inputItems,
	replyItems: (events, isLive) => {
		const reply = new ChatReply();
		for (const event of events) {
			reply.push(event);
		}

		return reply.items(isLive);
	},
	unaryItems: reply => {
		const error = objectAt(reply, 'error');
		const message = objectAt(objectsAt(reply, 'choices')[0], 'message');
		return [
			...(message === undefined ? [] : itemsOfMessage({role: 'assistant', ...message}, new Map())),
			...(error === undefined ? [] : [errorNote(stringAt(error, 'message'), stringAt(error, 'code'))]),
		];
	},
};
