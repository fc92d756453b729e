import type {Call} from '../../identify/call.ts';
import type {RouteCall, StateClaim} from '../../route/inputs.ts';
import type {Asked} from './session-profile.ts';

/**
 * What of a call the plan depends on, after its session's override and profile: conditions on model, tier and effort ask for what will be
 * sent. `needs` is filled by whoever knows capabilities.
 */
export const routeCallOf = (
	call: Call,
	facts: {readonly asked: Asked; readonly state: StateClaim; readonly needs: ReadonlySet<string>},
): RouteCall => {
	const {service, dialect, client, method, path, headers, kind, sessionId, isSubagent, subagent, cwd} = call;
	const {asked, state, needs} = facts;
	return {
		...{service, dialect, client, method, path, headers, kind, sessionId, isSubagent, subagent, cwd, state, needs},
		model: asked.model.value,
		tier: asked.tier.value,
		effort: asked.effort.value,
	};
};
