import {classNames, type Fault} from './classify/error-class.ts';

/*
 * What the `[retry]` section says (codex-helper.md 1.7), resolved: profile first, explicit fields over it. This is only its shape and how its lists
 * match; the file is read by config/.
 */

/** Statuses from `from` to `to`, both included. */
export interface StatusRange {
	readonly from: number;
	readonly to: number;
}

/** One layer of the section: `[retry.upstream]` (the same endpoint again) or `[retry.provider]` (the next candidate). */
export interface RetryLayer {
	readonly backoffMs: number;
	readonly backoffMaxMs: number;
	readonly jitterMs: number;
	readonly onStatus: readonly StatusRange[];
	readonly onClass: readonly string[];
}

/** The whole section. */
export interface RetryRules {
	readonly upstream: RetryLayer & {
		/** Sends to one endpoint in all, 1 to 8. 1 unless the file has a `[retry]` section: each candidate is tried once (routing.md 5). */
		readonly maxAttempts: number;
	};
	readonly provider: RetryLayer & {
		/** Candidates tried in all, 1 to 8; undefined where the file does not state it: then it limits nothing (routing.md 5). */
		readonly maxAttempts: number | undefined;
		/** The file states `on_status` or `on_class` itself: then they decide, else what the failure is. */
		readonly isStated: boolean;
	};
	readonly neverOnStatus: readonly StatusRange[];
	readonly neverOnClass: readonly string[];
}

/** What of a failure the section's lists look at. */
export interface ListedFailure {
	readonly status: number | undefined;
	readonly fault?: Fault | undefined;
}

const isInRanges = (status: number | undefined, ranges: readonly StatusRange[]): boolean =>
	status !== undefined && ranges.some(({from, to}) => status >= from && status <= to);

const isInClasses = ({fault}: ListedFailure, classes: readonly string[]): boolean =>
	classNames(fault?.errorClass).some(name => classes.includes(name));

/**
 * Whether the guardrails end it: a never class always wins; a never status is overridden by an explicit `on_class` match of the layer
 * (a Cloudflare page on a 400).
 */
export const isNever = (rules: RetryRules, layer: RetryLayer, failure: ListedFailure): boolean =>
	isInClasses(failure, rules.neverOnClass) ||
	(isInRanges(failure.status, rules.neverOnStatus) && !isInClasses(failure, layer.onClass));

/** Whether a layer's lists name a failure. */
export const isListed = (layer: RetryLayer, failure: ListedFailure): boolean =>
	isInRanges(failure.status, layer.onStatus) || isInClasses(failure, layer.onClass);
