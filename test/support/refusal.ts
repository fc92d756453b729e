import {RelayError} from '../../source/base/errors.ts';

/** The RelayError that a call throws; undefined where it throws none. Any other error is a fault and is thrown on. */
export const refusal = (run: () => unknown): RelayError | undefined => {
	try {
		run();
		return undefined;
	} catch (error) {
		if (error instanceof RelayError) {
			return error;
		}

		throw error;
	}
};
