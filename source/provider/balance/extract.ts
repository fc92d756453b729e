/** The user's own paths and numbers of an entry of `usage_providers.json` (`extract`, codex-helper.md 1.11); they go before the built-in ones. */
export interface ExtractRules {
	readonly remainingPaths: readonly string[];
	readonly subscriptionPaths: readonly string[];
	readonly paygoPaths: readonly string[];
	readonly budgetPaths: readonly string[];
	readonly spentPaths: readonly string[];
	readonly exhaustedPaths: readonly string[];
	readonly remainingDivisor: number | undefined;
	readonly budgetDivisor: number | undefined;
	readonly spentDivisor: number | undefined;
	readonly derivesBudget: boolean;
	readonly derivesRemaining: boolean;
}

/** No rules of the user. */
export const noRules: ExtractRules = {
	remainingPaths: [],
	subscriptionPaths: [],
	paygoPaths: [],
	budgetPaths: [],
	spentPaths: [],
	exhaustedPaths: [],
	remainingDivisor: undefined,
	budgetDivisor: undefined,
	spentDivisor: undefined,
	derivesBudget: false,
	derivesRemaining: false,
};
