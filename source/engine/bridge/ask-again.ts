import type {AttemptResult} from '../../attempt/sink.ts';
import {failedGeneration} from '../../translate/text-tools/failed-generation.ts';
import type {BridgeSink} from './bridge-sink.ts';
import type {ReplyVerdict} from '../reply/reply.ts';

/** One more send inside of a try. */
export interface OneMore {
	/** Asks the request's budgets; true: it is counted. */
	readonly mayAsk: () => boolean;
	/** Sends another body, or the same one. */
	readonly send: (body: Buffer | undefined) => Promise<AttemptResult<ReplyVerdict>>;
}

/**
 * Asks the same upstream once more where its model announced work and called nothing (translation.md 5.5, level 1): a send of its own
 * inside of one try and one client answer. An upstream that does not answer again changes nothing: the answer ends as it would have.
 */
export const askAgain = async (
	first: AttemptResult<ReplyVerdict>,
	sink: BridgeSink,
	{mayAsk, send}: OneMore,
): Promise<AttemptResult<ReplyVerdict>> => {
	if (first.kind !== 'verdict' || !sink.wantsAnother) {
		return first;
	}

	const body = mayAsk() ? sink.askAgain() : undefined;
	const second = body === undefined ? undefined : await send(body);
	return second?.kind === 'verdict' || second?.kind === 'aborted'
		? second
		: {kind: 'verdict', verdict: sink.giveUp(), head: first.head};
};

/**
 * What an upstream refused of its own model's words (Groq's `tool_use_failed`): where they hold a call that may be made, that is the
 * answer; where not, the same request is sent once more (translation.md 8, case 105).
 */
export const answerRefused = async (
	first: AttemptResult<ReplyVerdict>,
	sink: BridgeSink,
	{mayAsk, send}: OneMore,
): Promise<AttemptResult<ReplyVerdict>> => {
	const text = refusedText(first);
	if (text === undefined) {
		return first;
	}

	const made = madeOf(text, first, sink);
	return made ?? (mayAsk() ? secondTry(await send(undefined), sink) : first);
};

const secondTry = (second: AttemptResult<ReplyVerdict>, sink: BridgeSink): AttemptResult<ReplyVerdict> => {
	const text = refusedText(second);
	return (text === undefined ? undefined : madeOf(text, second, sink)) ?? second;
};

const refusedText = (result: AttemptResult<ReplyVerdict>): string | undefined =>
	result.kind === 'status' && result.head.status === 400 ? failedGeneration(result.body.toString()) : undefined;

const madeOf = (
	text: string,
	{head}: AttemptResult<ReplyVerdict>,
	sink: BridgeSink,
): AttemptResult<ReplyVerdict> | undefined => {
	const verdict = head && sink.answerFailed(text, head);
	return head && verdict && {kind: 'verdict', verdict, head: {...head, status: 200, headers: {}}};
};
