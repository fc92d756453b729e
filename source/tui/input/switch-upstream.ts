import type {Pin, RouteView} from '../../event/view.ts';
import {nameOfEndpoint} from '../text/format.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {listOf, pinOf} from '../store/selectors.ts';
import type {Controls} from './controls.ts';

const routeToSwitch = (state: ScreenState): RouteView | undefined => listOf(state, 'routes').selected;

/** Why the selected upstream cannot be switched to now; undefined when it can. */
export const whyNotSwitch = (state: ScreenState): string | undefined => {
	if (state.isReadOnly) {
		return 'This screen is read-only: it may not switch upstreams.';
	}

	const route = routeToSwitch(state);
	if (route === undefined) {
		return 'No upstream is selected.';
	}

	return route.enabled
		? undefined
		: `${nameOfEndpoint(route.endpointKey)} is disabled; enable it in the configuration first.`;
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
		if (pin?.endpointKey === endpointKey && pin.mode === mode) {
			controls.act({type: 'unpin', service}, `${name} is no longer pinned; ${service} goes in order.`);
			return;
		}

		const what = mode === 'only' ? `goes to ${name}` : `tries ${name} first`;
		controls.act({type: 'pin', service, endpointKey, mode}, `The next ${service} request ${what}.`);
	};
