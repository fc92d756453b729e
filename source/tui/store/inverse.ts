import type {EngineAction} from '../../event/protocol.ts';
import type {ScreenState} from './screen-state.ts';
import {pinOf} from './selectors.ts';

type Of<Type extends EngineAction['type']> = Extract<EngineAction, {readonly type: Type}>;

/** Back to the pin that holds now, or to none. */
const unpinned = (state: ScreenState, {service, sessionId}: Of<'pin' | 'unpin'>): readonly EngineAction[] => {
	const before =
		sessionId === undefined
			? pinOf(state.engine, service)
			: state.brain?.pins.find(each => each.service === service && each.sessionId === sessionId)?.pin;
	if (before === undefined) {
		return [{type: 'unpin', service, sessionId}];
	}

	const {endpointKey, mode, untilMs} = before;
	return [{type: 'pin', service, sessionId, endpointKey, mode, untilMs}];
};

const overridden = (state: ScreenState, {service, sessionId, fields, profile}: Of<'override'>): EngineAction => {
	const before = state.brain?.overrides.find(each => each.service === service && each.sessionId === sessionId);
	return {
		...{type: 'override', service, sessionId},
		fields: fields && {model: before?.model ?? null, effort: before?.effort ?? null, tier: before?.tier ?? null},
		profile: profile === undefined ? undefined : (before?.profile ?? null),
	};
};

/** The cooldowns that a dismissal ends; one without an end (a refused key) is not put back: the next request would tell it anew. */
const cooled = (state: ScreenState, {endpointKey, account}: Of<'dismiss'>): readonly EngineAction[] =>
	(state.brain?.actions ?? [])
		.filter(row => row.endpointKey === endpointKey && (account === undefined || row.account === account))
		.flatMap(({account: own, model, reason, expiresAtMs}): readonly EngineAction[] =>
			expiresAtMs === undefined
				? []
				: [{type: 'cool-down', endpointKey, account: own, model, untilMs: expiresAtMs, reason}],
		);

/** What an action changes of a cooldown's end. */
const moved = (state: ScreenState, {endpointKey, account}: Of<'extend'>): readonly EngineAction[] =>
	(state.brain?.actions ?? [])
		.filter(row => row.endpointKey === endpointKey && (account === undefined || row.account === account))
		.flatMap(({account: own, expiresAtMs}): readonly EngineAction[] =>
			expiresAtMs === undefined ? [] : [{type: 'extend', endpointKey, account: own, untilMs: expiresAtMs}],
		);

/** The actions that lead from behind an action back to what holds now; none where there is no way back. */
export const inverseOf = (state: ScreenState, action: EngineAction): readonly EngineAction[] => {
	switch (action.type) {
		case 'pin':
		case 'unpin': {
			return unpinned(state, action);
		}

		case 'override': {
			return [overridden(state, action)];
		}

		case 'account': {
			return [{...action, isPaused: !action.isPaused}];
		}

		case 'dismiss': {
			return cooled(state, action);
		}

		case 'extend': {
			return moved(state, action);
		}

		default: {
			return [];
		}
	}
};
