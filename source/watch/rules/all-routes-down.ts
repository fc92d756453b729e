import {minutes} from '../rule.ts';
import type {Rule} from '../rule.ts';

const prefix = 'all routes of ';

/** A request that ended because no candidate could serve it. */
export const allRoutesDown: Rule = {
	id: 'all-routes-down',
	looksAt: ['reply-end'],
	threshold: 1,
	windowMs: minutes(5),
	findings: (event, request) => {
		if (event.type !== 'reply-end' || event.record.outcome !== 'failed' || request === undefined) {
			return [];
		}

		const last = request.lastAttempt;
		const isUpstreams =
			last === undefined || last.outcome === 'hard' || last.outcome === 'soft' || last.outcome === 'auth';
		// Without a plan the request never got as far as an upstream: a wrong token, a bad body.
		if (!isUpstreams || request.service === undefined || request.pinnedKey !== undefined) {
			return [];
		}

		const text = last === undefined ? 'no route could be tried' : `the last attempt: ${last.reason}`;
		return [{scope: `${prefix}${request.service}`, requestId: event.requestId, text, weight: 1}];
	},
	relieves: (event, scope) =>
		event.type === 'reply-end' && event.record.outcome === 'success' && scope === `${prefix}${event.record.service}`,
	reliefsToClose: 1,
	quietMs: undefined,
	words: scope => ({
		title: `${scope} are down`,
		effect: `Requests of ${scope.slice(prefix.length)} end with an error.`,
		advice: 'Look at the Routes page for the reason at each route; add a provider, or wait for the shortest cooldown.',
		closesWhen: 'the next successful request',
	}),
};
