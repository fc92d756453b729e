import {isJsonObject, objectField, parseJsonObject, textField, type JsonObject} from '../../wire/json-value.ts';
import {objectsField} from './field.ts';
import type {AnswerError} from './ir-event.ts';

/*
 * Errors of all providers in one form (translation.md 2.1, 2.9): found in the shapes that providers use, coded in the words that
 * Codex acts upon.
 */

const messageMax = 500;

const wordings: ReadonlyArray<{readonly code: string; readonly isRetryable: boolean; readonly pattern: RegExp}> = [
	{
		code: 'context_length_exceeded',
		isRetryable: false,
		pattern:
			/context_length_exceeded|maximum context length|prompt is too long|input token count exceeds|context window|too many tokens|exceeds the (?:model'?s )?context/i,
	},
	{
		code: 'insufficient_quota',
		isRetryable: false,
		pattern:
			/insufficient_(?:quota|balance|credits)|insufficient balance|quota exceeded|exceeded your current quota|billing|payment required|credit balance/i,
	},
	{code: 'usage_not_included', isRetryable: false, pattern: /usage_not_included/i},
	{code: 'invalid_prompt', isRetryable: false, pattern: /invalid_prompt|cyber_policy|content_policy|policy violation/i},
	{
		code: 'rate_limit_exceeded',
		isRetryable: true,
		pattern: /rate.?limit|too many requests|resource_exhausted|tokens per minute/i,
	},
	{
		code: 'slow_down',
		isRetryable: true,
		pattern: /overloaded|slow_down|over capacity|at capacity|unavailable|engine is busy/i,
	},
];

/** Statuses and vendors' numbers that say more than their texts. */
const numbers: Readonly<Record<string, readonly [code: string, isRetryable: boolean]>> = {
	402: ['insufficient_quota', false],
	429: ['rate_limit_exceeded', true],
	503: ['slow_down', true],
	529: ['slow_down', true],
	// MiniMax `base_resp.status_code`.
	1002: ['rate_limit_exceeded', true],
	1008: ['insufficient_quota', false],
	2013: ['invalid_prompt', false],
};

const requestFaults =
	/^(?:invalid_request_error|authentication_error|permission_error|not_found_error|invalid_argument|permission_denied|unauthenticated)$/i;

/** An error by what a provider says: its code or type, and its text. */
export const answerError = (upstreamCode: string | undefined, message: string): AnswerError => {
	const text = message === '' ? (upstreamCode ?? 'The upstream reported an error without a text.') : message;
	const base = {message: text.slice(0, messageMax), upstreamCode};
	const byNumber = numbers[upstreamCode ?? ''];
	const byWords = wordings.find(({pattern}) => pattern.test(upstreamCode ?? '') || pattern.test(text));
	if (byWords !== undefined) {
		return {code: byWords.code, isRetryable: byWords.isRetryable, ...base};
	}

	if (byNumber !== undefined) {
		return {code: byNumber[0], isRetryable: byNumber[1], ...base};
	}

	return requestFaults.test(upstreamCode ?? '')
		? {code: 'invalid_prompt', isRetryable: false, ...base}
		: {code: 'server_error', isRetryable: true, ...base};
};

/** An error of our own making that the client should answer by asking again. */
export const brokenAnswer = (message: string, code = 'server_error'): AnswerError => ({
	code,
	message,
	isRetryable: true,
	upstreamCode: undefined,
});

/** The failure of an answer whose custom call ends in the middle of its input. */
export const cutInput = (): AnswerError => brokenAnswer('The upstream cut off the input of a tool call.');

const wordOf = (value: unknown): string | undefined =>
	typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : undefined;

const detailText = (detail: unknown): string =>
	typeof detail === 'string'
		? detail
		: (Array.isArray(detail) ? detail : [detail])
				.filter(isJsonObject)
				.map(entry => `${JSON.stringify(entry['loc'] ?? [])}: ${textField(entry, 'msg') ?? ''}`)
				.join('; ');

/** The innermost text of an error: OpenRouter and gateways put the provider's JSON into a string (unwrapped once). */
const innerMessage = (error: JsonObject): string => {
	const message = textField(error, 'message') ?? textField(error, 'msg') ?? textField(error, 'status_msg') ?? '';
	const raw = parseJsonObject(textField(objectField(error, 'metadata'), 'raw')) ?? parseJsonObject(message);
	const inner = raw && (textField(objectField(raw, 'error'), 'message') ?? textField(raw, 'message'));
	return inner === undefined
		? message
		: `${raw !== undefined && message.startsWith('{') ? '' : `${message}: `}${inner}`;
};

const errorObject = (error: unknown): AnswerError =>
	isJsonObject(error)
		? answerError(
				wordOf(error['code']) ?? wordOf(error['status']) ?? wordOf(error['type']) ?? wordOf(error['status_code']),
				innerMessage(error),
			)
		: answerError(undefined, typeof error === 'string' ? error : JSON.stringify(error));

const hasContent = (body: JsonObject): boolean =>
	['choices', 'candidates', 'output', 'response', 'content', 'type', 'usage', 'usageMetadata'].some(
		name => name in body,
	);

/**
 * The error that a chunk or a whole body holds, in every shape of translation.md 2.1 and 2.9; undefined where there is none.
 * A chunk that carries an answer is no error unless it says `error`.
 */
export const findAnswerError = (body: JsonObject): AnswerError | undefined => {
	if (body['error'] !== undefined && body['error'] !== null && body['error'] !== false) {
		return errorObject(body['error']);
	}

	const choiceError = objectsField(body, 'choices')[0]?.['error'];
	if (choiceError !== undefined && choiceError !== null) {
		return errorObject(choiceError);
	}

	const baseResponse = objectField(body, 'base_resp');
	if (typeof baseResponse['status_code'] === 'number' && baseResponse['status_code'] !== 0) {
		return errorObject(baseResponse);
	}

	if (hasContent(body)) {
		return undefined;
	}

	if (body['detail'] !== undefined) {
		return answerError(undefined, detailText(body['detail']));
	}

	const listed = objectsField(body, 'errors')[0];
	return listed !== undefined || body['code'] !== undefined || body['message'] !== undefined
		? errorObject(listed ?? body)
		: undefined;
};
