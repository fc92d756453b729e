import type {RouteView} from '../../event/view.ts';
import {wordsOf} from '../language/words.ts';
import {accountsOf, hasCooldown} from '../store/brain-selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {listOf} from '../store/selectors.ts';
import {nameOfEndpoint} from '../text/format.ts';
import type {Controls} from './controls.ts';

/* What a person may do to the selected upstream beside pinning it: pause its accounts, and end its cooldowns. */

const whyNotTouch = (state: ScreenState): string | undefined => {
	const words = wordsOf(state).upstreamKeys;
	if (state.isReadOnly) {
		return words.readOnlyChange;
	}

	return listOf(state, 'routes').selected === undefined ? words.noneSelected : undefined;
};

/** Why the accounts of the selected upstream cannot be paused or resumed now; undefined when they can. */
export const whyNotPause = (state: ScreenState): string | undefined => {
	const {selected} = listOf(state, 'routes');
	return whyNotTouch(state) ?? (selected && whyNotPauseIt(state, selected));
};

/** The same of any upstream. */
export const whyNotPauseIt = (state: ScreenState, route: RouteView): string | undefined => {
	const words = wordsOf(state).upstreamKeys;
	if (state.isReadOnly) {
		return words.readOnlyChange;
	}

	return accountsOf(state, route).length === 0 ? words.accountsUnknown : undefined;
};

/** Whether nothing goes to any account of an upstream's provider. */
export const isPaused = (state: ScreenState, route: RouteView): boolean => {
	const accounts = accountsOf(state, route);
	return accounts.length > 0 && accounts.every(account => account.isPaused);
};

/** Pauses all accounts of the selected upstream's provider that are not paused; where all are, lets them go on. */
export const pauseUpstream = (controls: Controls): void => {
	const {selected} = listOf(controls.state(), 'routes');
	if (selected !== undefined) {
		pauseIt(selected)(controls);
	}
};

/** The same of any upstream. */
export const pauseIt =
	(route: RouteView) =>
	(controls: Controls): void => {
		const state = controls.state();
		const {service, provider} = route;
		const accounts = accountsOf(state, route);
		const running = accounts.filter(account => !account.isPaused);
		const isPausing = running.length > 0;
		const changed = isPausing ? running : accounts;
		const labels = changed.map(({account}) => account);
		const words = wordsOf(state).upstreamKeys;
		const done = isPausing ? words.paused(provider, labels) : words.resumed(provider, labels);
		for (const {account} of changed) {
			controls.act({type: 'account', service, provider, account, isPaused: isPausing}, done);
		}
	};

/** Why no cooldown of the selected upstream can be dismissed now; undefined when one can. */
export const whyNotDismiss = (state: ScreenState): string | undefined => {
	const {selected} = listOf(state, 'routes');
	const reason = whyNotTouch(state);
	return reason === undefined && selected !== undefined && !hasCooldown(state, selected)
		? wordsOf(state).upstreamKeys.noCooldown(nameOfEndpoint(selected.endpointKey))
		: reason;
};

/** Ends every cooldown of the selected upstream: the next request may try it. */
export const dismissCooldowns = (controls: Controls): void => {
	const state = controls.state();
	const {selected} = listOf(state, 'routes');
	if (selected !== undefined) {
		const {endpointKey} = selected;
		const done = wordsOf(state).upstreamKeys.dismissed(nameOfEndpoint(endpointKey));
		controls.act({type: 'dismiss', endpointKey}, done);
	}
};
