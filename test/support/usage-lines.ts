import type {CostAnswer, CostAsk} from '../../source/observe/usage/entry.ts';

/* Lines of `requests.jsonl` for tests of usage, as the engine writes them. */

/** What a test says of a request; the rest is an ordinary turn that relay-a served. */
export interface LineFacts {
	readonly atMs: number;
	readonly id?: string;
	readonly provider?: string;
	readonly model?: string;
	readonly session?: string | undefined;
	readonly cwd?: string | undefined;
	readonly service?: 'codex' | 'claude';
	readonly status?: number;
	readonly outcome?: string;
	readonly ttfbMs?: number | undefined;
	readonly durationMs?: number;
	/** Input, output, cached, written to the cache; undefined: the upstream told nothing. */
	readonly tokens?: readonly [number, number, number?, number?] | undefined;
	/** Codes of attempts that failed before, at relay-b. */
	readonly failedTries?: readonly string[];
	/** Input, output and cached tokens that each of them stated. */
	readonly discarded?: readonly [number, number, number];
	readonly path?: string;
	readonly kind?: string;
}

let counter = 0;

/** A record. */
export const usageRecord = (facts: LineFacts): Record<string, unknown> => {
	const {provider = 'relay-a', service = 'codex', model = 'gpt-5.5', status = 200, failedTries = []} = facts;
	const outcome = facts.outcome ?? (status < 400 ? 'success' : 'failed');
	const tokens = 'tokens' in facts ? facts.tokens : ([1000, 100, 400] as const);
	const [input, output, cached, written] = tokens ?? [];
	const key = `${service}/${provider}/default`;
	const [lostInput, lostOutput, lostCached] = facts.discarded ?? [];
	const lost = {input_tokens: lostInput, output_tokens: lostOutput, cached_input_tokens: lostCached};
	const hidden = failedTries.map(code => ({
		usage: facts.discarded && lost,
		...{decision: 'failed_status', code, provider_endpoint_key: `${service}/relay-b/default`, discarded: true},
	}));
	const decision = outcome === 'success' ? 'completed' : outcome === 'cancelled' ? 'cancelled' : 'failed_status';
	return {
		timestamp_ms: facts.atMs,
		request_id: facts.id ?? `req_${++counter}`,
		service,
		method: 'POST',
		path: facts.path ?? (service === 'claude' ? '/v1/messages' : '/v1/responses'),
		status_code: status,
		duration_ms: facts.durationMs ?? 6000,
		ttfb_ms: 'ttfbMs' in facts ? facts.ttfbMs : 400,
		outcome,
		provider_id: provider,
		provider_endpoint_key: key,
		session_id: 'session' in facts ? facts.session : 's1',
		cwd: facts.cwd,
		model,
		request_kind: facts.kind ?? 'turn',
		usage: tokens && {
			...{input_tokens: input, output_tokens: output},
			...{cached_input_tokens: cached, cache_creation_input_tokens: written},
		},
		retry: {
			attempts: failedTries.length + 1,
			route_attempts: [
				...hidden,
				{decision, code: outcome === 'cut' ? 'stream-cut' : `status-${status}`, provider_endpoint_key: key},
			],
		},
	};
};

/** The same as a line of the file. */
export const usageLine = (facts: LineFacts): string => `${JSON.stringify(usageRecord(facts))}\n`;

/** A thousand nanodollars a token read or written; models that begin with `mystery` have no price. */
export const flatPrice = ({usage, models}: CostAsk): CostAnswer =>
	models.some(model => model.startsWith('mystery'))
		? {nanoUsd: undefined, isPartial: false}
		: {nanoUsd: 1000 * ((usage.inputTokens ?? 0) + (usage.outputTokens ?? 0)), isPartial: false};
