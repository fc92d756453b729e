import {open} from 'node:fs/promises';
import {setImmediate as nextTurn} from 'node:timers/promises';
import {at, parseJson, textAt} from '../../base/json.ts';
import type {Redact} from '../../base/redact.ts';
import type {ClientTranscript} from '../../event/client-session.ts';
import type {TranscriptItem} from '../../event/view.ts';
import {cleanItem} from '../transcript/clean-item.ts';
import {item} from '../transcript/dialect-reader.ts';
import {messagesReader} from '../transcript/messages.ts';
import {responsesReader} from '../transcript/responses.ts';
import {LineCutter} from '../usage/line-cutter.ts';
import type {SessionFile} from './session-files.ts';

/* The conversation out of a client's file: what its user and the model said and did, without what the client puts around it. */

/** The end of the conversation is what somebody looks for; more than this of a file is not read. */
const mostBytes = 4 * 1024 * 1024;
const blockBytes = 128 * 1024;

/** One line's part of the conversation: an item of Responses, a message of Messages, or what is shown as it is. */
type Part =
	| {readonly kind: 'responses'; readonly value: unknown}
	| {readonly kind: 'messages'; readonly value: unknown}
	| {readonly kind: 'items'; readonly items: readonly TranscriptItem[]};

const isPreamble = (payload: unknown): boolean => {
	const content = at(payload, 'content');
	const text = Array.isArray(content) ? (textAt(content[0], 'text') ?? '') : '';
	return (
		textAt(payload, 'role') === 'user' && /^\s*(?:<(?:environment_context|user_instructions)>|# AGENTS\.md)/.test(text)
	);
};

const codexPart = (record: unknown): Part | undefined => {
	const payload = at(record, 'payload');
	switch (textAt(record, 'type')) {
		case 'response_item': {
			const isRules = ['developer', 'system'].includes(textAt(payload, 'role') ?? '');
			return isRules || isPreamble(payload) ? undefined : {kind: 'responses', value: payload};
		}

		case 'compacted': {
			const text = textAt(payload, 'message') ?? '(the history before this was compacted)';
			return {kind: 'items', items: [item('compaction', text, 'summary')]};
		}

		case 'event_msg': {
			const message = textAt(payload, 'error', 'message');
			return message === undefined ? undefined : {kind: 'items', items: [item('note', message, 'error')]};
		}

		default: {
			return undefined;
		}
	}
};

const claudePart = (record: unknown): Part | undefined => {
	const type = textAt(record, 'type');
	const isShown = (type === 'user' || type === 'assistant') && at(record, 'isMeta') !== true;
	return isShown ? {kind: 'messages', value: at(record, 'message')} : undefined;
};

/** So many lines at once: a key that is pressed meanwhile waits for no more. */
const mostTogether = 100;
const cleanedTogether = 20;

/** Runs of one kind are read together, since a tool's output finds its name among them. */
const itemsOf = (parts: readonly Part[]): readonly TranscriptItem[] => {
	const [first] = parts;
	const values = parts.flatMap(part => (part.kind === 'items' ? [] : [part.value]));
	return first === undefined
		? []
		: first.kind === 'items'
			? parts.flatMap(part => (part.kind === 'items' ? part.items : []))
			: first.kind === 'responses'
				? responsesReader.inputItems({input: values})
				: messagesReader.inputItems({messages: values});
};

const runsOf = (parts: readonly Part[]): ReadonlyArray<readonly Part[]> => {
	const runs: Part[][] = [];
	for (const part of parts) {
		const run = runs.at(-1);
		if (run?.[0]?.kind === part.kind && run.length < mostTogether) {
			run.push(part);
		} else {
			runs.push([part]);
		}
	}

	return runs;
};

const readParts = async ({path, bytes, client}: SessionFile): Promise<readonly Part[]> => {
	const parts: Part[] = [];
	let position = Math.max(0, bytes - mostBytes);
	let isHalf = position > 0;
	const take = (line: string | undefined): void => {
		const wasHalf = isHalf;
		isHalf = false;
		if (line === undefined && !wasHalf) {
			parts.push({kind: 'items', items: [item('note', '(a line that is too long to show)', 'left out')]});
		} else if (line !== undefined && !wasHalf) {
			const record = parseJson(line);
			parts.push(...[client === 'codex' ? codexPart(record) : claudePart(record)].filter(part => part !== undefined));
		}
	};

	const cutter = new LineCutter({onLine: take, onTooLong: () => take(undefined)});
	const handle = await open(path, 'r');
	try {
		for (; position < bytes; await nextTurn()) {
			const length = Math.min(blockBytes, bytes - position);
			const {bytesRead, buffer} = await handle.read(Buffer.alloc(length), 0, length, position);
			if (bytesRead === 0) {
				break;
			}

			position += bytesRead;
			cutter.push(buffer.subarray(0, bytesRead));
		}
	} finally {
		await handle.close();
	}

	return parts;
};

/** Reads the end of a thread's conversation. Rejects with the file system's error where the file cannot be read. */
export const readSessionTranscript = async (file: SessionFile, redact: Redact): Promise<ClientTranscript> => {
	const runs = runsOf(await readParts(file));
	const items: TranscriptItem[] = [];
	for (const run of runs) {
		for (const [index, each] of itemsOf(run).entries()) {
			if (index % cleanedTogether === 0) {
				await nextTurn();
			}

			items.push(cleanItem(each, redact));
		}
	}

	return {items, isTruncated: file.bytes > mostBytes, version: file.bytes};
};
