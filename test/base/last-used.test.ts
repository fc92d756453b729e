import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {LastUsed} from '../../source/base/last-used.ts';
import {propertyRuns} from '../support/property-runs.ts';

test('its keys stand in the order of their last use, whatever was taken out between', () => {
	const step = fc.record({
		kind: fc.constantFrom('touch', 'set', 'delete'),
		key: fc.constantFrom('a', 'b', 'c', 'd'),
		value: fc.nat(),
	});
	fc.assert(
		fc.property(fc.array(step), steps => {
			const used = new LastUsed<number>();
			let rows: Array<readonly [string, number]> = [];
			for (const {kind, key, value} of steps) {
				const known = rows.findIndex(([name]) => name === key);
				if (kind === 'set' && known !== -1) {
					used.set(key, value);
					rows[known] = [key, value];
				} else if (kind === 'delete') {
					used.delete(key);
					rows = rows.filter(([name]) => name !== key);
				} else if (kind === 'touch') {
					used.touch(key, value);
					rows = [...rows.filter(([name]) => name !== key), [key, value]];
				}
			}

			expect([...used]).toEqual(rows);
		}),
		propertyRuns(300),
	);
});
