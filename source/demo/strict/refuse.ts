import type {SeenRequest} from '../read-request.ts';

/** Why a scripted upstream refused a request; each one is recorded and fails a test that did not expect it. */
export type RefusalCode =
	| 'bad-key'
	| 'bad-json'
	| 'unknown-key'
	| 'bad-field'
	| 'orphan-tool-output'
	| 'missing-tool-output'
	| 'foreign-encrypted-content'
	| 'foreign-turn-state'
	| 'local-header'
	| 'foreign-header'
	| 'leaked-secret'
	| 'hop-by-hop-header'
	| 'two-hosts'
	| 'unknown-path'
	| 'malformed-http'
	| 'no-rule';

/** One fault of a request: the status and error code that the real service would answer, and what a test should read. */
export interface Fault {
	readonly code: RefusalCode;
	readonly status: number;
	/** The `error.code` of the answer. */
	readonly wireCode: string;
	readonly message: string;
}

/** Makes a fault with status 400 and `invalid_request_error`, the usual pair. */
export const fault = (code: RefusalCode, message: string, options: Partial<Fault> = {}): Fault => ({
	code,
	status: 400,
	wireCode: 'invalid_request_error',
	message,
	...options,
});

/** What the checks of a transport need to know about the upstream. */
export interface TransportRules {
	readonly key: string;
	/** Texts that must appear in no header and no body, such as the local token or another upstream's key. */
	readonly forbiddenSecrets: readonly string[];
}

const hopByHop = new Set([
	'keep-alive',
	'proxy-connection',
	'proxy-authenticate',
	'proxy-authorization',
	'te',
	'trailer',
	'upgrade',
]);

const headerPairs = ({rawHeaders}: SeenRequest): ReadonlyArray<readonly [name: string, value: string]> =>
	Array.from({length: rawHeaders.length / 2}, (_, index) => [
		(rawHeaders[index * 2] ?? '').toLowerCase(),
		rawHeaders[index * 2 + 1] ?? '',
	]);

const checkConnection = (request: SeenRequest): readonly Fault[] => {
	const pairs = headerPairs(request);
	const named = pairs
		.filter(([name]) => name === 'connection')
		.flatMap(([, value]) => value.split(',').map(token => token.trim().toLowerCase()))
		.filter(token => token !== 'keep-alive' && token !== 'close');
	const bad = [...named, ...pairs.map(([name]) => name).filter(name => hopByHop.has(name))];
	const isUpgrade = request.headers.upgrade !== undefined;
	const faults = bad.slice(0, 1).map(name =>
		fault('hop-by-hop-header', `The header ${name} belongs to one hop and must not reach an upstream.`, {
			// Codex falls back from WebSocket to HTTP at once on 426 (codex-wire.md 3).
			status: isUpgrade ? 426 : 400,
		}),
	);
	const hosts = pairs.filter(([name]) => name === 'host').length;
	return hosts === 1
		? faults
		: [...faults, fault('two-hosts', `The request has ${hosts} Host headers instead of one.`)];
};

const checkSecrets = (request: SeenRequest, {forbiddenSecrets}: TransportRules): readonly Fault[] => {
	return forbiddenSecrets.flatMap((secret, index) => {
		const header = headerPairs(request).find(([name, value]) => name.includes(secret) || value.includes(secret));
		const place = header === undefined ? 'body' : `header ${header[0]}`;
		const isLeaked = header !== undefined || request.text.includes(secret) || request.path.includes(secret);
		return isLeaked
			? [fault('leaked-secret', `Forbidden secret number ${index} reached the upstream (${place}).`)]
			: [];
	});
};

const checkKey = ({headers}: SeenRequest, {key}: TransportRules): readonly Fault[] => {
	const sent = [headers.authorization, headers['x-api-key'], headers['x-goog-api-key']].filter(
		value => value !== undefined,
	);
	const isRight = sent.length > 0 && sent.every(value => value === key || value === `Bearer ${key}`);
	const text = sent.length === 0 ? 'The request has no credential.' : 'The request has a wrong credential.';
	return isRight ? [] : [fault('bad-key', text, {status: 401, wireCode: 'invalid_api_key'})];
};

/** The faults of a request's transport in the order in which they are answered: hop, own headers, secrets, credential. */
export const checkTransport = (request: SeenRequest, rules: TransportRules): readonly Fault[] => {
	const local = Object.keys(request.headers).filter(name => name.startsWith('x-codex-tui-'));
	return [
		...checkConnection(request),
		...local.map(name => fault('local-header', `The header ${name} is for the local engine only.`)),
		...checkSecrets(request, rules),
		...checkKey(request, rules),
	];
};
