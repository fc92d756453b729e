import {readQuotaUse} from '../../attempt/rate-limit-headers.ts';
import type {AttemptResult} from '../../attempt/sink.ts';
import type {Call} from '../../identify/call.ts';
import {isAuxiliary} from '../../identify/paths.ts';
import {needsOf, type Need} from '../../identify/needs.ts';
import type {RouteCandidate} from '../../route/route-plan.ts';
import type {BalancePoller} from '../balance/balance-poller.ts';
import {capabilityFromError} from './capabilities-error.ts';
import type {CapabilityStore} from './capabilities.ts';
import {limitTargetOf} from './candidate-entry.ts';
import type {EndpointHealthBook} from './endpoint-health.ts';
import type {ReplyVerdict} from '../reply/reply.ts';

/** Ends a lesson: how the try came out, while its place is still held. */
export type EndLesson = (result: AttemptResult<ReplyVerdict>, ttfbMs: number | undefined) => void;

/** Who learns from tries. */
export interface LessonOptions {
	readonly book: Pick<EndpointHealthBook, 'limiter' | 'measure' | 'setQuotaUsed'>;
	readonly capabilities: Pick<CapabilityStore, 'observe' | 'seen'>;
	readonly balances: Pick<BalancePoller, 'requestPolls'>;
	/** Wall clock. */
	readonly now: () => number;
}

/** A token is about four bytes of a request; good enough to tell a busy account from an idle one. */
const bytesPerToken = 4;

/** Needs that nobody is passed over for: Codex offers hosted tools in nearly every request, and an upstream without them answers all the same. */
const unasked: ReadonlySet<Need> = new Set(['hosted_tools']);

/** Needs that an upstream serves because they are mended away (mender.ts): its success says nothing of them, and its refusal is no reason to pass it over. */
const mendedNeeds: ReadonlyMap<string, string> = new Map([
	['mend:no-images', 'vision'],
	['mend:schema-as-text', 'json_schema'],
	['mend:drop:parallel_tool_calls', 'parallel_tools'],
	['mend:drop:stream_options', 'streaming_usage'],
]);

/** What a call needs of an upstream that not every one has. */
export const neededBy = ({body, fields, words, dialect, target}: Call): ReadonlySet<string> => {
	if (body === undefined || fields === undefined) {
		return new Set();
	}

	const needs = needsOf({body, fields, words, dialect, isCompact: target.operation === 'compact', isWebSocket: false});
	return needs.size === 0 ? needs : new Set([...needs].filter(need => !unasked.has(need)));
};

/** What every try teaches beside health: concurrency, speed, used quota, capabilities, and when a balance is worth a look. */
export class Lessons {
	readonly #options: LessonOptions;

	constructor(options: LessonOptions) {
		this.#options = options;
	}

	/** A try begins; call the result when it has ended. */
	begin({endpoint, account}: RouteCandidate, call: Call, needs: ReadonlySet<string>): EndLesson {
		const {book} = this.#options;
		const measured = book.measure(endpoint.key, account.label, Math.ceil((call.body?.length ?? 0) / bytesPerToken));
		return (result, ttfbMs) => {
			const usage = result.kind === 'verdict' && 'usage' in result.verdict ? result.verdict.usage : undefined;
			const tokens = usage?.totalTokens ?? (usage && (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0));
			const isBeside = isAuxiliary(call.target);
			measured({tokens, ttfbMs: isBeside ? undefined : ttfbMs});
			const owner = {endpointKey: endpoint.key, account: account.label};
			this.#learnLimits(result, owner, isBeside ? undefined : limitTargetOf(endpoint, account));
			this.#learnNeeds(result, {endpointKey: endpoint.key, model: call.model, path: call.path, needs});
		};
	}

	#learnLimits(
		result: AttemptResult<ReplyVerdict>,
		owner: {readonly endpointKey: string; readonly account: string},
		limits: ReturnType<typeof limitTargetOf> | undefined,
	): void {
		const {book, balances, now} = this.#options;
		if (limits && isServed(result)) {
			book.limiter.served(limits);
		}

		if (result.kind === 'status' && (result.head.status === 429 || result.head.status === 529)) {
			if (limits) {
				book.limiter.refused(limits);
			}

			balances.requestPolls([owner]);
		}

		const use = result.head && readQuotaUse(result.head.headers, now());
		if (use) {
			book.setQuotaUsed(owner.endpointKey, owner.account, use);
		}
	}

	#learnNeeds(
		result: AttemptResult<ReplyVerdict>,
		asked: {
			readonly endpointKey: string;
			readonly model: string | undefined;
			readonly path: string;
			readonly needs: ReadonlySet<string>;
		},
	): void {
		const {endpointKey, model, path, needs} = asked;
		const {capabilities} = this.#options;
		const isMended = (need: string): boolean =>
			capabilities.seen(endpointKey, model, 'mend:').some(row => mendedNeeds.get(row.need) === need);
		if (isServed(result)) {
			for (const need of [...needs].filter(each => !isMended(each))) {
				capabilities.observe({endpointKey, model, need, has: true, source: 'traffic'});
			}
		} else if (result.kind === 'status') {
			const missing = capabilityFromError({status: result.head.status, body: result.body.toString(), path});
			// A model that is not there is remembered by its breaker already.
			if (missing && missing.need !== 'model' && !isMended(missing.need)) {
				capabilities.observe({endpointKey, model, need: missing.need, has: false, source: 'traffic'});
			}
		}
	}
}

const isServed = (result: AttemptResult<ReplyVerdict>): boolean =>
	result.kind === 'verdict' && (result.verdict.kind === 'completed' || result.verdict.kind === 'unary');
