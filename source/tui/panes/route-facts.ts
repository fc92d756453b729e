import {fitText, widthOf} from '../../base/text-width.ts';
import type {EngineView} from '../../event/protocol.ts';
import type {BrainView} from '../../event/route-view.ts';
import type {RouteView} from '../../event/view.ts';
import {accountsOf, loadsOf, parentOf, seatOf} from '../store/brain-selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {pinOf} from '../store/selectors.ts';
import {formatAge, nameOfEndpoint} from '../text/format.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import type {Fact} from './pane.ts';
import {accountStateOf, breakerState, formatMoment} from './route-state.ts';

/* What the engine knows, has learned and was told about one upstream, as facts. Each function gives the facts of one subject. */

/** What the facts are made from. */
export interface FactsFrom {
	readonly state: ScreenState;
	readonly glyphs: Glyphs;
}

type Sources<Row> = readonly Row[] | undefined;

const rowsOf = <Row extends {readonly endpointKey: string}>(
	rows: Sources<Row>,
	{endpointKey}: RouteView,
): readonly Row[] => rows?.filter(row => row.endpointKey === endpointKey) ?? [];

/** The label stands beside the first of several facts only. */
const listFacts = (label: string, facts: ReadonlyArray<readonly [text: string, tone?: Fact[2]]>): readonly Fact[] =>
	facts.map(([text, tone], index): Fact => [index === 0 ? label : '', text, tone]);

/** What is said, without what is not there, between dots. */
const joined = (parts: ReadonlyArray<string | undefined>, {dot}: Glyphs): string =>
	parts.filter(part => part !== undefined && part !== '').join(` ${dot} `);

const percent = (share: number): string => `${Math.floor(share * 100)}%`;

/** Every account with its state: `work  ● ready    2/6 run · weight 3 · quota 31% · env KEY`, where 6 is what its refusals taught. */
export const accountFacts = (route: RouteView, {state, glyphs}: FactsFrom): readonly Fact[] => {
	const accounts = accountsOf(state, route);
	const loads = loadsOf(state, route);
	const labelCells = Math.max(0, ...accounts.map(({account}) => widthOf(account)));
	const areWeighted = accounts.some(({weight}) => weight !== accounts[0]?.weight);
	return listFacts(
		accounts.length > 1 ? 'accounts' : 'account',
		accounts.map(account => {
			const {accountActive = 0, window} = loads.find(each => each.account === account.account) ?? {};
			const {text, tone} = accountStateOf(account, route.endpointKey, {
				...{nowMs: state.nowMs, glyphs},
				running: accountActive,
			});
			const facts = joined(
				[
					window === undefined ? (accountActive === 0 ? '' : `${accountActive} run`) : `${accountActive}/${window} run`,
					areWeighted ? `weight ${account.weight}` : undefined,
					account.quotaUsed === undefined ? undefined : `quota ${percent(account.quotaUsed)}`,
					account.quotaGroup === undefined ? undefined : `shares quota ${account.quotaGroup}`,
					account.exhausted,
					account.authSource,
				],
				glyphs,
			);
			return [`${fitText(account.account, labelCells)}  ${fitText(text, 10)}  ${facts}`, tone === 'ok' ? 'text' : tone];
		}),
	);
};

const causes = {hard: 'failed', limit: 'over its limit', quota: 'quota spent', auth: 'key refused'} as const;

/** Every cooldown with its cause and its end. */
export const cooldownFacts = (route: RouteView, {state, glyphs}: FactsFrom): readonly Fact[] =>
	listFacts(
		'cooldown',
		rowsOf(state.brain?.actions, route).map(({scope, account, model, cause, reason, expiresAtMs, isExtended}) => {
			const whom =
				scope === 'model' ? `${account}, ${model ?? 'a model'}` : scope === 'quota' ? `${account}, quota` : account;
			const end =
				expiresAtMs === undefined
					? 'until its key changes or D'
					: `until ${formatMoment(expiresAtMs, state.nowMs)} (${formatAge(expiresAtMs - state.nowMs)}${isExtended ? ', you moved it' : ''})`;
			return [joined([whom, causes[cause], end, reason], glyphs), 'warn'];
		}),
	);

/** Models with a breaker of their own, where it says anything. */
export const modelFacts = (route: RouteView, {state, glyphs}: FactsFrom): readonly Fact[] =>
	listFacts(
		'models',
		rowsOf(state.brain?.models, route)
			.filter(({phase, failures}) => phase !== 'closed' || failures > 0)
			.map(({model, account, phase, untilMs, failures, reason}) => {
				const {text, tone} = breakerState({phase, untilMs}, state.nowMs, glyphs);
				const failed = failures === 0 ? undefined : failures === 1 ? 'one hard failure' : `${failures} hard failures`;
				return [
					`${text}  ${joined([model, account === 'default' ? undefined : account, failed, reason], glyphs)}`,
					tone,
				];
			}),
	);

/** What the file limits: running and waiting. */
export const limitFacts = (route: RouteView, {state, glyphs}: FactsFrom): readonly Fact[] => {
	const [load] = loadsOf(state, route);
	if (load === undefined || (load.max === undefined && load.waiting === 0)) {
		return [];
	}

	const {active, max, limitGroup, waiting, queue} = load;
	const facts = [
		max === undefined ? `${active} run` : `${active} of ${max} run`,
		limitGroup === undefined ? undefined : `shared by ${limitGroup}`,
		queue === 0 && waiting === 0 ? 'nobody waits for a place' : `${waiting} of ${queue} wait`,
	];
	return [['limit', joined(facts, glyphs), max !== undefined && active >= max ? 'warn' : 'text']];
};

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;

type Balance = BrainView['balances'][number];

const windowText = (
	{period, usedUsd, limitUsd, resetsAtMs, isUnlimited}: NonNullable<Balance['quota']>,
	nowMs: number,
): string => {
	const used = usedUsd === undefined ? '' : ` ${dollars(usedUsd)}`;
	const limit = isUnlimited ? ' unlimited' : limitUsd === undefined ? '' : ` of ${dollars(limitUsd)}`;
	const reset = resetsAtMs === undefined ? '' : `, anew ${formatMoment(resetsAtMs, nowMs)}`;
	return `${period}${used}${limit}${used === '' && limit === '' ? '' : ' used'}${reset}`;
};

const balanceTone = ({status}: Balance): Fact[2] =>
	status === 'exhausted' || status === 'error' ? 'error' : status === 'ok' ? 'text' : 'warn';

/** What is known of the money and the quotas of each account. */
export const balanceFacts = (route: RouteView, {state, glyphs}: FactsFrom): readonly Fact[] =>
	listFacts(
		'balance',
		rowsOf(state.brain?.balances, route)
			// Nobody is asked for the balance of an upstream without an adapter.
			.filter(({status, error}) => status !== 'unknown' || error !== undefined)
			.flatMap((balance): ReadonlyArray<readonly [string, Fact[2]?]> => {
				const {account, status, planName, totalBalanceUsd, isUnlimited, quota, fetchedAtMs, error, alerts} = balance;
				const text = joined(
					[
						account === 'default' ? undefined : account,
						status === 'ok' ? undefined : status,
						totalBalanceUsd === undefined ? undefined : `${dollars(totalBalanceUsd)} left`,
						isUnlimited === true ? 'unlimited' : undefined,
						quota && windowText(quota, state.nowMs),
						planName,
						error,
						`read ${formatMoment(fetchedAtMs, state.nowMs)}`,
					],
					glyphs,
				);
				return [[text, balanceTone(balance)], ...alerts.map(alert => [alert.text, 'warn'] as const)];
			}),
	);

const shortSession = (id: string, {ellipsis}: Glyphs): string =>
	id.length <= 14 ? id : `${id.slice(0, 8)}${ellipsis}${id.slice(-4)}`;

const modeText = (mode: 'only' | 'prefer'): string =>
	mode === 'only' ? 'only this one serves; it fails when it cannot' : 'tried first; others follow when it fails';

const servicePinText = (engine: EngineView | undefined, route: RouteView, {state, glyphs}: FactsFrom): string => {
	const pin = pinOf(engine, route.service);
	if (pin === undefined) {
		return `none for ${route.service}: tried in order`;
	}

	const end = pin.untilMs === undefined ? '' : `, until ${formatMoment(pin.untilMs, state.nowMs)}`;
	const since = `since ${formatMoment(pin.setAtMs, state.nowMs)}${end}`;
	return joined(
		[nameOfEndpoint(pin.endpointKey), pin.account && `account ${pin.account}`, modeText(pin.mode), since],
		glyphs,
	);
};

/** The pin of the service, and those of single sessions to this upstream. */
export const pinFacts = (route: RouteView, from: FactsFrom): readonly Fact[] => {
	const {state, glyphs} = from;
	const own = state.brain?.pins.filter(
		({sessionId, pin}) => sessionId !== undefined && pin.endpointKey === route.endpointKey,
	);
	return [
		[
			'pin',
			servicePinText(state.engine, route, from),
			pinOf(state.engine, route.service) === undefined ? 'muted' : 'accent',
		],
		...listFacts(
			'',
			(own ?? []).map(({sessionId = '', pin}) => [
				joined(
					[
						`session ${shortSession(sessionId, glyphs)}`,
						pin.account && `account ${pin.account}`,
						pin.mode,
						pin.untilMs === undefined ? undefined : `until ${formatMoment(pin.untilMs, state.nowMs)}`,
					],
					glyphs,
				),
				'accent',
			]),
		),
	];
};

/** How many sessions stay with it, and under which policy. */
export const sessionFacts = (route: RouteView, {state}: FactsFrom): readonly Fact[] => {
	const tied = seatOf(state, route)?.tiedSessions;
	const policy = state.brain?.graphs.find(({service}) => service === route.service)?.affinityPolicy;
	return tied === undefined || policy === undefined
		? []
		: [['sessions', `${tied === 0 ? 'none is' : tied === 1 ? '1 is' : `${tied} are`} tied to it (${policy})`]];
};

/** Its place in the graph: path, preference group and who shares it, the route's strategy and its line of the file. */
export const routeFacts = (route: RouteView, {state, glyphs}: FactsFrom): readonly Fact[] => {
	const seat = seatOf(state, route);
	const path: Fact = ['path', route.routePath.join(` ${glyphs.arrow} `)];
	if (state.brain === undefined) {
		return [path];
	}

	const parent = parentOf(state, route);
	const groups = state.brain.seats.filter(({endpointKey}) => endpointKey.startsWith(`${route.service}/`));
	const beside = groups
		.filter(
			({endpointKey, preferenceGroup}) =>
				endpointKey !== route.endpointKey && preferenceGroup === seat?.preferenceGroup,
		)
		.map(({endpointKey}) => nameOfEndpoint(endpointKey));
	const place =
		seat === undefined
			? 'in no route for an ordinary request'
			: joined([String(seat.preferenceGroup), beside.length === 0 ? undefined : `beside ${beside.join(', ')}`], glyphs);
	return [
		path,
		['group', place, seat === undefined ? 'muted' : 'text'],
		[
			'route',
			parent &&
				joined(
					[
						`${parent.node.name} ${parent.node.strategy}`,
						parent.child.part.weight === undefined ? undefined : `weight ${parent.child.part.weight}`,
						...parent.node.settings.map(pair => pair.join(' ')),
						...parent.node.when.map(([name, text]) => `if ${name} ${text}`),
						parent.node.location,
					],
					glyphs,
				),
		],
		['domain', seat?.continuityDomain],
	];
};

/** What it was seen to be able to do, or not. */
export const learnedFacts = (route: RouteView, {state, glyphs}: FactsFrom): readonly Fact[] =>
	listFacts(
		'learned',
		rowsOf(state.brain?.capabilities, route).map(({need, has, model, source, atMs, isLearned}) => [
			joined(
				[
					`${has ? glyphs.done : glyphs.failed} ${need}`,
					model,
					isLearned ? undefined : 'seen once, not believed yet',
					`${source} ${formatMoment(atMs, state.nowMs)}`,
				],
				glyphs,
			),
			isLearned ? 'text' : 'muted',
		]),
	);
