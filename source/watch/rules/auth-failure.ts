import {endpointLabel} from '../../observe/endpoint-label.ts';
import {endpointEvents, isJudgedAttempt, isSuccessAt, minutes} from '../rule.ts';
import type {Rule} from '../rule.ts';

/** The first refused credential of an endpoint: it never heals by itself. */
export const authFailure: Rule = {
	id: 'auth-failure',
	looksAt: endpointEvents,
	threshold: 1,
	windowMs: minutes(5),
	findings: (event, request) =>
		isJudgedAttempt(event, request) && event.outcome === 'auth'
			? [
					{
						scope: event.endpointKey,
						requestId: event.requestId,
						text: `${event.status ?? event.code}: ${event.reason}`,
						weight: 1,
					},
				]
			: [],
	relieves: isSuccessAt,
	reliefsToClose: 1,
	quietMs: undefined,
	words: scope => ({
		title: `${endpointLabel(scope)} refuses its key`,
		effect: `${endpointLabel(scope)} serves nothing; requests go to the other routes.`,
		advice: `Replace the key of ${endpointLabel(scope)} or its environment variable, or switch the endpoint off.`,
		closesWhen: 'one successful attempt, or the endpoint leaves the config',
	}),
};
