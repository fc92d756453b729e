import path from 'node:path';
import {RelayError} from '../../base/errors.ts';
import type {Config, Location} from '../../config/config.ts';
import type {ExplainQuestion, ExplainStep, ExplainView, WhatIf} from '../../event/explain.ts';
import type {CandidateView, PlanView} from '../../event/plan-view.ts';
import type {RequestView, TraceEntry} from '../../event/view.ts';
import {endpointLabel} from '../../observe/endpoint-label.ts';
import {explainPlan} from '../../route/explain.ts';
import type {RouteCall} from '../../route/inputs.ts';
import {blockedText, noteText, pinProblemText, reasonText} from '../../route/reason-text.ts';
import type {RouteCandidate, RoutePlan} from '../../route/route-plan.ts';
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
	const service = `${question.service}${question.model === undefined ? '' : ` request for ${clean(question.model)}`}`;
	const verb = question.whatIf === undefined ? 'does' : 'would';
	return {
		question: `Where ${verb} the next ${question.model === undefined ? `${service} request` : service} go?`,
		chosen: plan.selected && nameOf(plan.selected),
		steps: [...noteSteps(plan), ...plan.candidates.map(candidate => candidateStep(candidate, plan, clean))],
		detail: explainPlan(plan, {runtimeLoadedAtMs: startedAtMs}),
	};
};

/** An ordinary turn without hidden state, after the session's override and profile. */
const callOf = (
	{service, model, sessionId, serviceTier, effort}: ExplainQuestion,
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
		client: service === 'codex' ? 'codex' : 'claude-code',
		method: 'POST',
		path: service === 'codex' ? '/v1/responses' : '/v1/messages',
		headers: {},
		model: asked.model.value,
		tier: asked.tier.value,
		effort: asked.effort.value,
		kind: 'turn',
		...{sessionId, isSubagent: false, subagent: undefined, cwd: undefined},
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
	const problem = pin && pinProblemText(pin);
	return [
		...conditions.map(({node, matched}): ExplainStep => ({
			mark: 'note',
			subject: `route ${node.name}`,
			text: matched ? 'its condition holds: branch then' : 'its condition does not hold: branch default',
			location: placeOf(node.location),
		})),
		...(pin === undefined
			? []
			: [
					{
						mark: 'note' as const,
						subject: 'pin',
						text: problem ?? `${endpointLabel(pin.pin.endpointKey)} is pinned (${pin.pin.mode}, ${pin.scope})`,
					},
				]),
		...(inputs.affinity === undefined
			? []
			: [
					{
						mark: 'note' as const,
						subject: 'session',
						text: `${endpointLabel(inputs.affinity.endpointKey)} served it last: ${affinityTexts[affinity.reason]} (${affinity.config.policy})`,
					},
				]),
		...(continuity.blockedReason === undefined
			? []
			: [{mark: 'note' as const, subject: 'state', text: blockedText(continuity.blockedReason)}]),
	];
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
	const said = [
		...notes.map(note => noteText(note, plan.pin)),
		...skips.map(skip => clean(reasonText(skip, plan.inputs.nowMs))),
	];
	const place = `group ${preferenceGroup}${routePath.length === 0 ? '' : ` by ${routePath.join(' › ')}`}`;
	return {
		mark: isChosen ? 'chosen' : eligible ? 'yes' : 'no',
		subject: nameOf(candidate),
		text: said.length === 0 ? place : `${said.join('; ')}${eligible ? `, ${place}` : ''}`,
		location: placeOf(skips.find(({location}) => location !== undefined)?.location ?? endpoint.location),
	};
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
	return {
		question:
			served === undefined
				? `Why could nobody serve ${requestId}?`
				: `Why did ${requestId} go to ${endpointLabel(served)}?`,
		chosen: first && pastName(first),
		steps: [
			...(plan.pin === undefined
				? []
				: [
						{
							mark: 'note' as const,
							subject: 'pin',
							text: `${endpointLabel(plan.pin.endpointKey)} was pinned (${plan.pin.mode})`,
						},
					]),
			...plan.candidates.map(candidate => pastStep(candidate, request, first)),
			...request.attempts.map(({attempt, endpointKey, outcome, reason}): ExplainStep => ({
				mark: outcome === 'success' ? 'chosen' : outcome === 'running' ? 'yes' : 'no',
				subject: `attempt ${attempt}`,
				text: `${endpointLabel(endpointKey)}: ${outcome === 'success' ? 'served it' : outcome === 'running' ? 'is answering' : (reason ?? outcome)}`,
			})),
		],
		detail: {request_id: requestId, plan},
	};
};

const pastName = ({endpointKey, account}: CandidateView): string =>
	account === undefined ? endpointLabel(endpointKey) : `${endpointLabel(endpointKey)} (${account})`;

const pastStep = (candidate: CandidateView, {attempts}: RequestView, first: CandidateView | undefined): ExplainStep => {
	const {eligible, reasons, preferenceGroup, routePath, endpointKey} = candidate;
	const wasTried = attempts.some(attempt => attempt.endpointKey === endpointKey);
	const said = reasons.map(({text}) => text).join('; ');
	const place = `group ${preferenceGroup}${routePath.length === 0 ? '' : ` by ${routePath.join(' › ')}`}`;
	return {
		mark: candidate === first ? 'chosen' : eligible ? 'yes' : 'no',
		subject: pastName(candidate),
		text: [said, eligible ? place : '', eligible && !wasTried ? 'not asked' : '']
			.filter(part => part !== '')
			.join(', '),
		location: reasons
			.find(({location}) => location !== undefined)
			?.location?.split('/')
			.at(-1),
	};
};

const isPlanView = (value: unknown): value is PlanView =>
	typeof value === 'object' && value !== null && 'candidates' in value && Array.isArray(value.candidates);
