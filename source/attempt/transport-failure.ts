import {codeOf, messageOf} from '../base/errors.ts';
import type {AttemptPhase} from '../event/catalogue.ts';

/** A fault below HTTP: a stable code and one phrase for people, without any address or credential. */
export interface TransportFailure {
	readonly phase: AttemptPhase;
	readonly code: string;
	readonly reason: string;
	/** The socket had served before and died before it answered this request. */
	readonly isReusedSocket: boolean;
}

/** Node and undici error codes → what happened (reliability-security.md 3; undici's documentation of its error codes). */
const known: Readonly<Record<string, readonly [code: string, reason: string]>> = {
	ECONNREFUSED: ['connect-refused', 'nothing listens there (connection refused)'],
	ENOTFOUND: ['dns-failed', 'its host name does not resolve'],
	EAI_AGAIN: ['dns-failed', 'its host name does not resolve at the moment'],
	EHOSTUNREACH: ['unreachable', 'its host cannot be reached'],
	ENETUNREACH: ['unreachable', 'its network cannot be reached'],
	ETIMEDOUT: ['connect-timeout', 'no connection in time'],
	UND_ERR_CONNECT_TIMEOUT: ['connect-timeout', 'no connection in time'],
	ECONNRESET: ['connection-reset', 'it reset the connection'],
	EPIPE: ['connection-reset', 'it closed the connection while the request was sent'],
	UND_ERR_SOCKET: ['connection-closed', 'it closed the connection'],
	UND_ERR_HEADERS_OVERFLOW: ['headers-too-large', 'its headers are larger than 16 KiB'],
	UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['body-truncated', 'its body is shorter than it said'],
	DEPTH_ZERO_SELF_SIGNED_CERT: ['tls-failed', 'its certificate is self-signed'],
	SELF_SIGNED_CERT_IN_CHAIN: ['tls-failed', 'its certificate chain is self-signed'],
	CERT_HAS_EXPIRED: ['tls-failed', 'its certificate has expired'],
	ERR_TLS_CERT_ALTNAME_INVALID: ['tls-failed', 'its certificate is for another host'],
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['tls-failed', 'its certificate cannot be verified'],
	UND_ERR_INVALID_ARG: ['bad-header', 'a configured header holds a character that HTTP does not allow'],
	'unexpected-encoding': ['unexpected-encoding', 'its answer is compressed in a way that was not asked for'],
};

/** Names what was thrown while an attempt ran. */
export const transportFailure = (error: unknown, phase: AttemptPhase): Omit<TransportFailure, 'isReusedSocket'> => {
	const cause = innermost(error);
	const code = codeOf(cause) ?? '';
	const entry = known[code];
	if (entry) {
		return {phase: phaseOf(entry[0], phase), code: entry[0], reason: entry[1]};
	}

	// undici looks the parser's code up the wrong way round, so that its errors have a name and mostly no code.
	return code.startsWith('HPE_') || (cause instanceof Error && cause.name === 'HTTPParserError')
		? {phase, code: 'bad-http', reason: 'its answer is not HTTP'}
		: {phase, code: 'transport-failed', reason: `the connection failed (${code || messageOf(error)})`};
};

/** Happy Eyeballs wraps the errors of all addresses; the first one tells the story. */
const innermost = (error: unknown): unknown => (error instanceof AggregateError ? error.errors[0] : error);

const phaseOf = (code: string, phase: AttemptPhase): AttemptPhase =>
	/^(?:connect-|dns-|tls-|unreachable)/.test(code) ? 'connect' : phase;
