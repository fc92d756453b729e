import {isAuxiliary} from '../../identify/paths.ts';
import {stateOwner} from '../../route/state-owner.ts';
import type {Step} from './step.ts';
import type {Trip} from '../trip.ts';
import type {Judged} from './verdict.ts';

/** The answer is complete: its session stays with whoever gave it (codex-helper.md 1.5), whatever the policy makes of that. */
export const rememberServed = (
	{road, call, journey, encrypted}: Trip,
	step: Step,
	failedBefore: Judged | undefined,
): void => {
	const {endpoint, account, routePath} = step.candidate;
	if (step.repairs.has('encrypted')) {
		const reasoning = encrypted.filter(({type}) => type === 'reasoning');
		road.state.recordRefused(reasoning, stateOwner(endpoint));
	}

	// Only turns and compactions have a conversation that is tied to somebody.
	if (isAuxiliary(call.target)) {
		return;
	}

	road.continuity.affinities.recordSuccess({
		service: call.service,
		sessionId: call.sessionId,
		identitySource: call.sessionIdSource,
		endpoint,
		account: account.label,
		graphKey: journey.config.services[call.service].graph.key,
		routePath,
		failedBefore,
	});
};
