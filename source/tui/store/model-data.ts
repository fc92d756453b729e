import type {ModelSource} from './model-source.ts';
import type {RequestCosts} from './request-costs.ts';
import type {ScreenState} from './screen-state.ts';

/** The lists of the screen out of the model, each in the order in which it is shown. */
export const dataOf = (model: ModelSource, nowMs: number, costs: RequestCosts): Partial<ScreenState> => ({
	engine: model.engine(),
	routes: model
		.routes(nowMs)
		.toSorted((left, right) => right.service.localeCompare(left.service) || left.order - right.order),
	sessions: model.sessions().toSorted((left, right) => right.lastSeenAtMs - left.lastSeenAtMs),
	requests: costs.rows(model.requests().toReversed(), nowMs),
	incidents: model
		.incidents()
		.toSorted(
			(left, right) =>
				Number(left.state === 'closed') - Number(right.state === 'closed') || right.openedAtMs - left.openedAtMs,
		),
});
