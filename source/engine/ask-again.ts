import type {AttemptResult} from '../attempt/sink.ts';
import type {BridgeSink} from './bridge-sink.ts';
import type {ReplyVerdict} from './reply.ts';

/**
 * Asks the same upstream once more where its model announced work and called nothing (translation.md 5.5, level 1): a send of its own
 * inside of one try and one client answer. An upstream that does not answer again changes nothing: the answer ends as it would have.
 */
export const askAgain = async (
	first: AttemptResult<ReplyVerdict>,
	sink: BridgeSink,
	send: (body: Buffer) => Promise<AttemptResult<ReplyVerdict>>,
): Promise<AttemptResult<ReplyVerdict>> => {
	const body = first.kind === 'verdict' ? sink.askAgain() : undefined;
	if (body === undefined || first.kind !== 'verdict') {
		return first;
	}

	const second = await send(body);
	return second.kind === 'verdict' || second.kind === 'aborted'
		? second
		: {kind: 'verdict', verdict: sink.giveUp(), head: first.head};
};
