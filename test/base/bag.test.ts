import {execFileSync} from 'node:child_process';
import {expect, test} from 'vitest';
import {Bag} from '../../source/base/bag.ts';

test('what was taken out is gone, and the others stay', () => {
	const bag = new Bag<string>();
	const [, takeB, , takeD] = ['a', 'b', 'c', 'd'].map(item => bag.add(item));
	takeB?.();
	expect(bag.toArray().toSorted()).toEqual(['a', 'c', 'd']);
	takeD?.();
	expect(bag.toArray().toSorted()).toEqual(['a', 'c']);
	expect(bag.size).toBe(2);
});

test('an item that stands in it twice is taken out as often as it is asked', () => {
	const bag = new Bag<string>();
	const [takeFirst] = [bag.add('a'), bag.add('a')];
	takeFirst();
	takeFirst();
	expect(bag.toArray()).toEqual(['a']);
});

test('taking out the only item leaves an empty bag that can be filled again', () => {
	const bag = new Bag<number>();
	bag.add(1)();
	expect(bag.size).toBe(0);
	bag.add(2);
	expect(bag.toArray()).toEqual([2]);
});

/** How many MB of 16 things at a time, 20,000 in all, were kept as old although they were over. */
const keptMb = (how: 'bag' | 'set'): number =>
	Number(
		execFileSync(process.execPath, [
			'--expose-gc',
			'--input-type=module-typescript',
			'--eval',
			`
			import {getHeapSpaceStatistics} from 'node:v8';
			import {Bag} from ${JSON.stringify(new URL('../../source/base/bag.ts', import.meta.url).href)};
			const bag = new Bag();
			const set = new Set();
			const add = ${how === 'bag' ? 'thing => bag.add(thing)' : 'thing => (set.add(thing), () => set.delete(thing))'};
			const old = () => getHeapSpaceStatistics().find(({space_name: name}) => name === 'old_space').space_used_size;
			const thing = () => Array.from({length: 50}, (_, index) => ({index}));
			add(thing());
			globalThis.gc();
			globalThis.gc();
			const before = old();
			const running = [];
			for (let count = 0; count < 20000; count++) {
				running.push(add(thing()));
				if (running.length > 16) running.shift()();
			}
			console.log((old() - before) / 1e6);
			`,
		]).toString(),
	);

test('V8 lets go of what was taken out without a full collection, which it does not with a set', () => {
	expect(keptMb('bag')).toBeLessThan(2);
	expect(keptMb('set')).toBeGreaterThan(5);
});

test('its items are visited while others come and go', () => {
	const bag = new Bag<string>();
	const takes = new Map(['a', 'b', 'c', 'd', 'e'].map(item => [item, bag.add(item)]));
	const visited: string[] = [];
	bag.forEach(item => {
		visited.push(item);
		if (item === 'd') {
			takes.get('d')?.();
			takes.get('b')?.();
			bag.add('new');
		}
	});
	expect(visited).not.toContain('b');
	expect(visited).not.toContain('new');
	expect(new Set(visited)).toEqual(new Set(['a', 'c', 'd', 'e']));
	expect(bag.toArray().toSorted()).toEqual(['a', 'c', 'e', 'new']);
});
