import {accountsOf, hasCooldown} from '../store/brain-selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {listOf} from '../store/selectors.ts';
import {nameOfEndpoint} from '../text/format.ts';
import type {Controls} from './controls.ts';

/* What a person may do to the selected upstream beside pinning it: pause its accounts, and end its cooldowns. */

const whyNotTouch = (state: ScreenState): string | undefined => {
	if (state.isReadOnly) {
		return 'This screen is read-only: it may not change upstreams.';
	}

	return listOf(state, 'routes').selected === undefined ? 'No upstream is selected.' : undefined;
};

/** Why the accounts of the selected upstream cannot be paused or resumed now; undefined when they can. */
export const whyNotPause = (state: ScreenState): string | undefined => {
	const {selected} = listOf(state, 'routes');
	const reason = whyNotTouch(state);
	return reason === undefined && selected !== undefined && accountsOf(state, selected).length === 0
		? 'The engine has not told the accounts of this upstream yet.'
		: reason;
};

/** Pauses all accounts of the selected upstream's provider that are not paused; where all are, lets them go on. */
export const pauseUpstream = (controls: Controls): void => {
	const state = controls.state();
	const {selected: route} = listOf(state, 'routes');
	if (route === undefined) {
		return;
	}

	const {service, provider} = route;
	const accounts = accountsOf(state, route);
	const running = accounts.filter(({isPaused}) => !isPaused);
	const isPaused = running.length > 0;
	const changed = isPaused ? running : accounts;
	const labels = changed.map(({account}) => account).join(', ');
	const whose = `${provider}'s account${changed.length === 1 ? '' : 's'} ${labels}`;
	const done = isPaused ? `No new request goes to ${whose}; p again resumes.` : `Requests go to ${whose} again.`;
	for (const {account} of changed) {
		controls.act({type: 'account', service, provider, account, isPaused}, done);
	}
};

/** Why no cooldown of the selected upstream can be dismissed now; undefined when one can. */
export const whyNotDismiss = (state: ScreenState): string | undefined => {
	const {selected} = listOf(state, 'routes');
	const reason = whyNotTouch(state);
	return reason === undefined && selected !== undefined && !hasCooldown(state, selected)
		? `${nameOfEndpoint(selected.endpointKey)} has no cooldown.`
		: reason;
};

/** Ends every cooldown of the selected upstream: the next request may try it. */
export const dismissCooldowns = (controls: Controls): void => {
	const {selected} = listOf(controls.state(), 'routes');
	if (selected !== undefined) {
		const {endpointKey} = selected;
		const done = `The cooldowns of ${nameOfEndpoint(endpointKey)} are over; the next request may try it.`;
		controls.act({type: 'dismiss', endpointKey}, done);
	}
};
