import {wordsOf} from '../language/words.ts';
import {openLog} from '../store/message-log.ts';
import {focusPane, goTo, withList} from '../store/moves.ts';
import type {ScreenState} from '../store/screen-state.ts';
import type {Binding} from './keymap.ts';

/* What was said, and what is wrong now. */

const messageMs = 4000;

/** The newest open incident, else the newest request that failed, else the newest error that was said. */
const showTrouble = (state: ScreenState): ScreenState => {
	const incident = state.incidents
		.filter(({state: at}) => at === 'open')
		.toSorted((left, right) => right.openedAtMs - left.openedAtMs)[0];
	if (incident !== undefined) {
		const shown = withList(goTo(state, 'incidents'), 'incidents', {selectedKey: incident.id, filter: ''});
		return focusPane(shown, 'incidents');
	}

	const failed = state.requests.find(({state: at}) => at === 'failed' || at === 'cut');
	if (failed !== undefined) {
		const shown = withList(goTo(state, 'requests'), 'requests', {selectedKey: failed.requestId, filter: ''});
		return focusPane(shown, 'requests');
	}

	return state.messages.some(({tone}) => tone === 'error')
		? openLog(state)
		: {...state, message: {text: wordsOf(state).log.allWell, tone: 'ok', untilMs: state.nowMs + messageMs}};
};

/** The rows of the key table that are about what was said and what is wrong. */
export const logBindings: readonly Binding[] = [
	{
		keys: ['!'],
		command: 'trouble',
		group: 'Find',
		run: ({update}) => update(showTrouble),
	},
	{
		keys: ['ctrl+o'],
		command: 'messages',
		group: 'Program',
		disabledReason: state => (state.messages.length === 0 ? wordsOf(state).log.nothing : undefined),
		run: ({update}) => update(openLog),
	},
];
