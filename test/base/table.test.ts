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
			expect(table.oldest()).toBe([...map.keys()][0]);
			expect(['a', '__proto__', 'constructor'].map(name => table.get(name))).toEqual(
				['a', '__proto__', 'constructor'].map(name => map.get(name)),
			);
		}),
		propertyRuns(300),
	);
});
