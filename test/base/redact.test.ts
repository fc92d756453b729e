import {describe, expect, test} from 'vitest';
import {createRedactor} from '../../source/base/redact.ts';

// Put together at run time, so that no scanner takes this file for a leak.
const canary = ['canary', 'Zx81Qp', 'mmT0', 'vB7/w+', 'Kd93'].join('-');
const redact = createRedactor([canary]);

describe('SEC-12 known secrets', () => {
	test.each([
		['as they are', canary],
		['in base64', Buffer.from(canary).toString('base64')],
		['in base64url', Buffer.from(canary).toString('base64url')],
		['URL-encoded', encodeURIComponent(canary)],
		['cut after 14 characters', canary.slice(0, 14)],
		['from their 8th character on', canary.slice(7)],
	])('are masked %s', (_, spelling) => {
		const text = redact(`upstream said: <${spelling}> is wrong`);
		expect(text).toContain('[redacted:');
		for (let start = 0; start + 8 <= spelling.length; start++) {
			expect(text).not.toContain(spelling.slice(start, start + 8));
		}

		expect(text.startsWith('upstream said: <')).toBe(true);
	});

	test.each(['u:', 'us:', 'use:'])('are masked in base64 behind %j, at each position in a group', user => {
		const result = redact(Buffer.from(`${user}${canary}`).toString('base64'));
		const [before = '', after = ''] = result.split(/\[redacted:[0-9a-f]{6}\]/);
		expect(result).toContain('[redacted:');
		expect(before.length).toBeLessThanOrEqual(8);
		expect(after.length).toBeLessThanOrEqual(4);
	});

	test('show the same fingerprint wherever they appear, and different ones for two keys', () => {
		const two = createRedactor(['first-secret-value', 'other-secret-value']);
		const [first, again, other] = two('first-secret-value first-secret-value other-secret-value').split(' ');
		expect(first).toBe(again);
		expect(first).not.toBe(other);
	});

	test('too short to be one are left alone', () => {
		expect(createRedactor(['abc', ''])('abc abcd')).toBe('abc abcd');
	});
});

describe('SEC-12 shapes of secrets', () => {
	const tail = 'Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2';
	test.each([
		['an OpenAI key', `sk-${tail}`],
		['an Anthropic key', `sk-ant-api03-${tail}`],
		['a Google key', `AIza${tail.slice(0, 35)}`],
		['a GitHub token', `ghp_${tail}`],
		['a Slack token', `xoxb-${tail}`],
		['an AWS key id', `AKIA${tail.slice(0, 16).toUpperCase()}`],
		['a Google access token', `ya29.${tail}`],
		['a JWT', `eyJ${tail}.${tail}.${tail}`],
		['a bearer header', `Bearer ${tail}`],
		['an API key header', `x-api-key: ${tail}`],
		['a JSON field', `{"refresh_token": "${tail}"}`],
		['a JSON field inside a JSON string', `{\\"client_secret\\":\\"${tail}\\"}`],
		['a user name and password in a URL', `https://user:${tail}@relay.example/v1`],
		['a key in a query', `https://relay.example/v1?alt=sse&key=${tail}`],
		['a private key', `-----BEGIN RSA PRIVATE KEY-----\n${tail}\n-----END RSA PRIVATE KEY-----`],
		['a private key that is cut', `-----BEGIN PRIVATE KEY-----\n${tail}`],
	])('%s is masked', (_, text) => {
		const result = redact(`before ${text} after`);
		expect(result).not.toContain(tail.slice(0, 12));
		expect(result).not.toContain(tail.slice(0, 12).toUpperCase());
		expect(result).toContain('[redacted]');
		expect(result.startsWith('before ')).toBe(true);
		expect(redact(result)).toBe(result);
	});

	test.each([
		'the task-management-dashboard-component is done',
		'risk-assessment-of-the-whole-thing',
		'see https://example.com/a?page=2&sort=key for more',
		'the bearer token was refused',
		'keyboard = "qwerty"',
	])('ordinary text stays: %s', text => {
		expect(redact(text)).toBe(text);
	});
});

describe('redaction takes linear time', () => {
	test.each([
		'sk-',
		'eyJ',
		'eyJaaaaaa.',
		'eyJaaaaaa.b ',
		'bearer ',
		'bearer',
		' ',
		'-----BEGIN ',
		'-----BEGIN PRIVATE KEY',
		'"client_secret":"',
		'\\"refresh_token',
		'://a:',
		'://',
		'?key=',
		'&token',
		'x-api-key: ',
		'AIza',
		'a',
		canary.slice(0, 12),
		canary.slice(-12),
	])('100 kB of %j take less than 20 ms', piece => {
		const text = piece.repeat(Math.ceil(100_000 / piece.length));
		const rounds = [1, 2, 3, 4, 5].map(() => {
			const startedAtMs = performance.now();
			redact(text);
			return performance.now() - startedAtMs;
		});
		expect(Math.min(...rounds)).toBeLessThan(20);
	});
});
