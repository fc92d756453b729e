import type {BalanceReading} from '../../wire/balance.ts';
import type {ExtractRules} from './extract.ts';

/** The nine kinds of codex-helper.md 1.11. */
export type BalanceKindName =
	| 'budget_http_json'
	| 'yescode_profile'
	| 'openai_balance_http_json'
	| 'sub2api_usage'
	| 'sub2api_auth_me'
	| 'new_api_token_usage'
	| 'new_api_user_self'
	| 'rightcode_account_summary'
	| 'openai_organization_costs';

/** One 2xx answer with what is needed to understand it. */
export interface BalanceAnswer {
	readonly json: unknown;
	readonly rules: ExtractRules;
	/** The endpoint's base URL; the plan of a relay may depend on its path. */
	readonly baseUrl: string;
	readonly nowMs: number;
}

/** What an answer came to: a reading, or a fault that it states or that its shape is (one phrase of the upstream or of ours). */
export type BalanceResult =
	| {readonly kind: 'reading'; readonly reading: BalanceReading}
	| {readonly kind: 'fault'; readonly text: string};

/** One kind of balance endpoint: how it is asked and how its answer is read. */
export interface BalanceKind {
	readonly name: BalanceKindName;
	readonly aliases: readonly string[];
	/** A template; undefined: the entry must name one. */
	readonly endpoint: string | undefined;
	readonly tokenHeader: 'authorization' | 'x-api-key';
	/** The variable that holds its token where the entry names none; undefined: the endpoint's own key. */
	readonly tokenEnv: string | undefined;
	/** Headers of the kind, as templates; one whose variable nobody set is left out. */
	readonly headers: Readonly<Record<string, string>>;
	/** Its exhaustion demotes an endpoint unless the entry says otherwise. */
	readonly isTrusted: boolean;
	readonly read: (answer: BalanceAnswer) => BalanceResult;
}

/** The result for an answer in which nothing of the kind was found. */
export const nothingFound = (kind: BalanceKindName): BalanceResult => ({
	kind: 'fault',
	text: `its answer has no field that ${kind} knows`,
});
