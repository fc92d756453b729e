import type {RequestView, RouteView} from '../../event/view.ts';
import {wordsOf} from '../language/words.ts';
import {breakerWord} from '../panes/route-state.ts';
import {formatUsd} from '../panes/usage-format.ts';
import {showReplay} from '../store/moves.ts';
import {withPicker} from '../store/picker.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {selectedRequest} from '../store/selectors.ts';
import {formatCount, nameOfEndpoint} from '../text/format.ts';
import type {Binding} from './keymap.ts';
import type {Controls} from './controls.ts';
import type {PaletteEntry} from './palette.ts';

/* What a person may do with the selected request: look into it, and send it again elsewhere. */

const whyNothing = (state: ScreenState): string | undefined =>
	selectedRequest(state) === undefined ? wordsOf(state).exports.nothingSelected : undefined;

/** Where a request could be sent again: every upstream of its service that is switched on. */
const targetsOf = (state: ScreenState, {service}: RequestView): readonly RouteView[] =>
	state.routes.filter(route => route.enabled && route.service === service);

const whyNoReplay = (state: ScreenState): string | undefined => {
	const {bodies: words} = wordsOf(state);
	if (state.isReadOnly) {
		return words.readOnly;
	}

	const request = selectedRequest(state);
	if (request === undefined) {
		return whyNothing(state);
	}

	return targetsOf(state, request).length === 0 ? words.nowhereToSend : undefined;
};

/** Asks whether it may cost, and sends the request again. */
const replayOn =
	(request: RequestView, endpointKey: string): Binding['run'] =>
	controls =>
		void askReplay(controls, request, endpointKey);

const askReplay = async (
	{update, priceOf}: Pick<Controls, 'update' | 'priceOf'>,
	request: RequestView,
	endpointKey: string,
): Promise<void> => {
	const {requestId, usage} = request;
	const nanoUsd = await priceOf(request);
	update(state => {
		const {bodies: words} = wordsOf(state);
		const name = nameOfEndpoint(endpointKey);
		const tokens = usage?.inputTokens === undefined ? undefined : formatCount(usage.inputTokens);
		const cost = nanoUsd === undefined ? undefined : formatUsd(nanoUsd);
		return {
			...state,
			question: {
				text: words.askReplay(name, {tokens, cost}),
				yes: ({act, update: change}) => {
					act({type: 'replay-request', requestId, to: endpointKey}, words.replayed(name));
					change(current => showReplay(current, requestId));
				},
			},
		};
	});
};

const pickReplay = (state: ScreenState): ScreenState => {
	const request = selectedRequest(state);
	return request === undefined
		? state
		: withPicker(state, {
				title: wordsOf(state).bodies.replayWhere,
				does: wordsOf(state).commands['request.replay'],
				choices: targetsOf(state, request).map(({endpointKey, phase, cooldownUntilMs}) => ({
					...{value: endpointKey, label: nameOfEndpoint(endpointKey)},
					about: breakerWord({phase, untilMs: cooldownUntilMs}, state),
					isCurrent: endpointKey === request.endpointKey,
				})),
				choose: (value, controls) => replayOn(request, value)(controls),
			});
};

/** The rows of the key table that are about the selected request. */
export const requestBindings: readonly Binding[] = [
	{
		keys: ['d'],
		command: 'request.body',
		group: 'This page',
		pages: ['requests'],
		footer: 4,
		disabledReason: whyNothing,
		run: ({state, bodies}) => bodies.open(selectedRequest(state())?.requestId ?? ''),
	},
	{
		keys: ['c'],
		command: 'request.replay',
		group: 'This page',
		pages: ['requests'],
		footer: 6,
		disabledReason: whyNoReplay,
		run: ({update}) => update(pickReplay),
	},
];

/** The commands of the palette that are about the selected request. */
export const requestEntries = (state: ScreenState): readonly PaletteEntry[] => {
	const request = selectedRequest(state);
	if (request === undefined) {
		return [];
	}

	const {bodies: words} = wordsOf(state);
	return [
		...targetsOf(state, request).map((route): PaletteEntry => ({
			...{text: `request replay on ${nameOfEndpoint(route.endpointKey)}`, label: words.replays, key: undefined},
			disabledReason: whyNoReplay(state),
			run: replayOn(request, route.endpointKey),
		})),
	];
};
