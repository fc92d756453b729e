import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {Table} from '../../source/base/table.ts';
import {propertyRuns} from '../support/property-runs.ts';

test('answers as a Map would', () => {
	const key = fc.constantFrom('a', 'b', 'req-3', '__proto__', 'constructor', '');
	const step = fc.record({kind: fc.constantFrom('set', 'delete', 'clear'), key, value: fc.nat()});
	fc.assert(
		fc.property(fc.array(step), steps => {
			const table = new Table<number>();
			const map = new Map<string, number>();
			for (const {kind, key: name, value} of steps) {
				if (kind === 'set') {
					table.set(name, value);
					map.set(name, value);
				} else if (kind === 'delete') {
					table.delete(name);
					map.delete(name);
				} else if (value % 10 === 0) {
					table.clear();
					map.clear();
				}
			}

			expect(table.size).toBe(map.size);
			expect(table.values()).toEqual([...map.values()]);
			expect(['a', '__proto__', 'constructor'].map(name => table.get(name))).toEqual(
				['a', '__proto__', 'constructor'].map(name => map.get(name)),
			);
		}),
		propertyRuns(300),
	);
});

test('lets the key that was set first go when there are too many', () => {
	const table = new Table<number>(2);
	table.set('a', 1);
	table.set('b', 2);
	table.set('a', 3);
	expect(table.values()).toEqual([3, 2]);
	table.set('c', 4);
	expect(table.size).toBe(2);
	expect(table.values()).toEqual([2, 4]);
});
