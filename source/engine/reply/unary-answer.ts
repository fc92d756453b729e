import {fingerprint} from '../../base/ids.ts';
import type {Usage} from '../../event/view.ts';
import {isJsonObject, objectField, parseJsonObject, textField, type JsonObject} from '../../wire/json-value.ts';
import {parseSse} from '../../wire/sse.ts';
import {readUsage} from '../../wire/usage.ts';
import {readInBandError} from '../gate/stream-error.ts';
import type {ReplyVerdict} from './reply.ts';

/* Whole answers: what they state about themselves, and one that came as a stream although nobody asked for one. */

/** What a whole answer states. */
export interface AnswerFacts {
	readonly usage: Usage | undefined;
	readonly model: string | undefined;
	readonly tier: string | undefined;
	/** Fingerprints of what only its issuer can read: the response's id and encrypted content. */
	readonly issued: readonly string[];
}

/** Reads an answer of any dialect; an answer that is no JSON object states nothing. */
export const readAnswer = (body: Buffer): AnswerFacts => {
	const answer = parseJsonObject(body.toString('utf8'));
	const output = answer?.['output'];
	const contents = (Array.isArray(output) ? output : []).flatMap((item: unknown) =>
		isJsonObject(item) ? (textField(item, 'encrypted_content') ?? []) : [],
	);
	const id = textField(answer, 'id');
	const isStored = Array.isArray(output) && answer?.['store'] !== false;
	return {
		usage: readUsage(answer?.['usage']),
		model: textField(answer, 'model'),
		tier: textField(answer, 'service_tier'),
		issued: [...contents, ...(isStored && id !== undefined ? [id] : [])].map(text => fingerprint(text)),
	};
};

/** Whether a body that should be JSON is an event stream: by its type, or by how it begins where the type is missing or wrong. */
export const isEventStream = (body: Buffer, contentType: string): boolean =>
	/event-stream/i.test(contentType) || /^\s*(?:event|data|id|retry)?:/.test(body.toString('latin1', 0, 64));

/**
 * The object that a Responses stream adds up to (codex-helper.md 2.5, "compact SSE→JSON"): `response` of its terminal event, with the
 * finished items where that states none. A stream that failed is that error, one without a terminal event is cut.
 */
export const assembleResponse = (stream: Buffer): Exclude<ReplyVerdict, {kind: 'completed'}> => {
	const items: unknown[] = [];
	for (const {data} of parseSse(stream)) {
		const event = parseJsonObject(data);
		switch (textField(event, 'type')) {
			case 'response.output_item.done': {
				items.push(event?.['item']);
				break;
			}

			case 'response.completed':
			case 'response.incomplete': {
				return {kind: 'unary', body: responseBody(objectField(event, 'response'), items)};
			}

			case 'response.failed':
			case 'error': {
				return readInBandError(Buffer.from(`data: ${data}\n\n`));
			}

			default: {
				break;
			}
		}
	}

	return {kind: 'cut'};
};

const responseBody = (response: JsonObject, items: readonly unknown[]): Buffer => {
	const stated = response['output'];
	const output = Array.isArray(stated) && stated.length > 0 ? stated : items;
	return Buffer.from(JSON.stringify({...response, output}));
};
