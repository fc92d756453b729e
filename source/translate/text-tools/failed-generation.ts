import {objectField, parseJsonObject, textField} from '../../wire/json-value.ts';
import {AnswerBuilder} from '../codec/answer-builder.ts';
import type {AnswerEvent} from '../codec/ir-event.ts';
import {TextToolFilter, type TextToolOptions} from './text-tools.ts';

/*
 * Groq refuses what its own model wrote (400 `tool_use_failed`) and hands the text over in `failed_generation` (translation.md 1.10, 5.1
 * T14): mostly a call that only its parser did not understand.
 */

/** The refused text in the body of an error; undefined where the error is another one. */
export const failedGeneration = (body: string): string | undefined => {
	const error = objectField(parseJsonObject(body), 'error');
	return textField(error, 'code') === 'tool_use_failed' ? (textField(error, 'failed_generation') ?? '') : undefined;
};

/** The answer that a refused text is, where it holds calls that every guard lets through; undefined: it is none. */
export const readFailedGeneration = (
	text: string,
	options: Omit<TextToolOptions, 'mode'>,
): readonly AnswerEvent[] | undefined => {
	const builder = new AnswerBuilder();
	const message = builder.open({type: 'message'});
	builder.delta(message, {channel: 'text'}, text);
	builder.close(message);
	builder.finish('stop');
	const filter = new TextToolFilter({...options, mode: 'aggressive'});
	const events = builder.take().flatMap(event => filter.push(event));
	const last = events.at(-1);
	return last?.type === 'finish' && last.reason === 'calls' ? events : undefined;
};
