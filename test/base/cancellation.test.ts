import {expect, test} from 'vitest';
import {Cancellation} from '../../source/base/cancellation.ts';

test('listeners are told once, in their order, and not after they were taken off', () => {
	const cancellation = new Cancellation();
	const told: string[] = [];
	cancellation.onCancel(() => told.push('a'));
	const remove = cancellation.onCancel(() => told.push('b'));
	cancellation.onCancel(() => told.push('c'));
	remove();
	expect(cancellation.isCancelled).toBe(false);
	cancellation.cancel();
	cancellation.cancel();
	expect(told).toEqual(['a', 'c']);
	expect(cancellation.isCancelled).toBe(true);
});

test('who comes too late is told at once, also from within a listener', () => {
	const cancellation = new Cancellation();
	const told: string[] = [];
	cancellation.onCancel(() => {
		told.push('first');
		cancellation.onCancel(() => told.push('inner'));
	});
	cancellation.cancel();
	const remove = cancellation.onCancel(() => told.push('late'));
	remove();
	expect(told).toEqual(['first', 'inner', 'late']);
});
