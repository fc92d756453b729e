import type {Account} from '../config/config.ts';
import type {Affinity, PlanInputs} from './inputs.ts';
import type {LayoutLeaf} from './layout.ts';
import type {BlockedReason, Continuity} from './route-plan.ts';
import {stateOwner} from './state-owner.ts';

/*
 * The decision table of codex-helper.md 2.9, with what routing.md 3 and 4 make of it: hard is hard for every turn, and an ordinary turn's
 * foreign state is left out elsewhere, never sent blindly.
 */

/** An affinity whose endpoint is still there under the same base URL; other changes of the graph do not touch it. */
export interface KnownAffinity {
	readonly leaf: LayoutLeaf;
	readonly account: string;
}

/** Who may serve, as far as hidden state decides. */
export interface Tie {
	readonly class: Continuity['class'];
	readonly isBound: boolean;
	readonly known: KnownAffinity | undefined;
	/** `endpoint`, `account` and `domain` are those of the affinity, `home` is whoever can read the state. */
	readonly allowed: 'all' | 'endpoint' | 'account' | 'domain' | 'home' | 'none';
	/** Somebody is known to be able to read the state. */
	readonly hasHome: boolean;
	/** Owner of the state as `stateOwner` names it; undefined: only the affinity tells. */
	readonly owner: string | undefined;
	/** Elsewhere than at home the bound parts are left out. */
	readonly repairsElsewhere: boolean;
	readonly failoverAllowed: boolean;
	readonly blockedReason: BlockedReason | undefined;
}

/** What a {@link Tie} is decided from; `endpointCount` is the table's N, 1 under a pin that allows nobody else. */
export interface TieInputs {
	readonly inputs: PlanInputs;
	readonly known: KnownAffinity | undefined;
	readonly endpointCount: number;
}

/** One row of the table. */
export const decideTie = ({inputs, known: found, endpointCount}: TieInputs): Tie => {
	const {state} = inputs.call;
	const {policy} = inputs.graph.affinity;
	const isCompact = state.kind !== 'ordinary';
	const isBound = state.isBound || state.kind === 'compact-v2';
	// A removed account took its state along.
	const known = found && isBound && !hasAccount(found) ? undefined : found;
	const isHard = policy === 'hard' || (policy === 'hard-compact' && isCompact);
	const owner = isBound ? state.owner : undefined;
	const hasHome = isBound && (owner !== undefined || known !== undefined);
	const isMovable = isCompact || state.isRepairable;
	const base: Tie = {
		class: isBound ? 'provider_state_bound' : 'stateless_or_session_preferred',
		isBound,
		known,
		allowed: hasHome && !isMovable ? 'home' : 'all',
		hasHome,
		owner,
		repairsElsewhere: hasHome && !isCompact && state.isRepairable,
		failoverAllowed: true,
		blockedReason: undefined,
	};
	if (!isHard) {
		return base;
	}

	return known ? hardKnown(base, known) : isCompact ? hardUnknown(base, endpointCount) : base;
};

const hasAccount = ({leaf, account}: KnownAffinity): boolean =>
	leaf.endpoint.accounts.some(({label}) => label === account);

const hardKnown = (base: Tie, {leaf}: KnownAffinity): Tie => {
	if (leaf.endpoint.continuityDomain !== undefined) {
		return {...base, allowed: 'domain'};
	}

	return base.isBound
		? {...base, allowed: 'account', failoverAllowed: false, blockedReason: 'provider_state_bound'}
		: {...base, allowed: 'endpoint', failoverAllowed: false, blockedReason: 'hard_affinity'};
};

const hardUnknown = (base: Tie, endpointCount: number): Tie => {
	if (!base.isBound) {
		return {...base, failoverAllowed: false, blockedReason: 'hard_first_attempt'};
	}

	return endpointCount === 1
		? base
		: {...base, allowed: 'none', failoverAllowed: false, blockedReason: 'state_bound_compact_missing_affinity'};
};

/** Whether a candidate is the affinity's own endpoint or in its explicit domain. */
const isInDomain = (leaf: LayoutLeaf, known: KnownAffinity): boolean => {
	const domain = known.leaf.endpoint.continuityDomain;
	return leaf === known.leaf || (domain !== undefined && domain === leaf.endpoint.continuityDomain);
};

/** Whether a candidate can read the state; false where nobody knows. */
export const isHome = ({owner, known, hasHome}: Tie, leaf: LayoutLeaf, account: Account): boolean => {
	if (!hasHome) {
		return false;
	}

	if (owner === undefined) {
		return (
			known !== undefined &&
			isInDomain(leaf, known) &&
			(known.leaf.endpoint.continuityDomain !== undefined || account.label === known.account)
		);
	}

	// Without a domain only the account that issued the state can read it, where the affinity tells which one that was.
	const isAccountKnown =
		known !== undefined &&
		known.leaf.endpoint.continuityDomain === undefined &&
		stateOwner(known.leaf.endpoint) === owner;
	return stateOwner(leaf.endpoint) === owner && (!isAccountKnown || account.label === known.account);
};

/** Whether the tie lets a candidate serve at all. */
export const isAllowed = (tie: Tie, leaf: LayoutLeaf, account: Account): boolean => {
	const {allowed, known} = tie;
	switch (allowed) {
		case 'all': {
			return true;
		}

		case 'none': {
			return false;
		}

		case 'home': {
			return isHome(tie, leaf, account);
		}

		default: {
			return (
				known !== undefined &&
				isInDomain(leaf, known) &&
				(allowed !== 'account' || account.label === known.account) &&
				isReadable(tie, leaf, account)
			);
		}
	}
};

/** A hard affinity does not make state readable that was issued elsewhere and cannot be left out. */
const isReadable = (tie: Tie, leaf: LayoutLeaf, account: Account): boolean =>
	tie.owner === undefined || tie.repairsElsewhere || tie.blockedReason !== undefined || isHome(tie, leaf, account);

/** The affinity's leaf, where the same endpoint with the same base URL is still there. */
export const findKnown = (affinity: Affinity | undefined, leaves: readonly LayoutLeaf[]): KnownAffinity | undefined => {
	const leaf = affinity && leaves.find(({endpoint}) => endpoint.key === affinity.endpointKey);
	return leaf?.endpoint.baseUrl === affinity?.baseUrl && leaf && affinity
		? {leaf, account: affinity.account}
		: undefined;
};
