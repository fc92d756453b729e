import {durationText} from '../../observe/duration-text.ts';
import {endpointLabel} from '../../observe/endpoint-label.ts';
import {endpointEvents, isJudgedAttempt, isSuccessAt, minutes} from '../rule.ts';
import type {Rule} from '../rule.ts';

/** Three limits (429, or another answer that means one) of an endpoint within five minutes. */
export const rateLimited: Rule = {
	id: 'rate-limited',
	looksAt: endpointEvents,
	threshold: 3,
	windowMs: minutes(5),
	findings: (event, request) => {
		if (!isJudgedAttempt(event, request) || (event.status !== 429 && event.outcome !== 'soft')) {
			return [];
		}

		const wait = event.retryAfterMs === undefined ? '' : `, retry-after ${durationText(event.retryAfterMs)}`;
		const text = `${event.status ?? event.code}${wait}`;
		return [{scope: event.endpointKey, requestId: event.requestId, text, weight: 1}];
	},
	relieves: isSuccessAt,
	reliefsToClose: 2,
	quietMs: minutes(10),
	words: scope => ({
		title: `${endpointLabel(scope)} is rate limited`,
		effect: `While it is limited, requests go to the other routes or wait; ${endpointLabel(scope)} is avoided until its limit passes.`,
		advice: `Add a second key or another provider, or put ${endpointLabel(scope)} later in the route.`,
		closesWhen: 'two successful attempts in a row, or 10 minutes without a limit',
	}),
};
