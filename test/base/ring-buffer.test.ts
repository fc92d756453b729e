import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {RingBuffer} from '../../source/base/ring-buffer.ts';
import {propertyRuns} from '../support/property-runs.ts';

test('it keeps the newest items in their order and counts the others, through any pushes and drains', () => {
	const steps = fc.array(fc.oneof(fc.nat(), fc.constant('drain' as const)), {maxLength: 60});
	fc.assert(
		fc.property(fc.integer({min: 1, max: 8}), steps, (capacity, sequence) => {
			const ring = new RingBuffer<number>(capacity);
			let model: number[] = [];
			let dropped = 0;
			for (const step of sequence) {
				if (step === 'drain') {
					expect(ring.drain()).toEqual(model);
					model = [];
				} else {
					ring.push(step);
					model.push(step);
					dropped += Math.max(0, model.length - capacity);
					model = model.slice(-capacity);
				}

				expect([ring.toArray(), ring.size, ring.dropped]).toEqual([model, model.length, dropped]);
			}
		}),
		propertyRuns(100),
	);
});
