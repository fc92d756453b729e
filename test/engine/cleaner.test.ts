import {expect, test} from 'vitest';
import type {Endpoint} from '../../source/config/config.ts';
import {Cleaner} from '../../source/engine/cleaner.ts';
import {configOf, endpoint, noCredentials} from '../support/endpoint.ts';

const inline = (value: string): Endpoint =>
	endpoint('a', {
		credentials: {...noCredentials, bearer: {kind: 'inline', value}},
		headers: {'x-relay-pass': 'relay-pass-1', 'x-colour': 'blue'},
	});

test('the local token, keys, looked-up keys and long header values never come through, old ones included', () => {
	const cleaner = new Cleaner('local-token-0123', {env: {B_KEY: 'env-secret-b'}, readClientKey: () => undefined});
	const fromEnv = endpoint('b', {credentials: {...noCredentials, apiKey: {kind: 'env', name: 'B_KEY'}}});
	cleaner.learn(configOf(inline('first-secret-a'), fromEnv));
	cleaner.learn(configOf(inline('second-secret-a')));
	for (const secret of ['local-token-0123', 'first-secret-a', 'second-secret-a', 'env-secret-b', 'relay-pass-1']) {
		expect(cleaner.redact(`it said ${secret}!`), secret).toMatch(/^it said \[redacted:[0-9a-f]{6}\]!$/);
	}

	expect(cleaner.redact('a blue sky')).toBe('a blue sky');
});

test('a line has no secret, no control sequence and no line break', () => {
	const cleaner = new Cleaner('local-token-0123', {env: {}, readClientKey: () => undefined});
	expect(cleaner.line('one\n\u001B[2Jtwo \u001B]52;c;eA==\u0007local-token-0123')).toMatch(
		/^one two \[redacted:[0-9a-f]{6}\]$/,
	);
});
