import {assertNever} from '../../base/errors.ts';

/* The rows of the error encoder's contract (reliability-security.md 8): what each ending means to each family of clients. */

/** Nobody was asked: every candidate was blocked before the first send. */
interface Unasked {
	readonly isBlocked?: boolean | undefined;
}

/** How a request ends. Sentences name provider, cause and next step; the prefix `codex-tui: ` is put in front here. */
export type Ending =
	/** The user must act: bad key, no route, budget, foreign state. `status` is the HTTP class for SDKs, 403 by default. */
	| (Unasked & {
			readonly kind: 'hopeless';
			readonly code: string;
			readonly sentence: string;
			readonly status?: number | undefined;
	  })
	/** It passes by itself; `retryAfterMs` is the wait from now, undefined where it is known to be short but not how short. */
	| (Unasked & {
			readonly kind: 'will-pass';
			readonly code: string;
			readonly sentence: string;
			readonly retryAfterMs: number | undefined;
	  })
	/** Quota or credit is spent and nobody knows until when. */
	| (Unasked & {readonly kind: 'quota-spent'; readonly sentence: string})
	/** The upstream says that the input does not fit. */
	| {readonly kind: 'context-overflow'; readonly provider: string; readonly message: string}
	/** The upstream refused the request itself (400, 404, 413, 422); another one would as well. */
	| {
			readonly kind: 'request-fault';
			readonly status: number;
			readonly code: string | undefined;
			readonly provider: string;
			readonly message: string;
	  }
	/** The upstream broke off after bytes went out, and the client should ask again. */
	| {readonly kind: 'mid-stream-break'; readonly code: string; readonly sentence: string}
	/** The client has no or an old local token. */
	| {readonly kind: 'local-token'}
	/** The client's request is none: wrong path (with the list of paths), too large, too slow, foreign host or origin. */
	| {readonly kind: 'bad-request'; readonly status: number; readonly code: string; readonly sentence: string};

/** What one ending means to each family of clients: a row of the contract. */
export interface Row {
	/** Stable, for JSON bodies. */
	readonly code: string;
	readonly message: string;
	readonly codex: {
		/** The `code` inside `response.failed`: decides whether Codex asks again and what it shows. */
		readonly failedCode: string;
		/** Set where Codex gets an HTTP status although it asked for a stream. */
		readonly status?: number;
		/** Set where the text that Codex reads differs. */
		readonly message?: string;
	};
	readonly claude: Fate;
	readonly sdk: Fate;
}

/** What HTTP says to clients that read it: the status, and whether and when to ask again. */
export interface Fate {
	readonly status: number;
	readonly shouldRetry: boolean;
	readonly retryAfterSeconds?: number;
}

const longestMessage = 4000;

/** Codex obeys "try again in Ns" in the text; more than a minute is the user's business, not a wait (rule b). */
const longestWaitSeconds = 60;
const defaultWaitSeconds = 8;

const ours = (sentence: string): string =>
	(sentence.startsWith('codex-tui:') ? sentence : `codex-tui: ${sentence}`).slice(0, longestMessage);

/** An upstream's own words are its own: they start with its name, never with ours (routing.md 10). */
const theirs = (provider: string, message: string): string => `${provider}: ${message}`.slice(0, longestMessage);

const secondsOf = (waitMs: number | undefined): number =>
	waitMs === undefined ? defaultWaitSeconds : Math.max(1, Math.ceil(waitMs / 1000));

/** The end of asking: the same request would get the same answer. */
export const final = (status: number): Fate => ({status, shouldRetry: false});

/** 401 makes both clients ask for minutes; 403 says the same and ends. */
const neverUnauthorized = (status: number): number => (status === 401 ? 403 : status);

const hopelessRow = (ending: Extract<Ending, {kind: 'hopeless'}>): Row => ({
	code: ending.code,
	message: ours(ending.sentence),
	codex: {failedCode: 'invalid_prompt'},
	claude: final(403),
	sdk: final(neverUnauthorized(ending.status ?? 403)),
});

const willPassRow = (ending: Extract<Ending, {kind: 'will-pass'}>): Row => {
	const seconds = secondsOf(ending.retryAfterMs);
	const again = {status: 429, shouldRetry: true, retryAfterSeconds: seconds};
	if (seconds > longestWaitSeconds) {
		return {...hopelessRow({...ending, kind: 'hopeless'}), sdk: again};
	}

	const message = ours(ending.sentence);
	return {
		code: ending.code,
		message,
		codex: {failedCode: 'rate_limit_exceeded', message: `${message} Please try again in ${seconds}s.`},
		claude: again,
		sdk: again,
	};
};

const quotaRow = (ending: Extract<Ending, {kind: 'quota-spent'}>): Row => ({
	code: 'insufficient_quota',
	message: ours(ending.sentence),
	codex: {failedCode: 'insufficient_quota'},
	claude: final(403),
	sdk: final(429),
});

/** Codex and SDKs go by the code; Claude Code by the words "prompt is too long". */
const overflowRow = (ending: Extract<Ending, {kind: 'context-overflow'}>): Row => ({
	code: 'context_length_exceeded',
	message: theirs(
		ending.provider,
		/prompt is too long/i.test(ending.message) ? ending.message : `prompt is too long: ${ending.message}`,
	),
	codex: {failedCode: 'context_length_exceeded'},
	claude: final(400),
	sdk: final(400),
});

const requestFaultRow = (ending: Extract<Ending, {kind: 'request-fault'}>): Row => {
	const isClientFault = ending.status >= 400 && ending.status < 500;
	const same = final(isClientFault ? neverUnauthorized(ending.status) : 400);
	return {
		code: ending.code ?? 'invalid_request',
		message: theirs(ending.provider, ending.message),
		codex: {failedCode: ending.code === 'context_length_exceeded' ? ending.code : 'invalid_prompt', status: 400},
		claude: same,
		sdk: same,
	};
};

const breakRow = (ending: Extract<Ending, {kind: 'mid-stream-break'}>): Row => ({
	code: ending.code,
	message: ours(ending.sentence),
	codex: {failedCode: 'server_error'},
	claude: {status: 503, shouldRetry: true, retryAfterSeconds: 1},
	sdk: {status: 502, shouldRetry: true},
});

const refusedRow = (ending: {readonly status: number; readonly code: string; readonly sentence: string}): Row => {
	const fate = final(neverUnauthorized(ending.status));
	return {
		code: ending.code,
		message: ours(ending.sentence),
		codex: {failedCode: 'invalid_prompt', status: fate.status >= 500 ? 400 : fate.status},
		claude: fate,
		sdk: fate,
	};
};

const localToken = {
	status: 403,
	code: 'local-token',
	sentence: 'the local token is missing or old; run `codex-tui switch on`.',
} as const;

/** The row of an ending. */
export const rowOf = (ending: Ending): Row => {
	switch (ending.kind) {
		case 'hopeless': {
			return hopelessRow(ending);
		}

		case 'will-pass': {
			return willPassRow(ending);
		}

		case 'quota-spent': {
			return quotaRow(ending);
		}

		case 'context-overflow': {
			return overflowRow(ending);
		}

		case 'request-fault': {
			return requestFaultRow(ending);
		}

		case 'mid-stream-break': {
			return breakRow(ending);
		}

		case 'local-token': {
			return refusedRow(localToken);
		}

		case 'bad-request': {
			return refusedRow(ending);
		}

		default: {
			return assertNever(ending);
		}
	}
};
