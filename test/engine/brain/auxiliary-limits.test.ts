import {expect, test} from 'vitest';
import {AuxiliaryLimits} from '../../../source/engine/brain/auxiliary-limits.ts';
import {fakeClock} from '../../support/clock.ts';
import {healthy} from '../../support/graph.ts';

const of = () => healthy;
const count = '/v1/messages/count_tokens';
const at = {endpointKey: 'codex/a/default', account: 'one', relative: '/messages/count_tokens'};

const createLimits = () => {
	const clock = fakeClock();
	const limits = new AuxiliaryLimits(clock.monotonic);
	const phaseOf = (account: string, relative: string) =>
		limits.over(of, relative, clock.now())(at.endpointKey, account, undefined).phase;
	return {clock, limits, phaseOf};
};

test('a limit holds for its candidate and its kind of call, until the stated time is over', () => {
	const {clock, limits, phaseOf} = createLimits();
	expect(limits.over(of, count, clock.now())).toBe(of);
	limits.limited(at, {reason: 'answered 429', retryAfterMs: 30_000, baseMs: 15_000});
	expect([phaseOf('one', count), phaseOf('two', count), phaseOf('one', '/v1/models')]).toEqual([
		'open',
		'closed',
		'closed',
	]);
	const health = limits.over(of, count, clock.now())(at.endpointKey, 'one', undefined);
	expect(health).toMatchObject({cause: 'limit', reason: 'answered 429', untilMs: clock.now() + 30_000});
	clock.advance(29_999);
	expect(phaseOf('one', count)).toBe('open');
	clock.advance(1);
	expect(phaseOf('one', count)).toBe('closed');
});

test('without a stated time it is the cooldown of its kind, a shorter one does not end it early, and none is longer than ten minutes', () => {
	const {clock, limits, phaseOf} = createLimits();
	limits.limited(at, {reason: 'answered 429', retryAfterMs: undefined, baseMs: 15_000});
	limits.limited(at, {reason: 'answered 429', retryAfterMs: 1000, baseMs: 15_000});
	clock.advance(14_000);
	expect(phaseOf('one', count)).toBe('open');
	limits.limited(at, {reason: 'its quota is used up', retryAfterMs: 86_400_000, baseMs: 3_600_000});
	clock.advance(599_000);
	expect(phaseOf('one', count)).toBe('open');
	clock.advance(1001);
	expect(phaseOf('one', count)).toBe('closed');
});

test.each([-3_600_000, 3_600_000])('a clock that is set by %d ms moves nothing', jumpMs => {
	const {clock, limits, phaseOf} = createLimits();
	limits.limited(at, {reason: 'answered 429', retryAfterMs: 30_000, baseMs: 15_000});
	clock.setWall(clock.now() + jumpMs);
	expect(phaseOf('one', count)).toBe('open');
	clock.advance(30_000);
	expect(phaseOf('one', count)).toBe('closed');
});

test('files, images and whatever else has ids in its path share one limit for each of them', () => {
	const {limits, phaseOf} = createLimits();
	limits.limited({...at, relative: '/files/file-1'}, {reason: 'answered 429', retryAfterMs: 30_000, baseMs: 15_000});
	expect([phaseOf('one', '/v1/files/file-2'), phaseOf('one', '/v1/images/generations')]).toEqual(['open', 'closed']);
});
