import type {Account, Location} from '../config/config.ts';
import {isAllowed, type Tie} from './continuity.ts';
import type {CandidateHealth, PlanInputs} from './inputs.ts';
import type {Layout, LayoutLeaf} from './layout.ts';
import {isModelSupported} from './model.ts';
import type {PinEvaluation, SkipCode, SkipReason} from './route-plan.ts';
import {stateOwner} from './state-owner.ts';

/* Which candidates may serve, and why the others may not. All reasons are found, not only the first: explain shows what is left to mend. */

/** Every candidate's judgement, by its index in the layout. */
export interface Judgement {
	readonly healths: readonly CandidateHealth[];
	readonly skips: ReadonlyArray<readonly SkipReason[]>;
}

/** What {@link judge} reads besides the inputs. */
export interface JudgeContext {
	readonly inputs: PlanInputs;
	readonly layout: Layout;
	readonly tie: Tie;
	readonly pin: PinEvaluation | undefined;
}

interface SpentGroup {
	readonly account: Account;
	readonly untilMs: number | undefined;
}

const noSkips: readonly SkipReason[] = Object.freeze([]);

/** Reads the health of every candidate once and judges it. */
export const judge = (context: JudgeContext): Judgement => {
	const {inputs, layout} = context;
	const healths: CandidateHealth[] = [];
	const skips: Array<readonly SkipReason[]> = [];
	let groups: Map<string, SpentGroup> | undefined;
	for (const {endpoint} of layout.leaves) {
		for (const account of endpoint.accounts) {
			const health = inputs.health.of(endpoint.key, account.label, inputs.call.model);
			healths.push(health);
			if (account.quotaGroup !== undefined && isSpent(health, inputs.nowMs)) {
				groups ??= new Map();
				groups.set(account.quotaGroup, {account, untilMs: health.exhausted?.untilMs ?? health.untilMs});
			}
		}
	}

	const isUntied = context.tie.allowed === 'all' && groups === undefined;
	for (const leaf of layout.leaves) {
		const shared = endpointSkips(leaf, context);
		let index = leaf.firstCandidate;
		for (const account of leaf.endpoint.accounts) {
			const health = healths[index++];
			// The usual case: closed, with a key, with room.
			const isPlain = isUntied && health !== undefined && isSpotless(leaf, account, health);
			skips.push(isPlain || !health ? shared : accountSkips({leaf, account, health, shared, groups}, context));
		}
	}

	return {healths, skips};
};

const isOpen = ({phase, untilMs}: CandidateHealth, nowMs: number): boolean =>
	// One whose time is over is about to be probed: what-if asks about later times with the health of now.
	phase === 'open' && (untilMs === undefined || untilMs > nowMs);

const isExhausted = ({exhausted}: CandidateHealth, nowMs: number): boolean =>
	exhausted !== undefined && (exhausted.untilMs === undefined || exhausted.untilMs > nowMs);

const isSpent = (health: CandidateHealth, nowMs: number): boolean =>
	isExhausted(health, nowMs) || (isOpen(health, nowMs) && (health.cause === 'limit' || health.cause === 'quota'));

const skip = (code: SkipCode, location: Location | undefined, facts?: Partial<SkipReason>): SkipReason =>
	Object.freeze({
		code,
		location,
		untilMs: facts?.untilMs,
		subject: facts?.subject,
		other: facts?.other,
		count: facts?.count,
		limit: facts?.limit,
	});

const endpointSkips = (leaf: LayoutLeaf, {inputs, pin}: JudgeContext): readonly SkipReason[] => {
	const {endpoint, notTaken} = leaf;
	const {call, speaks, health} = inputs;
	const {location} = endpoint;
	let found: SkipReason[] | undefined;
	const add = (reason: SkipReason): void => {
		(found ??= []).push(reason);
	};
	if (!endpoint.enabled) {
		add(skip('runtime_disabled', location));
	}

	if (notTaken && pin?.pin.endpointKey !== endpoint.key) {
		add(skip('condition_not_met', notTaken.location, {subject: notTaken.name}));
	}

	if (!speaks(endpoint.dialect, call.dialect)) {
		add(skip('dialect_mismatch', location, {subject: call.dialect, other: endpoint.dialect}));
	}

	if (call.model !== undefined && !isModelSupported(endpoint, call.model)) {
		add(skip('unsupported_model', location, {subject: call.model}));
	}

	if (call.needs.size > 0) {
		for (const need of call.needs) {
			const known = health.capability(endpoint.key, call.model, need);
			if (known?.has === false) {
				add(skip('capability_missing', location, {subject: need, other: known.source}));
			}
		}
	}

	if (pin?.pin.mode === 'only' && pin.pin.endpointKey !== endpoint.key) {
		add(skip('not_pinned', undefined, {subject: pin.pin.endpointKey, untilMs: pin.pin.untilMs}));
	}

	return found ?? noSkips;
};

interface Subject {
	readonly leaf: LayoutLeaf;
	readonly account: Account;
	readonly health: CandidateHealth;
	readonly shared: readonly SkipReason[];
	readonly groups: ReadonlyMap<string, SpentGroup> | undefined;
}

const accountSkips = (subject: Subject, {inputs: {nowMs}, tie}: JudgeContext): readonly SkipReason[] => {
	const {leaf, account, health, shared} = subject;
	const location = account.location ?? leaf.endpoint.location;
	const isTied = tie.allowed !== 'all' && !isAllowed(tie, leaf, account);
	const found: SkipReason[] = shared.slice();
	if (isTied) {
		const owner = tie.owner ?? (tie.known && stateOwner(tie.known.leaf.endpoint));
		found.push(skip('state_bound', undefined, {subject: owner, other: tie.blockedReason}));
	}

	if (!account.enabled) {
		found.push(skip('runtime_disabled', location, {subject: account.label}));
	}

	if (health.isPaused) {
		found.push(skip('account_paused', undefined, {subject: account.label}));
	}

	if (health.missingCredential !== undefined) {
		found.push(skip('missing_auth', location, {subject: health.missingCredential}));
	}

	addBreaker(found, health, nowMs);
	addUsage(found, subject, nowMs);
	if (isSaturated(health)) {
		found.push(
			skip('concurrency_saturated', location, {
				subject: health.limitKey,
				count: health.active,
				limit: health.limit,
			}),
		);
	}

	return found.length === shared.length ? shared : found;
};

const isSaturated = ({active, limit, hasQueueRoom}: CandidateHealth): boolean =>
	limit !== undefined && active >= limit && !hasQueueRoom;

const isSpotless = (leaf: LayoutLeaf, account: Account, health: CandidateHealth): boolean =>
	account.enabled &&
	health.phase === 'closed' &&
	!health.isPaused &&
	health.missingCredential === undefined &&
	health.exhausted === undefined &&
	!isSaturated(health) &&
	(leaf.stopBelow === undefined || (health.quotaUsed ?? 0) < leaf.stopBelow);

const addBreaker = (found: SkipReason[], health: CandidateHealth, nowMs: number): void => {
	const {reason: subject, untilMs, failures: count} = health;
	if (health.phase === 'half-open' && health.isProbing) {
		found.push(skip('probe_running', undefined));
	}

	if (isOpen(health, nowMs)) {
		found.push(skip(breakerCode(health.cause), undefined, {subject, untilMs, count}));
	}
};

const breakerCode = (cause: CandidateHealth['cause']): SkipCode => {
	switch (cause) {
		case 'auth': {
			return 'auth_failed';
		}

		case 'limit': {
			return 'cooldown';
		}

		case 'quota': {
			return 'usage_exhausted';
		}

		default: {
			return 'breaker_open';
		}
	}
};

const addUsage = (found: SkipReason[], {leaf, account, health, groups}: Subject, nowMs: number): void => {
	const {exhausted, quotaUsed} = health;
	if (exhausted && isExhausted(health, nowMs)) {
		found.push(skip('usage_exhausted', undefined, {subject: exhausted.text, untilMs: exhausted.untilMs}));
	}

	if (leaf.stopBelow !== undefined && quotaUsed !== undefined && quotaUsed >= leaf.stopBelow) {
		const node = leaf.turns.find(({branch}) => branch.balanced?.stopBelow === leaf.stopBelow)?.branch.balanced;
		found.push(skip('usage_exhausted', node?.location, {count: quotaUsed, limit: leaf.stopBelow}));
	}

	const spent = account.quotaGroup === undefined ? undefined : groups?.get(account.quotaGroup);
	if (spent && !isSpent(health, nowMs)) {
		const {untilMs, account: other} = spent;
		found.push(skip('quota_group', account.location, {subject: account.quotaGroup, other: other.label, untilMs}));
	}
};
