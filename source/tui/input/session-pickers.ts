import type {BrainAction} from '../../event/protocol.ts';
import type {Pin} from '../../event/view.ts';
import {wordsOf} from '../language/words.ts';
import {withPicker, type Choice, type Picker} from '../store/picker.ts';
import type {SessionChange} from '../store/session-desk.ts';
import type {SessionRow} from '../store/session-rows.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {listOf} from '../store/selectors.ts';
import {nameOfEndpoint} from '../text/format.ts';
import {shortenMiddle} from '../text/line.ts';
import type {Controls} from './controls.ts';

/* What may be chosen for one session: model, effort, service tier, profile and upstream. Each choice can be taken back. */

type Field = 'model' | 'effort' | 'tier';

/** What Codex and its imitators know (codex-wire.md 3); anything else can be typed. */
const efforts: readonly string[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'];
const tiers: readonly string[] = ['default', 'priority', 'flex'];

const selectedSession = (state: ScreenState): SessionRow | undefined => listOf(state, 'sessions').selected;

/** Why the selected session cannot be changed now; undefined when it can. */
export const whyNotChangeSession = (state: ScreenState): string | undefined => {
	const words = wordsOf(state).sessionPage;
	const row = selectedSession(state);
	if (state.isReadOnly) {
		return words.readOnly;
	}

	if (row === undefined) {
		return words.noneSelected;
	}

	return row.origin === 'subagent' ? words.ofItsSession : state.brain === undefined ? words.notTold : undefined;
};

const choicesFor = (state: ScreenState, {service}: SessionRow) =>
	state.brain?.choices.find(choices => choices.service === service);

/** Models that are in the configuration, that were asked for, or that something was learned about. */
const modelsFor = (state: ScreenState, row: SessionRow): readonly string[] => {
	const seen = [
		...(choicesFor(state, row)?.models ?? []),
		...state.requests.filter(({service}) => service === row.service).map(({model}) => model),
		...(state.sessionPage.files?.sessions ?? [])
			.filter(({client}) => (client === 'codex') === (row.service === 'codex'))
			.map(({model}) => model),
		...(state.brain?.capabilities ?? [])
			.filter(({endpointKey}) => endpointKey.startsWith(`${row.service}/`))
			.map(({model}) => model),
	];
	return [...new Set(seen.filter(model => model !== undefined))].toSorted((left, right) => left.localeCompare(right));
};

const ownChoice = (label: string, own: string | undefined, isCurrent: boolean): Choice => ({
	value: '',
	label,
	about: own,
	isCurrent,
});

const fieldChange = (row: SessionRow, [field, value]: readonly [Field, string], state: ScreenState): SessionChange => {
	const words = wordsOf(state).sessionPage;
	const {service, sessionId, override} = row;
	const to = (text: string | null): BrainAction => ({type: 'override', service, sessionId, fields: {[field]: text}});
	const name = words.field[field];
	return {
		actions: [to(value === '' ? null : value)],
		undo: [to(override?.[field] ?? null)],
		done: value === '' ? words.asksItself(name) : words.nowAsks(name, value),
	};
};

type Opening = (state: ScreenState, row: SessionRow) => Omit<Picker, 'text' | 'index'>;

/** Ids of one day begin alike: their end tells them apart. */
const nameOf = ({key}: SessionRow): string => shortenMiddle(key, 14, '..');

/** The row stays selected while something is chosen for it, whatever comes to stand above it. */
const holding = (state: ScreenState, {key}: SessionRow): ScreenState => ({
	...state,
	lists: {...state.lists, sessions: {...state.lists.sessions, selectedKey: key}},
});

const opening =
	(open: Opening) =>
	(controls: Controls): void =>
		controls.update(state => {
			const row = selectedSession(state);
			return row === undefined ? state : withPicker(holding(state, row), open(state, row));
		});

/** Which list a field is chosen from. */
const listOfField = (field: Field, state: ScreenState, row: SessionRow): readonly string[] =>
	field === 'model' ? modelsFor(state, row) : field === 'effort' ? efforts : tiers;

/** Opens the list from which a field of the selected session is chosen. */
export const pickField = (field: Field): ((controls: Controls) => void) =>
	opening((state, row) => {
		const words = wordsOf(state).sessionPage;
		const now = row.override?.[field];
		const own = field === 'tier' ? undefined : row[field];
		const known = listOfField(field, state, row);
		const listed = now === undefined || known.includes(now) ? known : [now, ...known];
		return {
			title: words.pick[field](nameOf(row)),
			other: words.asTyped,
			choices: [
				ownChoice(words.clientsOwn, own, now === undefined),
				...listed.map((value): Choice => ({value, label: value, isCurrent: value === now})),
			],
			choose: (value, controls) => controls.sessions.change(fieldChange(row, [field, value], state)),
		};
	});

/** Why no profile can be chosen now; undefined when one can. */
export const whyNotProfile = (state: ScreenState): string | undefined => {
	const row = selectedSession(state);
	const reason = whyNotChangeSession(state);
	return reason === undefined && row !== undefined && (choicesFor(state, row)?.profiles.length ?? 0) === 0
		? wordsOf(state).sessionPage.noProfiles(row.service)
		: reason;
};

/** Opens the list of session profiles. */
export const pickProfile = opening((state, row) => {
	const words = wordsOf(state).sessionPage;
	const {service, sessionId, override} = row;
	const now = override?.profile;
	const to = (profile: string | null): BrainAction => ({type: 'override', service, sessionId, profile});
	return {
		title: words.pick.profile(nameOf(row)),
		choices: [
			ownChoice(words.noProfile, undefined, now === undefined),
			...(choicesFor(state, row)?.profiles ?? []).map(({name, about}): Choice => ({
				value: name,
				label: name,
				about,
				isCurrent: name === now,
			})),
		],
		choose: (value, controls) =>
			controls.sessions.change({
				actions: [to(value === '' ? null : value)],
				undo: [to(now ?? null)],
				done: value === '' ? words.profileGone : words.profileNow(value),
			}),
	};
});

/** Why no upstream can be chosen now; undefined when one can. */
export const whyNotRoute = (state: ScreenState): string | undefined => {
	const row = selectedSession(state);
	const reason = whyNotChangeSession(state);
	return reason === undefined && row !== undefined && !state.routes.some(({service}) => service === row.service)
		? wordsOf(state).sessionPage.noRoutes(row.service)
		: reason;
};

/** A pin as the actions that make it; without one: those that take it away. */
const pinActions = (
	whose: Pick<Extract<BrainAction, {type: 'unpin'}>, 'service' | 'sessionId'>,
	pin: Pick<Pin, 'endpointKey' | 'mode' | 'untilMs'> | undefined,
): readonly BrainAction[] =>
	pin === undefined
		? [{type: 'unpin', ...whose}]
		: [{type: 'pin', ...whose, endpointKey: pin.endpointKey, mode: pin.mode, untilMs: pin.untilMs}];

/** A choice of an upstream is one text: for whom, how, and which. */
const routeChoices = (state: ScreenState, row: SessionRow): readonly Choice[] => {
	const words = wordsOf(state).sessionPage;
	return (['session', 'all'] as const).flatMap(scope => {
		const about = scope === 'session' ? words.forSession : words.forAll(row.service);
		const now = scope === 'session' ? row.pin?.pin : state.engine?.pins[row.service];
		const endpoints = state.routes.filter(({service, enabled}) => service === row.service && enabled);
		return [
			{value: `${scope} none`, label: words.byRoutes, about, isCurrent: now === undefined},
			...endpoints.flatMap(({endpointKey}) =>
				(['only', 'prefer'] as const).map((mode): Choice => ({
					value: `${scope} ${mode} ${endpointKey}`,
					label: words.modes[mode](nameOfEndpoint(endpointKey)),
					about,
					isCurrent: now?.endpointKey === endpointKey && now.mode === mode,
				})),
			),
		];
	});
};

/** Opens the list of upstreams: for the selected session, or for all of its service. */
export const pickRoute = opening((state, row) => {
	const words = wordsOf(state).sessionPage;
	return {
		title: words.pick.route(nameOf(row)),
		choices: routeChoices(state, row),
		choose: (value, controls) => {
			const [scope, name, endpointKey = ''] = value.split(' ');
			const mode = (['only', 'prefer'] as const).find(each => each === name);
			const isSession = scope === 'session';
			const whose = {service: row.service, ...(isSession ? {sessionId: row.sessionId} : {})};
			const who = isSession ? words.forSession : words.forAll(row.service);
			const before = isSession ? row.pin?.pin : state.engine?.pins[row.service];
			const wish = mode && {endpointKey, mode, untilMs: undefined};
			controls.sessions.change({
				actions: pinActions(whose, wish),
				undo: pinActions(whose, before),
				done:
					wish === undefined
						? words.unpinned(who)
						: words.pinned(who, words.modes[wish.mode](nameOfEndpoint(endpointKey))),
			});
		},
	};
});

/** Why nothing can be taken away from the selected session now; undefined when something can. */
export const whyNotReset = (state: ScreenState): string | undefined => {
	const row = selectedSession(state);
	const reason = whyNotChangeSession(state);
	return reason === undefined && row?.override === undefined && row?.pin === undefined
		? wordsOf(state).sessionPage.nothingToReset
		: reason;
};

/** Asks, then takes every override and the pin of the selected session away. */
export const resetSession = (controls: Controls): void => {
	const state = controls.state();
	const words = wordsOf(state).sessionPage;
	const row = selectedSession(state);
	if (row === undefined) {
		return;
	}

	const {service, sessionId, override, pin} = row;
	const {model = null, effort = null, tier = null, profile = null} = override ?? {};
	const none = {model: null, effort: null, tier: null};
	const whose = {service, sessionId};
	const change: SessionChange = {
		actions: [{type: 'override', ...whose, fields: none, profile: null}, ...pinActions(whose, undefined)],
		undo: [{type: 'override', ...whose, fields: {model, effort, tier}, profile}, ...pinActions(whose, pin?.pin)],
		done: words.reset,
	};
	controls.update(current => ({
		...holding(current, row),
		question: {text: words.askReset(nameOf(row)), yes: each => each.sessions.change(change)},
	}));
};
