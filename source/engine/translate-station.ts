import {modelAt} from '../route/model.ts';
import {stateOwner} from '../route/plan.ts';
import {translateSameDialect} from '../translate/same-dialect.ts';
import type {Step} from './search.ts';
import type {Trip} from './trip.ts';

/** The body for one candidate; undefined where the call has none. */
export interface Translated {
	readonly body: Buffer | undefined;
}

/** The station "translate": the client's bytes for this candidate. What had to be left out is announced. */
export const translate = (trip: Trip, step: Step): Translated => {
	const {call, journey} = trip;
	const {endpoint} = step.candidate;
	const model = call.model === undefined ? undefined : modelAt(endpoint, call.model);
	journey.tryStarted(step.candidate, model, step.reason);
	if (call.body === undefined) {
		return {body: undefined};
	}

	const owner = stateOwner(endpoint);
	// An item that we never saw being issued is older than our memory: it goes along, and a refusal is repaired by one resend.
	const foreign = trip.encrypted.filter(
		item => item.type === 'reasoning' && (step.withoutState || (item.owner !== undefined && item.owner !== owner)),
	);
	if (foreign.length > 0) {
		const text = `${foreign.length} encrypted reasoning items that ${endpoint.provider} cannot read were left out`;
		journey.translated([{code: 'foreign-reasoning', count: foreign.length, text}]);
	}

	const isRenamed = model !== undefined && model !== call.model;
	return {
		body: translateSameDialect(call.body, {
			model: isRenamed && call.modelRange ? {range: call.modelRange, name: model} : undefined,
			removed: foreign.map(({range}) => range),
		}),
	};
};
