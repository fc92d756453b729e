import {wordsOf} from '../language/words.ts';
import type {Binding} from './keymap.ts';
import {dismissCooldowns, pauseUpstream, whyNotDismiss, whyNotPause} from './steer-upstream.ts';
import {switchUpstream, whyNotSwitch} from './switch-upstream.ts';

/** The rows of the key table that are about upstreams. */
export const routeBindings: readonly Binding[] = [
	{
		keys: ['o'],
		command: 'route.pin',
		group: 'This page',
		pages: ['dash', 'routes'],
		footer: 2,
		disabledReason: whyNotSwitch,
		run: switchUpstream('only'),
	},
	{
		keys: ['O'],
		command: 'route.prefer',
		group: 'This page',
		pages: ['dash', 'routes'],
		footer: 4,
		disabledReason: whyNotSwitch,
		run: switchUpstream('prefer'),
	},
	{
		keys: ['v'],
		command: 'route.view',
		group: 'This page',
		pages: ['routes'],
		footer: 2,
		run: controls => controls.update(state => ({...state, routesView: state.routesView === 'list' ? 'graph' : 'list'})),
	},
	{
		keys: ['p'],
		command: 'account.pause',
		group: 'This page',
		pages: ['routes'],
		footer: 5,
		disabledReason: whyNotPause,
		run: pauseUpstream,
	},
	{
		keys: ['D'],
		command: 'cooldown.dismiss',
		group: 'This page',
		pages: ['routes'],
		footer: 6,
		disabledReason: whyNotDismiss,
		run: dismissCooldowns,
	},
	{
		keys: ['r'],
		command: 'config.reload',
		group: 'This page',
		pages: ['routes'],
		footer: 8,
		disabledReason: state => (state.isReadOnly ? wordsOf(state).upstreamKeys.readOnly : undefined),
		run: controls => controls.act({type: 'reload-config'}, wordsOf(controls.state()).upstreamKeys.configReread),
	},
];
