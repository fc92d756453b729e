import {wordsOf} from '../language/words.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {selectedRequest} from '../store/selectors.ts';
import {nameOfEndpoint} from '../text/format.ts';
import type {Controls} from './controls.ts';

/** Why the selected request cannot be moved to another upstream now; undefined when it may be tried. */
export const whyNotMove = (state: ScreenState): string | undefined => {
	const words = wordsOf(state).requestKeys;
	if (state.isReadOnly) {
		return words.readOnlyMove;
	}

	const request = selectedRequest(state);
	if (request === undefined) {
		return words.noneSelected;
	}

	return request.state === 'running' ? undefined : words.hasEnded;
};

/** Ends the running attempt of the selected request; it goes on at the next upstream, unseen by its client (routing.md 11). */
export const moveRequest = (controls: Controls): void => {
	const state = controls.state();
	const request = selectedRequest(state);
	if (request !== undefined) {
		const {requestId, endpointKey} = request;
		const from = endpointKey === undefined ? undefined : nameOfEndpoint(endpointKey);
		controls.act({type: 'move-request', requestId}, wordsOf(state).requestKeys.moved(from));
	}
};
