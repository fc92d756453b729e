import {describe, expect, test} from 'vitest';
import {targetOf} from '../../../source/engine/brain/candidate-entry.ts';
import type {Step} from '../../../source/engine/search/step.ts';
import type {Judged} from '../../../source/engine/search/verdict.ts';
import {endpoint} from '../../support/endpoint.ts';
import {createSearch} from '../../support/search.ts';
import {judgedStatus, judgedSuccess} from '../../support/judged.ts';

/* What a search knows of tries that we end ourselves, of rivals, and of endpoints without room. */

const moved: Judged = {
	...judgedStatus(503),
	outcome: 'neutral',
	code: 'moved-by-user',
	reason: 'you moved it',
	canMove: true,
};

const stepOf = (step: Step | 'none' | 'cancelled'): Step => {
	if (typeof step === 'string') {
		throw new Error(`There is no step: ${step}.`);
	}

	return step;
};

const providerOf = ({candidate}: Step): string => candidate.endpoint.provider;

const keyOf = (provider: string): string => `codex/${provider}/default`;

describe('a move', () => {
	test('stops what runs and goes on with the next, or with the named one', async () => {
		const {search} = createSearch(['a', 'b', 'c']);
		const first = stepOf(await search.next());
		search.move(undefined, true);
		expect([first.stop.isCancelled, first.stop.why]).toEqual([true, 'moved-by-user']);
		expect(search.leave(first, moved)).toBe('again');
		const second = stepOf(await search.next());
		expect([providerOf(second), second.reason, second.isLast]).toEqual(['b', 'you moved the request to it', false]);
		search.move(keyOf('a'), true);
		search.leave(second, moved);
		const third = stepOf(await search.next());
		expect([providerOf(third), third.isLast]).toEqual(['a', false]);
		expect(search.failures.map(({judged}) => judged.code)).toEqual(['moved-by-user', 'moved-by-user']);
	});

	test('starts no clock of failures: the minute counts from the first failure', async () => {
		const {search, clock} = createSearch(['a', 'b', 'c']);
		const first = stepOf(await search.next());
		search.move(undefined, true);
		search.leave(first, moved);
		clock.advance(300_000);
		const second = stepOf(await search.next());
		expect(search.decide(second, judgedStatus(503), true)).toBe('again');
		expect(providerOf(stepOf(await search.next()))).toBe('c');
	});

	const refusals: ReadonlyArray<{
		readonly code: string;
		readonly to?: string;
		readonly canMove?: boolean;
		readonly names?: readonly string[];
		readonly sends?: number;
	}> = [
		{code: 'already-delivered', canMove: false},
		{code: 'no-other-candidate', names: ['a']},
		{code: 'unknown-endpoint', to: keyOf('x')},
		{code: 'endpoint-unusable', to: keyOf('a')},
		{code: 'sends-spent', sends: 1},
	];
	test.each(refusals)(
		'that cannot be is refused with $code and changes nothing',
		async ({code, to, canMove = true, names = ['a', 'b'], sends = 8}) => {
			const {search} = createSearch(names, {sends});
			const step = stepOf(await search.next());
			expect(() => search.move(to, canMove)).toThrow(expect.objectContaining({code}));
			expect(step.stop.isCancelled).toBe(false);
			expect(search.decide(step, judgedSuccess, true)).toBe('served');
		},
	);

	test('while nothing runs names the next step', async () => {
		const {search} = createSearch(['a', 'b']);
		search.move(keyOf('b'), true);
		expect(providerOf(stepOf(await search.next()))).toBe('b');
	});
});

describe('a rival', () => {
	test('is where a move goes, and only the silent one is stopped', async () => {
		const {search} = createSearch(['a', 'b', 'c']);
		const first = stepOf(await search.next());
		const rival = search.beside();
		search.move(undefined, true);
		expect([first.stop.why, rival?.stop.isCancelled]).toEqual(['moved-by-user', false]);
	});

	test('is the next that can serve, counts as a send, and gives back its ticket', async () => {
		const {search, health} = createSearch(['a', 'b', 'c'], {sends: 2});
		await search.next();
		const rival = search.beside();
		expect(rival && [providerOf(rival), rival.reason]).toEqual(['b', 'beside the one that says nothing']);
		expect(search.beside()).toBeUndefined();
		search[Symbol.dispose]();
		expect(health.breaker(targetOf(endpoint('b'), endpoint('b').accounts[0])).phase).toBe('closed');
	});

	test('that lost may be asked again when the winner fails', async () => {
		const {search} = createSearch(['a', 'b']);
		const first = stepOf(await search.next());
		const rival = search.beside();
		first.stop.stop('hedge-lost');
		expect(search.leave(first, {...moved, code: 'hedge-lost'})).toBe('again');
		expect(rival && search.decide(rival, judgedStatus(503), true)).toBe('again');
		expect(providerOf(stepOf(await search.next()))).toBe('a');
		expect(search.failures).toHaveLength(1);
	});

	test('is not started where the request is at fault, and that fault stays the last word', async () => {
		const {search} = createSearch(['a', 'b', 'c']);
		const first = stepOf(await search.next());
		const rival = search.beside();
		expect(search.decide(first, judgedStatus(422), true)).toBe('given-up');
		expect(search.beside()).toBeUndefined();
		expect(rival && search.decide(rival, judgedStatus(503), true)).toBe('given-up');
		expect(search.failures.at(-1)?.endpointKey).toBe(keyOf('a'));
	});

	test('ends with the request', async () => {
		const {search, cancellation} = createSearch(['a', 'b']);
		const steps = [stepOf(await search.next()), search.beside()];
		cancellation.cancel();
		expect(steps.map(step => [step?.stop.isCancelled, step?.stop.why])).toEqual([
			[true, undefined],
			[true, undefined],
		]);
		expect(search.beside()).toBeUndefined();
	});
});

test('an endpoint without room is passed over, costs no send and is not asked again', async () => {
	const {search} = createSearch(['a', 'b'], {sends: 1});
	expect(search.passOver(stepOf(await search.next()))).toBe('again');
	const second = stepOf(await search.next());
	expect([providerOf(second), second.isLast]).toEqual(['b', true]);
	expect(search.passOver(second)).toBe('again');
	expect(await search.next()).toBe('none');
});

test('the plan’s own hedge goes before the engine’s default, which is never', async () => {
	expect(stepOf(await createSearch(['a']).search.next()).hedgeAfterMs).toBeUndefined();
	expect(stepOf(await createSearch(['a'], {hedgeAfterMs: 700}).search.next()).hedgeAfterMs).toBe(700);
	const own = createSearch(['a'], {hedgeAfterMs: 700}, {hedgeAfterMs: 300});
	expect(stepOf(await own.search.next()).hedgeAfterMs).toBe(300);
});
