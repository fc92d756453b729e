import {RelayError} from '../../base/errors.ts';
import type {RouteCandidate, RoutePlan} from '../../route/route-plan.ts';
import {reasonText} from '../../route/reason-text.ts';
import type {EndpointKey} from '../../wire/names.ts';

/** What the target of a move depends on. */
export interface MoveScene {
	/** Where the request runs now: nowhere while it waits, at two endpoints while it is hedged (the rival last). */
	readonly running: readonly EndpointKey[];
	readonly plan: RoutePlan;
	/** The next candidate that was not tried and can serve now. */
	readonly next: (plan: RoutePlan) => RouteCandidate | undefined;
}

/**
 * Where a move goes: the named endpoint, else the running rival, else the next candidate (routing.md 11). Throws RelayError
 * `unknown-endpoint`, `endpoint-unusable` (it runs there already, or it cannot serve) or `no-other-candidate`.
 */
export const moveTarget = (to: EndpointKey | undefined, scene: MoveScene): EndpointKey =>
	to === undefined ? nextTarget(scene) : namedTarget(to, scene);

const nextTarget = ({running, plan, next}: MoveScene): EndpointKey => {
	const target = running.length > 1 ? running.at(-1) : next(plan)?.endpoint.key;
	if (target !== undefined) {
		return target;
	}

	const others = plan.candidates.filter(({endpoint}) => !running.includes(endpoint.key));
	const why = others.map(candidate => `${candidate.endpoint.key}: ${whyNot(candidate, plan.inputs.nowMs)}`).join('; ');
	throw new RelayError(
		'no-other-candidate',
		`No other upstream can take the request over${why === '' ? '' : ` (${why})`}; it goes on as it is.`,
	);
};

const namedTarget = (to: EndpointKey, {running, plan}: MoveScene): EndpointKey => {
	const candidate = plan.candidates.find(({endpoint}) => endpoint.key === to);
	if (!candidate) {
		throw new RelayError('unknown-endpoint', `There is no endpoint ${to} in the request's route; see the Routes page.`);
	}

	if (running.length === 1 && running[0] === to) {
		throw new RelayError('endpoint-unusable', `The request runs on ${to} already.`);
	}

	if (!candidate.eligible) {
		throw new RelayError(
			'endpoint-unusable',
			`${to} cannot take the request over: ${whyNot(candidate, plan.inputs.nowMs)}.`,
		);
	}

	return to;
};

const whyNot = ({eligible, skips}: RouteCandidate, nowMs: number): string =>
	eligible ? 'it was tried already' : skips.map(skip => reasonText(skip, nowMs)).join(', ');
