import type {Cancellation} from './cancellation.ts';

/** Waits; a cancellation ends the wait at once. */
export const sleep = (ms: number, cancellation: Cancellation): Promise<void> =>
	new Promise(resolve => {
		const timer = setTimeout(() => {
			forget();
			resolve();
		}, ms);
		const forget = cancellation.onCancel(() => {
			clearTimeout(timer);
			resolve();
		});
	});
