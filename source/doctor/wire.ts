import type {JsonAnswer, JsonRequest} from '../attempt/fetch-json.ts';
import {limits} from '../wire/limits.ts';

/* The doctor's own connections to upstreams. They are loaded with the first question: a screen that asks none does not pay for them. */

/** A request with a body. */
export interface PostRequest {
	readonly origin: string;
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
	readonly signal: AbortSignal;
}

/** The answer to it; the body must be read to its end or left by an abort. */
export interface PostAnswer {
	readonly status: number;
	readonly body: AsyncIterable<Buffer>;
}

/** What asks upstreams. */
export interface Asker {
	/** Never rejects. */
	readonly get: (request: JsonRequest) => Promise<JsonAnswer>;
	/** Rejects with what the connection did. */
	readonly post: (request: PostRequest) => Promise<PostAnswer>;
	readonly close: () => Promise<void>;
}

/** An asker with connections of its own; close it. */
export const createAsker = (connectMs: number): Asker => {
	const load = async () => {
		const [{Pools}, {fetchJson}] = await Promise.all([
			import('../attempt/pools.ts'),
			import('../attempt/fetch-json.ts'),
		]);
		const pools = new Pools({
			connectMs,
			idleSocketMs: limits.upstreamIdleSocketMs,
			headerBytes: limits.upstreamHeaderBytes,
		});
		return {pools, fetchJson};
	};
	let loading: ReturnType<typeof load> | undefined;
	return {
		get: async request => {
			const {pools, fetchJson} = await (loading ??= load());
			return await fetchJson(pools, request);
		},
		post: async ({origin, path, headers, body, signal}) => {
			const {pools} = await (loading ??= load());
			const answer = await pools.of(origin).request({path, method: 'POST', headers: {...headers}, body, signal});
			// Leaving a body before its end makes it fail; by then nobody waits for it.
			answer.body.on('error', () => undefined);
			return {status: answer.statusCode, body: answer.body};
		},
		close: async () => {
			await (await loading)?.pools.close();
		},
	};
};
