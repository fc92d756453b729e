import type {IncomingMessage, ServerResponse} from 'node:http';
import {fetchJson, type FetchJson} from '../../source/attempt/fetch-json.ts';
import {Pools} from '../../source/attempt/pools.ts';
import type {BalanceTarget} from '../../source/engine/balance/balance-targets.ts';
import {parseUsageProviders, type UsageProvider} from '../../source/provider/balance/usage-providers.ts';
import {listen, type Listening} from './attempt.ts';

/** The endpoint's key in these tests; it must never be seen in an output. */
export const balanceKey = 'sk-balance-test-key-0123456789';

/** What a path answers; a path without one is a 404 page, as relays have it. */
export type Answers = Record<string, (request: IncomingMessage, response: ServerResponse) => void>;

/** Answers with JSON. */
export const json =
	(value: unknown, status = 200) =>
	(_: IncomingMessage, response: ServerResponse): void => {
		response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(value));
	};

/** A relay on the loopback whose answers can be changed, and the list of what it was asked. */
export interface BalanceFarEnd extends Listening {
	answers: Answers;
	readonly asked: string[];
	readonly requests: IncomingMessage[];
}

/** Starts one. */
export const startBalanceFarEnd = async (answers: Answers): Promise<BalanceFarEnd> => {
	const asked: string[] = [];
	const requests: IncomingMessage[] = [];
	const far: {answers: Answers} = {answers};
	const listening = await listen((request, response) => {
		const path = request.url ?? '';
		asked.push(path);
		requests.push(request);
		const answer = far.answers[path.replace(/\?.*$/, '')];
		if (answer) {
			answer(request, response);
			return;
		}

		response.writeHead(404, {'content-type': 'text/html'}).end('<html>not found</html>');
	});
	return Object.assign(far, {...listening, asked, requests});
};

/** The real fetch over pools of its own. */
export const startFetch = (): {readonly fetch: FetchJson} & AsyncDisposable => {
	const pools = new Pools({connectMs: 2000, idleSocketMs: 1000, headerBytes: 16_384});
	return {
		fetch: async request => await fetchJson(pools, request),
		[Symbol.asyncDispose]: async () => await pools.close(),
	};
};

/** One entry of `usage_providers.json` for the loopback. */
export const usageEntry = (more: Record<string, unknown>): UsageProvider => {
	const file = {providers: [{id: 'entry', domains: ['127.0.0.1'], ...more}]};
	const [provider] = parseUsageProviders('usage_providers.json', Buffer.from(JSON.stringify(file))).providers;
	if (provider === undefined) {
		throw new Error('the entry was not read');
	}

	return provider;
};

/** A target at an origin. */
export const balanceTarget = (origin: string, more: Partial<BalanceTarget> = {}): BalanceTarget => ({
	endpointKey: 'codex/relay/default',
	account: 'default',
	provider: 'relay',
	baseUrl: `${origin}/v1`,
	usage: undefined,
	readKey: () => balanceKey,
	identity: 'one',
	...more,
});
