import type {JsonObject} from '../../../wire/json-value.ts';
import {compact} from '../field.ts';
import type {AnswerError} from '../ir-event.ts';

/** Anthropic's word for an error code of ours (translation.md 3.2 turned round); any other is `api_error`. */
const errorTypes: Readonly<Record<string, string>> = {
	context_length_exceeded: 'invalid_request_error',
	invalid_prompt: 'invalid_request_error',
	insufficient_quota: 'billing_error',
	usage_not_included: 'billing_error',
	rate_limit_exceeded: 'rate_limit_error',
	server_is_overloaded: 'overloaded_error',
	slow_down: 'overloaded_error',
};

const tooLong = 'prompt is too long';

/** Claude Code compacts when it reads Anthropic's own wording. */
const messageOf = ({code, message}: AnswerError): string =>
	code !== 'context_length_exceeded' || message.toLowerCase().includes(tooLong) ? message : `${tooLong}: ${message}`;

/** M error body: of an `error` event, and of an answer with an error status (claude-wire.md 4). */
export const encodeMessagesError = (error: AnswerError, requestId?: string): JsonObject =>
	compact({
		type: 'error',
		error: {type: errorTypes[error.code] ?? 'api_error', message: messageOf(error)},
		request_id: requestId,
	});
