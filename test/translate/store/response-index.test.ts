import {array, assert, nat, option, property, record} from 'fast-check';
import {describe, expect, test} from 'vitest';
import {ResponseIndex} from '../../../source/translate/store/response-index.ts';
import type {StoredHead} from '../../../source/translate/store/stored-response.ts';
import {propertyRuns} from '../../support/property-runs.ts';

const head = (id: string, parent?: string, owner = 'ada'): StoredHead => ({
	...{id, parent, owner, createdAtMs: 0, model: 'm', endpointKey: 'codex/a/default'},
});

const plenty = {ttlMs: 1000, count: 100, bytes: 1_000_000};

const idsOf = (heads: readonly StoredHead[] | undefined): readonly string[] | undefined => heads?.map(({id}) => id);

describe('which responses are kept (translation.md 6.1)', () => {
	test('a chain is found from its end, the first response first', () => {
		const index = new ResponseIndex(plenty);
		index.add(head('a'), 10, 0);
		index.add(head('b', 'a'), 10, 1);
		index.add(head('c', 'b'), 10, 2);
		expect(idsOf(index.chain('c', 'ada', 3))).toEqual(['a', 'b', 'c']);
		expect(idsOf(index.chain('b', 'ada', 3))).toEqual(['a', 'b']);
	});

	test('nobody finds the response of another owner, nor a chain that goes through one', () => {
		const index = new ResponseIndex(plenty);
		index.add(head('a', undefined, 'bob'), 10, 0);
		index.add(head('b', 'a'), 10, 1);
		expect(index.find('a', 'ada')).toBeUndefined();
		expect(index.chain('b', 'ada', 2)).toBeUndefined();
	});

	test('what nobody used for the time to live goes, and use of its end keeps a whole chain', () => {
		const index = new ResponseIndex(plenty);
		index.add(head('a'), 10, 0);
		index.add(head('other'), 10, 0);
		index.add(head('b', 'a'), 10, 500);
		index.chain('b', 'ada', 900);
		expect(index.expire(1500)).toEqual(['other']);
		expect(idsOf(index.chain('b', 'ada', 1500))).toEqual(['a', 'b']);
	});

	test('a response that goes takes along what cannot be continued without it, and no fork of what stays', () => {
		const index = new ResponseIndex({...plenty, count: 4});
		index.add(head('root'), 10, 0);
		index.add(head('old', 'root'), 10, 1);
		index.add(head('older', 'old'), 10, 2);
		index.add(head('fresh', 'root'), 10, 3);
		index.chain('fresh', 'ada', 4);
		expect(index.add(head('new', 'fresh'), 10, 5).toSorted()).toEqual(['old', 'older']);
		expect(idsOf(index.chain('new', 'ada', 6))).toEqual(['root', 'fresh', 'new']);
	});

	test('one response may take an eighth of the room at most', () => {
		const index = new ResponseIndex({...plenty, bytes: 8000});
		expect([index.hasRoomFor(800), index.hasRoomFor(801)]).toEqual([true, false]);
	});

	test('a removed response is gone, what came after it can be read and not continued', () => {
		const index = new ResponseIndex(plenty);
		index.add(head('a'), 10, 0);
		index.add(head('b', 'a'), 10, 1);
		index.remove('a');
		expect([index.find('a', 'ada'), index.find('b', 'ada')?.id, index.chain('b', 'ada', 2)]).toEqual([
			...[undefined, 'b', undefined],
		]);
	});

	test('a loop of parents, which a damaged folder could hold, ends', () => {
		const index = new ResponseIndex(plenty);
		index.add(head('a', 'b'), 10, 0);
		index.add(head('b', 'a'), 10, 0);
		expect(index.chain('a', 'ada', 1)).toBeUndefined();
	});

	test('property: the limits always hold, and bytes and size are those of what is left', () => {
		const step = record({id: nat(30), parent: option(nat(30)), bytes: nat(500), use: nat(30)});
		assert(
			property(array(step, {maxLength: 80}), steps => {
				const limits = {ttlMs: 40, count: 9, bytes: 4000};
				const index = new ResponseIndex(limits);
				const kept = new Map<string, number>();
				steps.forEach(({id, parent, bytes, use}, nowMs) => {
					index.chain(`r${use}`, 'ada', nowMs);
					const name = `r${id}`;
					kept.delete(name);
					kept.set(name, bytes + 200);
					for (const gone of index.add(head(name, parent === null ? undefined : `r${parent}`), bytes, nowMs)) {
						kept.delete(gone);
					}

					expect(index.size).toBe(kept.size);
					expect(index.bytes).toBe([...kept.values()].reduce((sum, each) => sum + each, 0));
					expect(index.size).toBeLessThanOrEqual(limits.count);
					expect(index.bytes).toBeLessThanOrEqual(limits.bytes);
				});
			}),
			propertyRuns(2000),
		);
	});
});
