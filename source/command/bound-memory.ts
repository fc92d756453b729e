import {getHeapSpaceStatistics, setFlagsFromString} from 'node:v8';

/*
 * Where a machine has much memory V8 collects late: a screen under load then keeps 150 MB of garbage, beside a user's own work. The bounds for
 * the main thread can be given on the command line only, which is not ours; what follows works while it runs.
 */

const mebibyte = 1024 * 1024;

/** Half of what young objects may take on this thread, in MiB; left alone it grows to 64. */
const youngMb = 8;

/** A thread that is started later begins with what its own bound allows, since it cannot grow any more. */
const threadYoungMb = 16;

/** How much of the room up to its limit the old generation fills before V8 begins to mark, beside the work: in percent. */
const markingPercent = 4;

const lookEveryMs = 500;

const youngBytes = (): number =>
	getHeapSpaceStatistics().find(({space_name: name}) => name === 'new_space')?.space_size ?? 0;

/** Bounds the garbage of this process; to be called before its threads are started. Nothing that is in use is touched. */
export const boundMemory = (): void => {
	setFlagsFromString(`--min-semi-space-size=${threadYoungMb}`);
	setFlagsFromString(`--incremental-marking-soft-trigger=${markingPercent}`);
	const timer = setInterval(() => {
		if (youngBytes() >= 2 * youngMb * mebibyte) {
			setFlagsFromString('--semi-space-growth-factor=1');
			clearInterval(timer);
		}
	}, lookEveryMs);
	timer.unref();
};
