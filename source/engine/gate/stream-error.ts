import {eventData} from '../../wire/sse.ts';
import {isJsonObject, objectField, parseJsonObject, textField, type JsonObject} from '../../wire/json-value.ts';
import {readUsage} from '../../wire/usage.ts';
import type {StreamVerdict} from './gate.ts';

type InBandError = Extract<StreamVerdict, {kind: 'in-band-error'}>;

const codeOf = (error: JsonObject): string | undefined => {
	const code = error['code'];
	return typeof code === 'number' ? String(code) : (textField(error, 'code') ?? textField(error, 'type'));
};

const messageOf = (json: JsonObject | undefined, error: JsonObject): string | undefined =>
	textField(error, 'message') ?? textField(json, 'error') ?? textField(json, 'message') ?? textField(json, 'detail');

/**
 * Reads an error event of any dialect: `response.failed` (`response.error`), Messages and Chat (`error`), the flat form of
 * Responses (`code`, `message` beside `type: "error"`). A string as `error` is the message.
 */
export const readInBandError = (event: Buffer): InBandError => {
	const json = parseJsonObject(eventData(event));
	const failed = objectField(objectField(json, 'response'), 'error');
	const nested = Object.keys(failed).length > 0 ? failed : objectField(json, 'error');
	const flat: JsonObject = isJsonObject(json?.['error']) || json === undefined ? {} : {code: json['code']};
	return {
		kind: 'in-band-error',
		code: codeOf(nested) ?? codeOf(flat),
		message: messageOf(json, nested) ?? 'The upstream reported an error without a message.',
		event,
		usage: readUsage(objectField(json, 'response')['usage'] ?? json?.['usage']),
	};
};

/** Whether a parsed event without a type is an error all the same: relays send a bare `{"error": …}` inside a 200. */
export const isBareError = (json: JsonObject | undefined): boolean => {
	const error = json?.['error'];
	return isJsonObject(error) || (typeof error === 'string' && error !== '');
};
