/**
 * Makes a value when it is asked for first, and gives the same one from then on; a promise that was rejected, too. For what takes long to load and
 * may never be needed.
 */
export const once = <Value>(make: () => Value): (() => Value) => {
	let made: {readonly value: Value} | undefined;
	return () => (made ??= {value: make()}).value;
};
