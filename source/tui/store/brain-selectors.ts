import type {AccountView} from '../../event/account-view.ts';
import type {LoadView, RouteNodeView, SeatView} from '../../event/route-view.ts';
import type {RouteView} from '../../event/view.ts';
import type {ScreenState} from './screen-state.ts';

/* Questions about what the engine told of its routing; all answer for "not told yet" too. */

/** Where an upstream stands in the graph; undefined: in no route for an ordinary call, or not told yet. */
export const seatOf = (state: ScreenState, {endpointKey}: RouteView): SeatView | undefined =>
	state.brain?.seats.find(seat => seat.endpointKey === endpointKey);

/** The accounts that may be used at an upstream. */
export const accountsOf = (state: ScreenState, {service, provider}: RouteView): readonly AccountView[] =>
	state.brain?.accounts.filter(account => account.service === service && account.provider === provider) ?? [];

/** How busy an upstream is with each of its accounts. */
export const loadsOf = (state: ScreenState, {endpointKey}: RouteView): readonly LoadView[] =>
	state.brain?.loads.filter(load => load.endpointKey === endpointKey) ?? [];

/** Whether the user has paused every account of an upstream. */
export const isPaused = (state: ScreenState, route: RouteView): boolean => {
	const accounts = accountsOf(state, route).filter(({enabled}) => enabled);
	return accounts.length > 0 && accounts.every(account => account.isPaused);
};

/** Whether something keeps requests away from an upstream, or from one of its accounts or models, for a while. */
export const hasCooldown = (state: ScreenState, {endpointKey, phase, accountHealth = {}}: RouteView): boolean =>
	phase !== 'closed' ||
	Object.values(accountHealth).some(account => account.phase !== 'closed') ||
	(state.brain?.models.some(model => model.endpointKey === endpointKey && model.phase !== 'closed') ?? false) ||
	(state.brain?.actions.some(action => action.endpointKey === endpointKey) ?? false);

/** What is used of the quota of that account which has the most left; `out`: a trusted balance says that nothing is. */
export const quotaOf = (state: ScreenState, route: RouteView): number | 'out' | undefined => {
	const usable = accountsOf(state, route).filter(({enabled, isPaused: isOff}) => enabled && !isOff);
	if (usable.length > 0 && usable.every(({exhausted}) => exhausted !== undefined)) {
		return 'out';
	}

	const used = usable.flatMap(({exhausted, quotaUsed}) => (exhausted === undefined ? (quotaUsed ?? []) : []));
	return used.length === 0 ? undefined : Math.min(...used);
};

/** The route that names an upstream itself, with what the upstream is to it. */
export const parentOf = (
	state: ScreenState,
	{endpointKey, service}: RouteView,
): {readonly node: RouteNodeView; readonly child: RouteNodeView['children'][number]} | undefined => {
	for (const node of state.brain?.graphs.find(graph => graph.service === service)?.nodes ?? []) {
		const child = node.children.find(each => each.kind === 'endpoints' && each.endpointKeys.includes(endpointKey));
		if (child !== undefined) {
			return {node, child};
		}
	}

	return undefined;
};
