import {endpointLabel} from '../../observe/endpoint-label.ts';
import {endpointEvents, isJudgedAttempt, isSuccessAt, minutes} from '../rule.ts';
import type {Rule} from '../rule.ts';

/** Two streams of an endpoint that broke off within five minutes, or one that broke off where the client noticed. */
export const streamCut: Rule = {
	id: 'stream-cut',
	looksAt: endpointEvents,
	threshold: 2,
	windowMs: minutes(5),
	findings: (event, request) => {
		if (!isJudgedAttempt(event, request) || event.outcome !== 'hard' || event.phase !== 'stream') {
			return [];
		}

		const text = `${event.code}: ${event.reason}${event.willRetry ? '' : ' (the client noticed)'}`;
		return [{scope: event.endpointKey, requestId: event.requestId, text, weight: event.willRetry ? 1 : 2}];
	},
	relieves: isSuccessAt,
	reliefsToClose: 2,
	quietMs: minutes(10),
	words: scope => ({
		title: `${endpointLabel(scope)} cuts streams in the middle of an answer`,
		effect: 'Answers start over at another route, or break off and are repeated by the client.',
		advice: `Put ${endpointLabel(scope)} later in the route; a relay with short time limits of its own often does this.`,
		closesWhen: 'two successful attempts in a row, or 10 minutes without a cut',
	}),
};
