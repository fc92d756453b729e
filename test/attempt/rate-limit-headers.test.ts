import {describe, expect, test} from 'vitest';
import {readQuotaUse} from '../../source/attempt/rate-limit-headers.ts';

const nowMs = Date.parse('2026-11-21T12:00:00Z');

describe('the used share of a quota', () => {
	test('is that of the tightest window that the headers name', () => {
		const headers = {
			'x-ratelimit-limit-requests': '100',
			'x-ratelimit-remaining-requests': '90',
			'x-ratelimit-reset-requests': '1s',
			'x-ratelimit-limit-tokens': '10000',
			'x-ratelimit-remaining-tokens': '2500',
			'x-ratelimit-reset-tokens': '6m0s',
		};
		expect(readQuotaUse(headers, nowMs)).toEqual({used: 0.75, untilMs: nowMs + 360_000});
	});

	test.each([
		['20ms', 20],
		['1.5s', 1500],
		['1h2m3s', 3_723_000],
		['12', 12_000],
		['2026-11-21T12:01:00Z', 60_000],
	])('begins anew at %s', (text, inMs) => {
		const headers = {
			'anthropic-ratelimit-tokens-limit': '10',
			'anthropic-ratelimit-tokens-remaining': '5',
			'anthropic-ratelimit-tokens-reset': text,
		};
		expect(readQuotaUse(headers, nowMs)).toEqual({used: 0.5, untilMs: nowMs + inMs});
	});

	test('is read from the windows of Codex', () => {
		const headers = {
			'x-codex-primary-used-percent': '40',
			'x-codex-secondary-used-percent': '87.5',
			'x-codex-secondary-reset-at': String(nowMs / 1000 + 90),
		};
		expect(readQuotaUse(headers, nowMs)).toEqual({used: 0.875, untilMs: nowMs + 90_000});
	});

	test.each([
		{},
		{'x-ratelimit-limit-tokens': '0', 'x-ratelimit-remaining-tokens': '0'},
		{'x-ratelimit-limit-tokens': '100'},
		{'x-ratelimit-limit-tokens': 'many', 'x-ratelimit-remaining-tokens': '-4'},
	])('is unknown from %j', headers => {
		expect(readQuotaUse(headers, nowMs)).toBeUndefined();
	});

	test('is never outside of 0 to 1, and an end that cannot be read is none', () => {
		const headers = {
			'x-ratelimit-limit-tokens': '100',
			'x-ratelimit-remaining-tokens': '400',
			'x-ratelimit-reset-tokens': 'soon',
		};
		expect(readQuotaUse(headers, nowMs)).toEqual({used: 0, untilMs: undefined});
	});
});
