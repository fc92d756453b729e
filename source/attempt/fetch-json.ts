import {createRedactor} from '../base/redact.ts';
import {sanitizeLine} from '../base/sanitize.ts';
import {codeOf} from '../base/errors.ts';
import {readRetryAfterMs} from '../wire/retry-after.ts';
import type {Refusal} from '../wire/stated-wait.ts';
import type {Pools} from './pools.ts';
import {transportFailure} from './transport-failure.ts';

/*
 * A small GET beside the traffic: balances, model lists. It has one clock for all of it, reads no more than it was told, follows no redirect (a key
 * never travels to a host that the upstream names), and its errors are free of secrets.
 */

/** What is asked. */
export interface JsonRequest {
	readonly url: URL;
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	/** From the dispatch to the last byte. */
	readonly timeoutMs: number;
	/** A longer 2xx body is a failure. */
	readonly bodyBytes: number;
	/** As much of any other body is kept. */
	readonly errorBytes: number;
	/** Taken out of every text that comes back. */
	readonly secrets: readonly string[];
	readonly signal?: AbortSignal | undefined;
}

/** What came of it. The texts hold no secret and may be drawn as they are. */
export type JsonAnswer =
	| {readonly kind: 'json'; readonly value: unknown}
	| {readonly kind: 'status'; readonly status: number; readonly body: string; readonly retryAfterMs: number | undefined}
	| {readonly kind: 'failed'; readonly code: string; readonly reason: string};

/** {@link fetchJson} with its pools, so that others can be given a source of answers. */
export type FetchJson = (request: JsonRequest) => Promise<JsonAnswer>;

interface Body {
	readonly bytes: Buffer;
	readonly isWhole: boolean;
}

const readBody = async (body: AsyncIterable<Uint8Array>, mostBytes: number): Promise<Body> => {
	const parts: Uint8Array[] = [];
	let total = 0;
	for await (const part of body) {
		parts.push(part);
		total += part.length;
		if (total > mostBytes) {
			return {bytes: Buffer.concat(parts, total).subarray(0, mostBytes), isWhole: false};
		}
	}

	return {bytes: Buffer.concat(parts, total), isWhole: true};
};

const failed = (code: string, reason: string): JsonAnswer => ({kind: 'failed', code, reason});

const jsonOf = ({bytes, isWhole}: Body, mostBytes: number): JsonAnswer => {
	if (!isWhole) {
		return failed('body-too-large', `its answer is longer than ${Math.round(mostBytes / 1024)} KiB`);
	}

	try {
		return {kind: 'json', value: JSON.parse(bytes.toString('utf8'))};
	} catch {
		return failed('not-json', bytes.length === 0 ? 'its answer is empty' : 'its answer is not JSON');
	}
};

const refusalOf = (status: number, headers: Refusal['headers'], {bytes}: Body): JsonAnswer => {
	const body = bytes.toString('utf8');
	return {kind: 'status', status, body, retryAfterMs: readRetryAfterMs({headers, body, nowMs: Date.now()})};
};

const send = async (pools: Pools, request: JsonRequest, signal: AbortSignal): Promise<JsonAnswer> => {
	const {url, headers, bodyBytes, errorBytes} = request;
	const {
		statusCode,
		headers: head,
		body,
	} = await pools
		.of(url.origin)
		.request({path: `${url.pathname}${url.search}`, method: 'GET', headers: {...headers}, signal});
	// Leaving a body before its end makes it fail; by then nobody waits for it, and an error without a listener ends the process.
	body.on('error', () => undefined);
	const isGood = statusCode >= 200 && statusCode <= 299;
	const read = await readBody(body, isGood ? bodyBytes : errorBytes);
	const encoding = head['content-encoding'];
	if (encoding !== undefined && encoding !== 'identity') {
		return failed('unexpected-encoding', 'its answer is compressed although that was not asked for');
	}

	if (statusCode >= 300 && statusCode <= 399) {
		return failed('redirect', `it redirects (status ${statusCode}), which is not followed with a key`);
	}

	return isGood ? jsonOf(read, bodyBytes) : refusalOf(statusCode, head, read);
};

const clean = (answer: JsonAnswer, secrets: readonly string[]): JsonAnswer => {
	const redact = createRedactor(secrets);
	switch (answer.kind) {
		case 'json': {
			return answer;
		}
		case 'status': {
			return {...answer, body: sanitizeLine(redact(answer.body))};
		}
		case 'failed': {
			return {...answer, reason: sanitizeLine(redact(answer.reason))};
		}
	}
};

const attempt = async (pools: Pools, request: JsonRequest): Promise<JsonAnswer> => {
	const clock = AbortSignal.timeout(request.timeoutMs);
	const signal = request.signal === undefined ? clock : AbortSignal.any([clock, request.signal]);
	try {
		try {
			return await send(pools, request, signal);
		} catch (error) {
			// A kept connection that died unnoticed says nothing about the upstream (rule 7 of the road).
			if (error instanceof Error && pools.isReusedSocketError(error)) {
				return await send(pools, request, signal);
			}

			throw error;
		}
	} catch (error) {
		if (clock.aborted) {
			return failed('timeout', `no answer within ${Math.round(request.timeoutMs / 100) / 10} s`);
		}

		if (request.signal?.aborted === true || codeOf(error) === 'ABORT_ERR') {
			return failed('aborted', 'it was no longer needed');
		}

		const {code, reason} = transportFailure(error, 'headers');
		return failed(code, reason);
	}
};

/** Asks once. Never rejects: every fault is an answer. */
export const fetchJson = async (pools: Pools, request: JsonRequest): Promise<JsonAnswer> =>
	clean(await attempt(pools, request), request.secrets);
