import {objectField, textField, type JsonObject} from '../../../wire/json-value.ts';
import {findAnswerError} from '../answer-error.ts';
import {objectsField} from '../field.ts';
import type {AnswerError} from '../ir-event.ts';

const isDaily = (details: readonly JsonObject[]): boolean =>
	details
		.flatMap(detail => objectsField(detail, 'violations'))
		.some(violation => /PerDay/i.test(textField(violation, 'quotaId') ?? ''));

/**
 * The error in a chunk or a body; undefined where there is none. Google says "exceeded your current quota" for a limit per minute
 * too: where it names a delay, it is a matter of waiting (translation.md 2.9, 3.7), and Codex reads how long.
 */
export const findGeminiError = (body: JsonObject): AnswerError | undefined => {
	const found = findAnswerError(body);
	const error = objectField(body, 'error');
	if (found === undefined || textField(error, 'status') !== 'RESOURCE_EXHAUSTED') {
		return found;
	}

	const details = objectsField(error, 'details');
	const delay = details
		.map(detail => textField(detail, 'retryDelay'))
		.find(each => /^\d+(?:\.\d+)?s$/.test(each ?? ''));
	if (delay === undefined || isDaily(details)) {
		return found;
	}

	const message = `${found.message.replace(/[.\s]*$/, '')}. Please try again in ${delay}.`;
	return {...found, code: 'rate_limit_exceeded', isRetryable: true, message};
};
