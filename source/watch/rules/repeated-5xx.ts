import {endpointLabel} from '../../observe/endpoint-label.ts';
import {endpointEvents, isJudgedAttempt, isSuccessAt, minutes} from '../rule.ts';
import type {Rule} from '../rule.ts';

/** Three answers 500 to 599 of an endpoint within five minutes. */
export const repeated5xx: Rule = {
	id: 'repeated-5xx',
	looksAt: endpointEvents,
	threshold: 3,
	windowMs: minutes(5),
	findings: (event, request) =>
		isJudgedAttempt(event, request) &&
		event.outcome === 'hard' &&
		event.status !== undefined &&
		event.status >= 500 &&
		event.status < 600
			? [{scope: event.endpointKey, requestId: event.requestId, text: `${event.status}: ${event.reason}`, weight: 1}]
			: [],
	relieves: isSuccessAt,
	reliefsToClose: 2,
	quietMs: minutes(10),
	words: scope => ({
		title: `${endpointLabel(scope)} answers with server errors`,
		effect: 'Requests fail over to the next route, which costs each of them the time of the failed attempt.',
		advice: `Look at the status page of ${endpointLabel(scope)}; pin another route with \`o\` if it goes on.`,
		closesWhen: 'two successful attempts in a row, or 10 minutes without a server error',
	}),
};
