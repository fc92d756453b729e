import {setTimeout as sleep} from 'node:timers/promises';

/** Asks until the answer is not undefined. Throws `waited in vain for WHAT` after `patienceMs` (default 20 s). */
export const poll = async <Value>(
	what: string,
	ask: () => Value | undefined | Promise<Value | undefined>,
	patienceMs = 20_000,
): Promise<Value> => {
	const endsAtMs = performance.now() + patienceMs;
	for (;;) {
		const value = await ask();
		if (value !== undefined) {
			return value;
		}

		if (performance.now() > endsAtMs) {
			throw new Error(`Waited in vain for ${what} (${patienceMs} ms).`);
		}

		await sleep(30);
	}
};
