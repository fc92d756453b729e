import type {Trip} from '../trip.ts';
import type {Judged} from './verdict.ts';

/*
 * Repairs of a request as resends that no client sees (codex-helper.md 2.5; architecture.md, rule 5): each at most once per request, to the
 * same upstream, and only where the resend would differ from what was refused.
 */

/**
 * What is left out of the resend: encrypted reasoning, or a `previous_response_id` that the upstream does not know; or what is mended in a
 * translated request, twice at most (translation.md 1.11, mender.ts).
 */
export type Repair = 'encrypted' | 'previous-response' | 'mend' | 'mend-again';

/** Why the same upstream is asked again, in plain words. */
export const repairReason: Readonly<Record<Repair, string>> = {
	encrypted: 'the same again without the encrypted reasoning that it cannot read',
	'previous-response': 'the same again without the previous_response_id that it does not know',
	mend: 'the same again, mended as its refusal asks for',
	'mend-again': 'the same again, mended once more as its refusal asks for',
};

const previousResponse = /previous[_ ]response/i;
const isGone = /not[_ ]found|does(?: not|n't) exist|missing/i;

/** Whether an error's code and message say that the response before this one is unknown there. */
export const isStalePreviousResponse = (words: {
	readonly code: string | undefined;
	readonly message: string | undefined;
}): boolean => {
	const text = `${words.code ?? ''} ${words.message ?? ''}`;
	return previousResponse.test(text) && isGone.test(text);
};

/** A judged attempt without a repair that would send the same bytes again. */
export const repairable = (trip: Pick<Trip, 'call' | 'encrypted'>, judged: Judged): Judged =>
	judged.repair === undefined || canRepair(trip, judged.repair) ? judged : {...judged, repair: undefined};

/** Whether leaving it out would change anything of this request. */
const canRepair = ({call, encrypted}: Pick<Trip, 'call' | 'encrypted'>, repair: Repair): boolean => {
	switch (repair) {
		case 'encrypted': {
			return encrypted.some(({type}) => type === 'reasoning');
		}

		case 'previous-response': {
			// A v1 compact body goes without it from the start.
			return call.target.operation === 'responses' && call.fields?.has('previous_response_id') === true;
		}

		case 'mend':
		case 'mend-again': {
			// Whoever asks for one has seen that it changes something.
			return true;
		}
	}
};
