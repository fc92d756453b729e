import type {Pin, RouteView} from '../../event/view.ts';
import {wordsOf} from '../language/words.ts';
import {nameOfEndpoint} from '../text/format.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {listOf, pinOf} from '../store/selectors.ts';
import type {Controls} from './controls.ts';

const routeToSwitch = (state: ScreenState): RouteView | undefined => listOf(state, 'routes').selected;

/** Why the selected upstream cannot be switched to now; undefined when it can. */
export const whyNotSwitch = (state: ScreenState): string | undefined => {
	const words = wordsOf(state).upstreamKeys;
	if (state.isReadOnly) {
		return words.readOnlySwitch;
	}

	const route = routeToSwitch(state);
	if (route === undefined) {
		return words.noneSelected;
	}

	return route.enabled ? undefined : words.enableFirst(nameOfEndpoint(route.endpointKey));
};

/** Pins the selected upstream in a mode, or lets go of it when it is pinned so already. */
export const switchUpstream =
	(mode: Pin['mode']) =>
	(controls: Controls): void => {
		const state = controls.state();
		const route = routeToSwitch(state);
		if (route === undefined) {
			return;
		}

		pinUpstream(route, mode)(controls);
	};

/** Pins an upstream in a mode, or lets go of it when it is pinned so already. */
export const pinUpstream =
	({endpointKey, service}: RouteView, mode: Pin['mode']) =>
	(controls: Controls): void => {
		const state = controls.state();
		const pin = pinOf(state.engine, service);
		const name = nameOfEndpoint(endpointKey);
		const words = wordsOf(state).upstreamKeys;
		if (pin?.endpointKey === endpointKey && pin.mode === mode) {
			controls.act({type: 'unpin', service}, words.unpinned(name, service));
			return;
		}

		const done = mode === 'only' ? words.pinned(name, service) : words.preferred(name, service);
		controls.act({type: 'pin', service, endpointKey, mode}, done);
	};
