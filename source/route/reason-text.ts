import type {Saying} from '../event/plan-view.ts';
import type {BlockedReason, NoteCode, PinEvaluation, SkipCode, SkipReason} from './route-plan.ts';

const percent = 100;

/** The plain sentence of a skip, made when somebody reads it. `nowMs` is the plan's. */
export const reasonText = (reason: SkipReason, nowMs: number): string =>
	`${texts[reason.code](reason)}${leftText(reason, nowMs)}`;

const leftText = ({untilMs}: SkipReason, nowMs: number): string =>
	untilMs === undefined ? '' : `, ${Math.ceil(Math.max(0, untilMs - nowMs) / 1000)} s left`;

/** A skip with its sentence and what that is made from (`leftMs`: until it ends by itself); `clean` takes out what an upstream may have put in. */
export const skipSaying = (reason: SkipReason, nowMs: number, clean: (text: string) => string): Saying => {
	const {code, subject, other, count, limit, untilMs} = reason;
	const values = {
		...(subject === undefined ? {} : {subject: clean(subject)}),
		...(other === undefined ? {} : {other: clean(other)}),
		...(count === undefined ? {} : {count}),
		...(limit === undefined ? {} : {limit}),
		...(untilMs === undefined ? {} : {leftMs: Math.max(0, untilMs - nowMs)}),
	};
	return {code, text: clean(reasonText(reason, nowMs)), values};
};

/** A note with its sentence; a pinned one says in which mode. */
export const noteSaying = (code: NoteCode, pin: PinEvaluation | undefined): Saying => ({
	code,
	text: noteText(code, pin),
	...(code === 'pinned' && pin !== undefined ? {values: {mode: pin.pin.mode}} : {}),
});

const texts: Readonly<Record<SkipCode, (reason: SkipReason) => string>> = {
	unsupported_model: ({subject}) => `supported_models does not allow ${subject ?? 'this model'}`,
	runtime_disabled: ({subject}) =>
		subject === undefined ? 'disabled in the configuration' : `its account ${subject} is disabled`,
	cooldown: ({subject}) => subject ?? 'it stated a limit',
	breaker_open: ({subject, count}) => subject ?? `it failed ${count ?? 0} times in a row`,
	usage_exhausted: ({subject, count, limit}) =>
		limit === undefined
			? (subject ?? 'its quota is spent')
			: `${Math.round((count ?? 0) * percent)} % of its quota is used, stop_below allows ${Math.round(limit * percent)} %`,
	missing_auth: ({subject}) => `${subject ?? 'its key'} is not set`,
	auth_failed: ({subject}) => `${subject ?? 'it refused the key'}; change the key or pin it to try again`,
	concurrency_saturated: ({subject, count, limit}) =>
		`${count ?? 0} of ${limit ?? 0} requests run there${subject === undefined ? '' : ` (${subject})`}`,
	dialect_mismatch: ({subject, other}) =>
		`it speaks ${other ?? 'another dialect'}, the request ${subject ?? 'no dialect'}`,
	capability_missing: ({subject, other}) => `it has no ${subject ?? 'such capability'} (${other ?? 'learned'})`,
	probe_running: () => 'one probe is under way, the rest goes elsewhere',
	state_bound: reason => stateText(reason),
	not_pinned: ({subject}) => `${subject ?? 'another upstream'} is pinned`,
	account_paused: ({subject}) => `you paused ${subject ?? 'it'}`,
	quota_group: ({subject, other}) => `its quota group ${subject ?? ''} is out of quota with account ${other ?? ''}`,
	condition_not_met: ({subject}) => `route ${subject ?? ''} took its other branch`,
};

const stateText = ({subject, other}: SkipReason): string => {
	if (other === 'state_bound_compact_missing_affinity') {
		return 'state-bound compact request requires existing route affinity';
	}

	return other === 'hard_affinity'
		? `the session is tied to ${subject ?? 'another upstream'} (affinity_policy is hard)`
		: `the session's state can only be read by ${subject ?? 'its issuer'}`;
};

/** Why a candidate stands where it stands. */
export const noteText = (note: NoteCode, pin: PinEvaluation | undefined): string => {
	switch (note) {
		case 'pinned': {
			return pin?.pin.mode === 'prefer' ? 'you prefer it' : 'you pinned it: only it may serve';
		}

		case 'affinity': {
			return 'the session stays with the upstream that served it last';
		}

		case 'state_home': {
			return "it can read the session's state";
		}

		case 'needs_repair': {
			return 'it may serve only without the state that another upstream issued';
		}

		default: {
			return 'it broke off an answer of this turn: tried last';
		}
	}
};

/** Why a plan is closed to all candidates, or to all but the first. */
export const blockedText = (reason: BlockedReason): string => {
	switch (reason) {
		case 'state_bound_compact_missing_affinity': {
			return 'state-bound compact request requires existing route affinity';
		}

		case 'provider_state_bound': {
			return 'only the upstream that issued the state can read it';
		}

		case 'hard_affinity': {
			return 'affinity_policy is hard: the session stays with its upstream';
		}

		default: {
			return 'affinity_policy is hard and the session has no upstream yet: the first one that is asked decides';
		}
	}
};

/** Why a pin leaves nothing eligible; undefined where it does not. */
export const pinProblemText = ({pin, problem, scope}: PinEvaluation): string | undefined => {
	const whose = scope === 'session' ? "the session's pin" : 'the pin';
	switch (problem) {
		case 'unknown': {
			return `${whose} names ${pin.endpointKey}, which no route reaches. Take the pin back or add it to a route.`;
		}

		case 'disabled': {
			return `${whose} names ${pin.endpointKey}, which is disabled in the configuration. Take the pin back or enable it.`;
		}

		default: {
			return undefined;
		}
	}
};
