import {expect, test} from 'vitest';
import {transportFailure} from '../../source/attempt/transport-failure.ts';

const fault = (code: string, message = 'connect to 10.1.2.3:443 failed'): Error =>
	Object.assign(new Error(message), {code});

test.for([
	['ECONNREFUSED', 'headers', 'connect', 'connect-refused'],
	['ENOTFOUND', 'headers', 'connect', 'dns-failed'],
	['EAI_AGAIN', 'connect', 'connect', 'dns-failed'],
	['EHOSTUNREACH', 'connect', 'connect', 'unreachable'],
	['UND_ERR_CONNECT_TIMEOUT', 'connect', 'connect', 'connect-timeout'],
	['CERT_HAS_EXPIRED', 'connect', 'connect', 'tls-failed'],
	['DEPTH_ZERO_SELF_SIGNED_CERT', 'headers', 'connect', 'tls-failed'],
	['ECONNRESET', 'stream', 'stream', 'connection-reset'],
	['UND_ERR_SOCKET', 'headers', 'headers', 'connection-closed'],
	['UND_ERR_HEADERS_OVERFLOW', 'headers', 'headers', 'headers-too-large'],
	['HPE_INVALID_CONSTANT', 'headers', 'headers', 'bad-http'],
	['ESOMETHING', 'headers', 'headers', 'transport-failed'],
] as const)('%s while in phase %s is a fault of phase %s: %s', ([code, phase, expectedPhase, expectedCode]) => {
	const failure = transportFailure(fault(code), phase);
	expect(failure).toMatchObject({phase: expectedPhase, code: expectedCode});
	expect(failure.reason).not.toContain('10.1.2.3');
});

test('of several addresses that all failed the first tells the story', () => {
	const all = new AggregateError([fault('ECONNREFUSED'), fault('EHOSTUNREACH')]);
	expect(transportFailure(all, 'connect')).toMatchObject({code: 'connect-refused'});
});

test('something that is no error has a reason too', () => {
	expect(transportFailure('gone', 'stream')).toEqual({
		phase: 'stream',
		code: 'transport-failed',
		reason: 'the connection failed (gone)',
	});
});
