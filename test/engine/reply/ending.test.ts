import {describe, expect, test} from 'vitest';
import {encodeEnding, type EncodedEnding, type Ending, type EndingTarget} from '../../../source/engine/reply/ending.ts';
import {parseSse} from '../../../source/wire/sse.ts';

const sentence = 'relay-a refused the key. Run `codex-tui config edit`.';

const endings = {
	hopeless: {kind: 'hopeless', code: 'bad-key', sentence},
	'will pass': {kind: 'will-pass', code: 'cooling-down', sentence, retryAfterMs: 12_400},
	'quota spent': {kind: 'quota-spent', sentence},
	'context overflow': {kind: 'context-overflow', provider: 'relay-a', message: 'maximum context length is 8'},
	'request fault': {kind: 'request-fault', status: 422, code: 'bad_tool', provider: 'relay-a', message: 'no such tool'},
	'mid-stream break': {kind: 'mid-stream-break', code: 'stream-cut', sentence},
	'local token': {kind: 'local-token'},
	'wrong path': {
		kind: 'bad-request',
		status: 404,
		code: 'unknown-path',
		sentence: 'this path is not served; use /v1/responses.',
	},
} as const satisfies Readonly<Record<string, Ending>>;

type Name = keyof typeof endings;

const target = (fields: Partial<EndingTarget>): EndingTarget => ({
	client: 'codex',
	dialect: 'responses',
	isStreaming: true,
	headSent: false,
	hasUnary: false,
	...fields,
});

const targets = {
	codex: target({}),
	'codex unary': target({isStreaming: false, hasUnary: true}),
	claude: target({client: 'claude-code', dialect: 'messages'}),
	'sdk responses': target({client: 'sdk'}),
	'sdk chat': target({client: 'sdk', dialect: 'chat'}),
	'sdk messages': target({client: 'sdk', dialect: 'messages'}),
} as const;

/** Status, then the event or body in short: type or code, then the headers that steer a retry. */
const brief = (encoded: EncodedEnding): string => {
	if (encoded.kind === 'tail') {
		const [event, ...more] = parseSse(encoded.write);
		expect(more).toEqual([]);
		return `${event?.event ?? 'data'} ${codeIn(event?.data ?? '')}`;
	}

	const text = encoded.body.toString();
	const event = encoded.headers['content-type'] === 'text/event-stream' ? parseSse(encoded.body)[0] : undefined;
	const steer = [encoded.headers['x-should-retry'], encoded.headers['retry-after']].filter(
		value => value !== undefined,
	);
	return [encoded.status, event?.event, codeIn(event?.data ?? text), ...steer]
		.filter(part => part !== undefined)
		.join(' ');
};

const codeIn = (text: string): string =>
	/"code":"([^"]+)"/.exec(text)?.[1] ?? /"error":\{"type":"([^"]+)"/.exec(text)?.[1] ?? 'none';

const headNotSent: Readonly<Record<Name, Readonly<Record<keyof typeof targets, string>>>> = {
	hopeless: {
		codex: '200 response.failed invalid_prompt',
		'codex unary': '400 bad-key false',
		claude: '403 permission_error false',
		'sdk responses': '403 bad-key false',
		'sdk chat': '403 bad-key false',
		'sdk messages': '403 permission_error false',
	},
	'will pass': {
		codex: '200 response.failed rate_limit_exceeded',
		'codex unary': '400 cooling-down false',
		claude: '429 rate_limit_error true 13',
		'sdk responses': '429 cooling-down true 13',
		'sdk chat': '429 cooling-down true 13',
		'sdk messages': '429 rate_limit_error true 13',
	},
	'quota spent': {
		codex: '200 response.failed insufficient_quota',
		'codex unary': '400 insufficient_quota false',
		claude: '403 permission_error false',
		'sdk responses': '429 insufficient_quota false',
		'sdk chat': '429 insufficient_quota false',
		'sdk messages': '429 rate_limit_error false',
	},
	'context overflow': {
		codex: '200 response.failed context_length_exceeded',
		'codex unary': '400 context_length_exceeded false',
		claude: '400 invalid_request_error false',
		'sdk responses': '400 context_length_exceeded false',
		'sdk chat': '400 context_length_exceeded false',
		'sdk messages': '400 invalid_request_error false',
	},
	'request fault': {
		codex: '400 bad_tool false',
		'codex unary': '400 bad_tool false',
		claude: '422 invalid_request_error false',
		'sdk responses': '422 bad_tool false',
		'sdk chat': '422 bad_tool false',
		'sdk messages': '422 invalid_request_error false',
	},
	'mid-stream break': {
		codex: '200 response.failed server_error',
		'codex unary': '400 stream-cut false',
		claude: '503 api_error true 1',
		'sdk responses': '502 stream-cut true',
		'sdk chat': '502 stream-cut true',
		'sdk messages': '502 api_error true',
	},
	'local token': {
		codex: '403 local-token false',
		'codex unary': '403 local-token false',
		claude: '403 permission_error false',
		'sdk responses': '403 local-token false',
		'sdk chat': '403 local-token false',
		'sdk messages': '403 permission_error false',
	},
	'wrong path': {
		codex: '404 unknown-path false',
		'codex unary': '404 unknown-path false',
		claude: '404 not_found_error false',
		'sdk responses': '404 unknown-path false',
		'sdk chat': '404 unknown-path false',
		'sdk messages': '404 not_found_error false',
	},
};

const names = <T extends object>(record: T): ReadonlyArray<keyof T & string> =>
	Object.keys(record).filter((name): name is keyof T & string => name in record);

describe.each(names(endings))('%s', name => {
	test.each(names(targets))('towards %s with the head not sent', client => {
		expect(brief(encodeEnding(endings[name], targets[client]))).toBe(headNotSent[name][client]);
	});
});

const headSent: Readonly<
	Record<Exclude<Name, 'local token' | 'wrong path'>, readonly [string, string, string, string]>
> = {
	hopeless: ['response.failed invalid_prompt', 'error permission_error', 'error bad-key', 'data bad-key'],
	'will pass': [
		'response.failed rate_limit_exceeded',
		'error overloaded_error',
		'error cooling-down',
		'data cooling-down',
	],
	'quota spent': [
		'response.failed insufficient_quota',
		'error permission_error',
		'error insufficient_quota',
		'data insufficient_quota',
	],
	'context overflow': [
		'response.failed context_length_exceeded',
		'error invalid_request_error',
		'error context_length_exceeded',
		'data context_length_exceeded',
	],
	'request fault': ['response.failed invalid_prompt', 'error invalid_request_error', 'error bad_tool', 'data bad_tool'],
	'mid-stream break': ['response.failed server_error', 'error overloaded_error', 'error stream-cut', 'data stream-cut'],
};

describe.each(names(headSent))('%s in a running stream', name => {
	test('is one event in the client’s form', () => {
		const clients = ['codex', 'claude', 'sdk responses', 'sdk chat'] as const;
		const found = clients.map(client => encodeEnding(endings[name], {...targets[client], headSent: true}));
		expect(found.map(brief)).toEqual(headSent[name]);
		expect(found.map(({kind}) => kind)).toEqual(['tail', 'tail', 'tail', 'tail']);
	});
});

const textOf = (encoded: EncodedEnding): string => (encoded.kind === 'tail' ? encoded.write : encoded.body).toString();

describe('the words', () => {
	test('of our own start with our name, in every form', () => {
		for (const name of [
			'hopeless',
			'will pass',
			'quota spent',
			'mid-stream break',
			'local token',
			'wrong path',
		] as const) {
			for (const client of names(targets)) {
				expect(textOf(encodeEnding(endings[name], targets[client]))).toContain('"message":"codex-tui: ');
			}
		}

		const prefixed = {...endings.hopeless, sentence: `codex-tui: ${sentence}`};
		expect(encodeEnding(prefixed, targets.codex)).toEqual(encodeEnding(endings.hopeless, targets.codex));
	});

	test('of an upstream start with its name', () => {
		expect(textOf(encodeEnding(endings['request fault'], targets.codex))).toContain(
			'"message":"relay-a: no such tool"',
		);
		expect(textOf(encodeEnding(endings['context overflow'], targets.claude))).toContain(
			'"message":"relay-a: prompt is too long: maximum context length is 8"',
		);
	});

	test('are cut where an upstream sends a page', () => {
		const long = {...endings['request fault'], message: 'x'.repeat(100_000)};
		expect(textOf(encodeEnding(long, targets.codex)).length).toBeLessThan(5000);
	});

	test('of the local token name the command', () => {
		expect(textOf(encodeEnding(endings['local token'], targets['sdk chat']))).toContain(
			'codex-tui: the local token is missing or old; run `codex-tui switch on`.',
		);
	});
});

const wait = (retryAfterMs: number | undefined): Ending => ({...endings['will pass'], retryAfterMs});

describe('a wait', () => {
	test.each([
		[0, 1],
		[5001, 6],
		[60_000, 60],
		[undefined, 8],
	])('of %s ms is told to Codex as %i s in the text', (waitMs, seconds) => {
		expect(textOf(encodeEnding(wait(waitMs), targets.codex))).toContain(
			`${sentence} Please try again in ${seconds}s."`,
		);
	});

	test('of more than a minute is hopeless for Codex and Claude Code, and true for SDKs', () => {
		expect(brief(encodeEnding(wait(60_001), targets.codex))).toBe('200 response.failed invalid_prompt');
		expect(textOf(encodeEnding(wait(60_001), targets.codex))).not.toContain('try again');
		expect(brief(encodeEnding(wait(60_001), targets.claude))).toBe('403 permission_error false');
		expect(brief(encodeEnding(wait(90_000), targets['sdk chat']))).toBe('429 cooling-down true 90');
	});
});

describe('whatever comes', () => {
	const odd: readonly Ending[] = [
		{...endings.hopeless, status: 401},
		{...endings['request fault'], status: 401},
		{...endings['request fault'], status: 503},
		{kind: 'bad-request', status: 503, code: 'draining', sentence: 'this engine stops.'},
		{kind: 'bad-request', status: 401, code: 'x', sentence: 'x.'},
		...Object.values(endings),
	];

	test('nobody gets a 401, Codex no 5xx, and a chat stream no [DONE]', () => {
		for (const ending of odd) {
			for (const client of names(targets)) {
				for (const isSent of [false, true]) {
					const encoded = encodeEnding(ending, {...targets[client], headSent: isSent});
					expect(encoded.kind).toBe(isSent ? 'tail' : 'answer');
					expect(textOf(encoded)).not.toContain('[DONE]');
					if (encoded.kind === 'answer') {
						expect(encoded.status).not.toBe(401);
						expect(client.startsWith('codex') && encoded.status >= 500).toBe(false);
					}
				}
			}
		}
	});

	test('a streaming Codex turn is closed behind its event', () => {
		expect(encodeEnding(endings.hopeless, targets.codex)).toMatchObject({
			status: 200,
			headers: {'content-type': 'text/event-stream', connection: 'close'},
		});
	});

	test('a path of no dialect is answered in the client’s own form', () => {
		expect(brief(encodeEnding(endings['wrong path'], target({client: 'sdk', dialect: undefined})))).toBe(
			'404 unknown-path false',
		);
		expect(brief(encodeEnding(endings['wrong path'], target({client: 'claude-code', dialect: undefined})))).toBe(
			'404 not_found_error false',
		);
	});
});
