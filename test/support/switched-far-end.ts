import {startFarEnd, wholeAnswer, type RawArrival, type RawFarEnd} from './raw-http.ts';

/** Waits; only where time itself is what is tested. */
export const sleep = (ms: number): Promise<void> =>
	new Promise(resolve => {
		setTimeout(resolve, ms);
	});

/** A far end whose behaviour is switched while it runs. */
export const startSwitched = async (
	first: (arrival: RawArrival) => void,
): Promise<RawFarEnd & {readonly become: (next: (arrival: RawArrival) => void) => void}> => {
	let answer = first;
	const far = await startFarEnd(arrival => answer(arrival));
	return {...far, become: next => (answer = next)};
};

/** Answers with a status, headers and a JSON body. */
export const answerWith =
	(status: number, headers: Readonly<Record<string, string>> = {}, body = '{}') =>
	({socket}: RawArrival): void => {
		socket.write(wholeAnswer(status, body, headers));
	};
