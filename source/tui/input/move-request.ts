import type {ScreenState} from '../store/screen-state.ts';
import {selectedRequest} from '../store/selectors.ts';
import {nameOfEndpoint} from '../text/format.ts';
import type {Controls} from './controls.ts';

/** Why the selected request cannot be moved to another upstream now; undefined when it may be tried. */
export const whyNotMove = (state: ScreenState): string | undefined => {
	if (state.isReadOnly) {
		return 'This screen is read-only: it may not move requests.';
	}

	const request = selectedRequest(state);
	if (request === undefined) {
		return 'No request is selected.';
	}

	return request.state === 'running' ? undefined : 'The selected request has ended; only a running one can be moved.';
};

/** Ends the running attempt of the selected request; it goes on at the next upstream, unseen by its client (routing.md 11). */
export const moveRequest = (controls: Controls): void => {
	const request = selectedRequest(controls.state());
	if (request !== undefined) {
		const {requestId, endpointKey} = request;
		const from = endpointKey === undefined ? '' : ` from ${nameOfEndpoint(endpointKey)}`;
		controls.act({type: 'move-request', requestId}, `The request moves on${from}; its client notices nothing.`);
	}
};
