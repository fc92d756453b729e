import path from 'node:path';
import {RelayError} from '../../base/errors.ts';
import type {Config, Location} from '../../config/config.ts';
import type {ExplainQuestion, ExplainStep, ExplainView, WhatIf} from '../../event/explain.ts';
import type {CandidateView, PlanView, Saying} from '../../event/plan-view.ts';
import type {AttemptView, Pin, RequestView, TraceEntry} from '../../event/view.ts';
import {endpointLabel} from '../../observe/endpoint-label.ts';
import {explainPlan} from '../../route/explain.ts';
import type {RouteCall} from '../../route/inputs.ts';
import {blockedText, noteSaying, pinProblemText, skipSaying} from '../../route/reason-text.ts';
import type {PinEvaluation, RouteCandidate, RoutePlan} from '../../route/route-plan.ts';
import {whatIf} from '../../route/what-if.ts';
import type {Brain} from './brain.ts';
import {askOf} from './session-profile.ts';

/*
 * Why a request went where it went, or where the next one would go (routing.md 1; architecture.md, rule 10): a past request's plan is read from its
 * control trace, any other is planned now by the function that routes.
 */

/** What an explanation is made from. */
export interface ExplainerOptions {
	readonly brain: Pick<Brain, 'router' | 'continuity'>;
	readonly config: () => Config;
	readonly requestOf: (requestId: string) => RequestView | undefined;
	readonly traceOf: (requestId: string) => readonly TraceEntry[];
	readonly startedAtMs: number;
	/** Takes control characters and secrets out: a reason may quote an upstream. */
	readonly clean: (text: string) => string;
}

/** Answers a question. Throws RelayError `unknown-request`, `plan-forgotten` or `unknown-endpoint`. */
export const explainQuestion = (question: ExplainQuestion, options: ExplainerOptions): ExplainView =>
	question.requestId === undefined ? explainNow(question, options) : explainPast(question.requestId, options);

const explainNow = (question: ExplainQuestion, options: ExplainerOptions): ExplainView => {
	const {brain, config, startedAtMs, clean} = options;
	const inputs = brain.router.inputs({
		call: callOf(question, options),
		config: config(),
		login: undefined,
		brokeOff: new Set(),
	});
	const plan = whatIf(inputs, changesOf(question.whatIf ?? {}, config(), inputs.pins));
	const asked = askedNext(question, clean);
	return {
		...{question: asked.text, asked},
		chosen: plan.selected && nameOf(plan.selected),
		steps: [...noteSteps(plan), ...plan.candidates.map(candidate => candidateStep(candidate, plan, clean))],
		detail: explainPlan(plan, {runtimeLoadedAtMs: startedAtMs}),
	};
};

const askedNext = ({service, model, whatIf: changes}: ExplainQuestion, clean: (text: string) => string): Saying => {
	const verb = changes === undefined ? 'does' : 'would';
	const request = `${service} request${model === undefined ? '' : ` for ${clean(model)}`}`;
	return {
		code: changes === undefined ? 'next' : 'what_if',
		text: `Where ${verb} the next ${request} go?`,
		values: {service, ...(model === undefined ? {} : {model: clean(model)})},
	};
};

/** A request without hidden state, an ordinary turn where nothing else is said, after the session's override and profile. */
const callOf = (
	{service, model, sessionId, serviceTier, effort, request}: ExplainQuestion,
	{brain, config: readConfig}: ExplainerOptions,
): RouteCall => {
	const {byName, defaultProfile} = readConfig().services[service].profiles;
	const override = brain.continuity.overrides.of(service, sessionId);
	const binding = brain.continuity.profiles.of(service, sessionId, defaultProfile);
	const profile = binding?.mode === 'manual' ? byName.get(binding.name) : undefined;
	const asked = askOf({request: {model, effort, tier: serviceTier}, override, binding, profile});
	return {
		service,
		dialect: service === 'codex' ? 'responses' : 'messages',
		client: request?.client ?? (service === 'codex' ? 'codex' : 'claude-code'),
		method: request?.method ?? 'POST',
		path: request?.path ?? (service === 'codex' ? '/v1/responses' : '/v1/messages'),
		headers: request?.headers ?? {},
		model: asked.model.value,
		tier: asked.tier.value,
		effort: asked.effort.value,
		kind: request?.kind ?? (request?.subagent === undefined ? 'turn' : 'subagent'),
		...{sessionId, subagent: request?.subagent, cwd: request?.cwd},
		isSubagent: request?.subagent !== undefined || request?.kind === 'subagent',
		state: {kind: 'ordinary', isBound: false, binding: [], owner: undefined, isRepairable: true},
		needs: new Set(),
	};
};

const changesOf = (
	{down, up, inMs, withoutAffinity, withoutPin}: WhatIf,
	config: Config,
	pins: {readonly global: unknown; readonly session: unknown},
): Parameters<typeof whatIf>[1] => ({
	...(down === undefined ? {} : {down: keysOf(down, config)}),
	...(up === undefined ? {} : {up: keysOf(up, config)}),
	...(inMs === undefined ? {} : {laterMs: inMs}),
	...(withoutAffinity === true ? {forgetsAffinity: true} : {}),
	...(withoutPin === true && (pins.global ?? pins.session) !== undefined ? {forgetsPins: true} : {}),
});

/** A provider stands for all its endpoints. */
const keysOf = (names: readonly string[], config: Config): ReadonlySet<string> =>
	new Set(names.flatMap(name => keysOfName(name, config)));

const keysOfName = (name: string, config: Config): readonly string[] => {
	const endpoints = Object.values(config.services).flatMap(service => service.endpoints);
	const found = endpoints.filter(
		({key, provider, endpoint}) => key === name || provider === name || `${provider}.${endpoint}` === name,
	);
	if (found.length === 0) {
		const known = [...new Set(endpoints.map(({provider}) => provider))].join(', ');
		throw new RelayError('unknown-endpoint', `There is no provider or endpoint "${name}"; there are ${known}.`);
	}

	return found.map(({key}) => key);
};

const nameOf = ({endpoint, account}: RouteCandidate): string =>
	endpoint.accounts.length > 1 ? `${endpointLabel(endpoint.key)} (${account.label})` : endpointLabel(endpoint.key);

const placeOf = (location: Location | undefined): string | undefined =>
	location && `${path.basename(location.path)}:${location.line}`;

const noteSteps = (plan: RoutePlan): readonly ExplainStep[] => {
	const {conditions, pin, affinity, continuity, inputs} = plan;
	return [
		...conditions.map(({node, matched}): ExplainStep => ({
			...noteStep(`route ${node.name}`, branchSaying(matched)),
			location: placeOf(node.location),
		})),
		...(pin === undefined ? [] : [noteStep('pin', pinSaying(pin))]),
		...(inputs.affinity === undefined
			? []
			: [noteStep('session', affinitySaying(inputs.affinity.endpointKey, affinity))]),
		...(continuity.blockedReason === undefined
			? []
			: [noteStep('state', {code: continuity.blockedReason, text: blockedText(continuity.blockedReason)})]),
	];
};

const noteStep = (subject: string, saying: Saying): ExplainStep => ({
	...{mark: 'note', subject},
	...{text: saying.text, sayings: [saying]},
});

const branchSaying = (matched: boolean): Saying =>
	matched
		? {code: 'branch_then', text: 'its condition holds: branch then'}
		: {code: 'branch_default', text: 'its condition does not hold: branch default'};

const pinSaying = (evaluation: PinEvaluation): Saying => {
	const {pin, scope, problem} = evaluation;
	const name = endpointLabel(pin.endpointKey);
	return {
		code: problem === undefined ? 'pin' : `pin_${problem}`,
		text: pinProblemText(evaluation) ?? `${name} is pinned (${pin.mode}, ${scope})`,
		values: {name, mode: pin.mode, scope},
	};
};

const affinitySaying = (endpointKey: string, {reason, config: {policy}}: RoutePlan['affinity']): Saying => {
	const name = endpointLabel(endpointKey);
	return {
		code: `affinity_${reason}`,
		text: `${name} served it last: ${affinityTexts[reason]} (${policy})`,
		values: {name, policy},
	};
};

const affinityTexts: Readonly<Record<RoutePlan['affinity']['reason'], string>> = {
	none: 'nothing is known',
	endpoint_gone: 'it is not configured any more',
	policy_off: 'the policy does not look at it',
	unavailable: 'it cannot serve now',
	other_group_is_better: 'a better group can serve',
	fallback_ttl_elapsed: 'its time is over, a better group is tried',
	reprobe_preferred: 'it is time to try a better group again',
	pinned_elsewhere: 'another one is pinned',
	sticky: 'the session stays with it',
	compact: 'a compaction goes there first',
	hard: 'the session may go nowhere else',
	state: 'it can read the session’s state',
};

const candidateStep = (candidate: RouteCandidate, plan: RoutePlan, clean: (text: string) => string): ExplainStep => {
	const {skips, notes, eligible, endpoint, preferenceGroup, routePath} = candidate;
	const isChosen = candidate === plan.selected;
	const reasons = [
		...notes.map(note => noteSaying(note, plan.pin)),
		...skips.map(skip => skipSaying(skip, plan.inputs.nowMs, clean)),
	];
	const place = placeSaying(preferenceGroup, routePath);
	const said = reasons.map(({text}) => text).join('; ');
	return {
		mark: isChosen ? 'chosen' : eligible ? 'yes' : 'no',
		subject: nameOf(candidate),
		text: said === '' ? place.text : `${said}${eligible ? `, ${place.text}` : ''}`,
		sayings: said === '' || eligible ? [...reasons, place] : reasons,
		location: placeOf(skips.find(({location}) => location !== undefined)?.location ?? endpoint.location),
	};
};

const placeSaying = (group: number, routePath: readonly string[]): Saying => {
	const by = routePath.join(' › ');
	return {code: 'place', text: `group ${group}${by === '' ? '' : ` by ${by}`}`, values: {group, by}};
};

const explainPast = (requestId: string, {requestOf, traceOf}: ExplainerOptions): ExplainView => {
	const request = requestOf(requestId);
	if (!request) {
		throw new RelayError('unknown-request', `There is no request ${requestId} (any more).`);
	}

	const plan = traceOf(requestId).find(({kind}) => kind === 'route-planned')?.detail['plan'];
	if (!isPlanView(plan)) {
		throw new RelayError(
			'plan-forgotten',
			`The plan of ${requestId} is not kept any more; control_trace.jsonl has it.`,
		);
	}

	const served = request.attempts.at(-1)?.endpointKey;
	const first = plan.candidates.find(({eligible}) => eligible);
	const asked: Saying =
		served === undefined
			? {code: 'nobody_could', text: `Why could nobody serve ${requestId}?`, values: {requestId}}
			: {
					code: 'went_to',
					text: `Why did ${requestId} go to ${endpointLabel(served)}?`,
					values: {requestId, name: endpointLabel(served)},
				};
	return {
		...{question: asked.text, asked},
		chosen: first && pastName(first),
		steps: [
			...(plan.pin === undefined ? [] : [noteStep('pin', pastPinSaying(plan.pin))]),
			...plan.candidates.map(candidate => pastStep(candidate, request, first)),
			...request.attempts.map(attemptStep),
		],
		detail: {request_id: requestId, plan},
	};
};

const pastPinSaying = ({endpointKey, mode}: Pin): Saying => {
	const name = endpointLabel(endpointKey);
	return {code: 'pin_was', text: `${name} was pinned (${mode})`, values: {name, mode}};
};

const attemptStep = ({attempt, endpointKey, outcome, reason = outcome}: AttemptView): ExplainStep => {
	const name = endpointLabel(endpointKey);
	const what = outcome === 'success' ? 'served it' : outcome === 'running' ? 'is answering' : reason;
	const text = `${name}: ${what}`;
	return {
		mark: outcome === 'success' ? 'chosen' : outcome === 'running' ? 'yes' : 'no',
		subject: `attempt ${attempt}`,
		text,
		sayings: [{code: `attempt_${outcome}`, text, values: {name, reason}}],
	};
};

const pastName = ({endpointKey, account}: CandidateView): string =>
	account === undefined ? endpointLabel(endpointKey) : `${endpointLabel(endpointKey)} (${account})`;

const pastStep = (candidate: CandidateView, {attempts}: RequestView, first: CandidateView | undefined): ExplainStep => {
	const {eligible, reasons, preferenceGroup, routePath, endpointKey} = candidate;
	const wasTried = attempts.some(attempt => attempt.endpointKey === endpointKey);
	const said = reasons.map(({text}) => text).join('; ');
	const place = placeSaying(preferenceGroup, routePath);
	const notAsked: Saying = {code: 'not_asked', text: 'not asked'};
	return {
		mark: candidate === first ? 'chosen' : eligible ? 'yes' : 'no',
		subject: pastName(candidate),
		text: [said, eligible ? place.text : '', eligible && !wasTried ? notAsked.text : '']
			.filter(part => part !== '')
			.join(', '),
		sayings: [...reasons, ...(eligible ? [place] : []), ...(eligible && !wasTried ? [notAsked] : [])],
		location: reasons
			.find(({location}) => location !== undefined)
			?.location?.split('/')
			.at(-1),
	};
};

const isPlanView = (value: unknown): value is PlanView =>
	typeof value === 'object' && value !== null && 'candidates' in value && Array.isArray(value.candidates);
