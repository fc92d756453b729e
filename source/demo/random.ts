/** A seeded source of numbers from 0 up to 1 (mulberry32), so that a demo runs the same way twice. */
export const createRandom = (seed: number): (() => number) => {
	let state = Math.trunc(seed);
	return () => {
		state = Math.trunc(state + 0x6d_2b_79_f5);
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
};

/** One of the items; the list must not be empty. */
export const pick = <Item>(random: () => number, items: readonly [Item, ...Item[]]): Item =>
	items[Math.floor(random() * items.length)] ?? items[0];

const hex = (random: () => number, digits: number): string =>
	Array.from({length: digits}, () => Math.floor(random() * 16).toString(16)).join('');

/** An id of the kind that Codex makes: a UUID of version 7, ordered by `nowMs`. */
export const createUuid7 = (random: () => number, nowMs: number): string => {
	const time = nowMs.toString(16).padStart(12, '0');
	return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(random, 3)}-8${hex(random, 3)}-${hex(random, 12)}`;
};
