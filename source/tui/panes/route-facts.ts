import {fitText, widthOf} from '../../base/text-width.ts';
import type {EngineView} from '../../event/protocol.ts';
import type {BrainView} from '../../event/route-view.ts';
import type {RouteView} from '../../event/view.ts';
import {wordsOf} from '../language/words.ts';
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
	const {upstream: words} = wordsOf(state);
	const labelCells = Math.max(0, ...accounts.map(({account}) => widthOf(account)));
	const areWeighted = accounts.some(({weight}) => weight !== accounts[0]?.weight);
	return listFacts(
		accounts.length > 1 ? words.facts.accounts : words.facts.account,
		accounts.map(account => {
			const {accountActive = 0, window} = loads.find(each => each.account === account.account) ?? {};
			const {text, tone} = accountStateOf(account, route.endpointKey, {
				...{state, glyphs},
				running: accountActive,
			});
			const facts = joined(
				[
					window !== undefined
						? words.running(`${accountActive}/${window}`)
						: accountActive === 0
							? ''
							: words.running(accountActive),
					areWeighted ? words.weight(account.weight) : undefined,
					account.quotaUsed === undefined ? undefined : words.quota(percent(account.quotaUsed)),
					account.quotaGroup === undefined ? undefined : words.sharedQuota(account.quotaGroup),
					account.exhausted,
					wordsOf(state).routes.keySource(account.authSource),
				],
				glyphs,
			);
			return [`${fitText(account.account, labelCells)}  ${fitText(text, 10)}  ${facts}`, tone === 'ok' ? 'text' : tone];
		}),
	);
};

/** Every cooldown with its cause and its end. */
export const cooldownFacts = (route: RouteView, {state, glyphs}: FactsFrom): readonly Fact[] => {
	const {upstream: words, requests} = wordsOf(state);
	return listFacts(
		words.facts.cooldown,
		rowsOf(state.brain?.actions, route).map(({scope, account, model, cause, reason, expiresAtMs, isExtended}) => {
			const whom =
				scope === 'model'
					? `${account}, ${model ?? words.anyModel}`
					: scope === 'quota'
						? words.accountQuota(account)
						: account;
			const end =
				expiresAtMs === undefined
					? words.untilKeyChanges
					: `${words.until(formatMoment(expiresAtMs, state))} (${formatAge(expiresAtMs - state.nowMs)}${isExtended ? words.moved : ''})`;
			return [joined([whom, words.causes[cause], end, requests.said(reason)], glyphs), 'warn'];
		}),
	);
};

/** Models with a breaker of their own, where it says anything. */
export const modelFacts = (route: RouteView, {state, glyphs}: FactsFrom): readonly Fact[] => {
	const {upstream: words} = wordsOf(state);
	return listFacts(
		words.facts.models,
		rowsOf(state.brain?.models, route)
			.filter(({phase, failures}) => phase !== 'closed' || failures > 0)
			.map(({model, account, phase, untilMs, failures, reason}) => {
				const {text, tone} = breakerState({phase, untilMs}, state, glyphs);
				const failed = failures === 0 ? undefined : words.failed(failures);
				return [
					`${text}  ${joined([model, account === 'default' ? undefined : account, failed, reason], glyphs)}`,
					tone,
				];
			}),
	);
};

/** What the file limits: running and waiting. */
export const limitFacts = (route: RouteView, {state, glyphs}: FactsFrom): readonly Fact[] => {
	const [load] = loadsOf(state, route);
	if (load === undefined || (load.max === undefined && load.waiting === 0)) {
		return [];
	}

	const {upstream: words} = wordsOf(state);
	const {active, max, limitGroup, waiting, queue} = load;
	const facts = [
		max === undefined ? words.running(active) : words.runningOf(active, max),
		limitGroup === undefined ? undefined : words.sharedBy(limitGroup),
		queue === 0 && waiting === 0 ? words.nobodyWaits : words.waiting(waiting, queue),
	];
	return [[words.facts.limit, joined(facts, glyphs), max !== undefined && active >= max ? 'warn' : 'text']];
};

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;

type Balance = BrainView['balances'][number];

const windowText = (
	{period, usedUsd, limitUsd, resetsAtMs, isUnlimited}: NonNullable<Balance['quota']>,
	state: ScreenState,
): string => {
	const {upstream: words} = wordsOf(state);
	const used = usedUsd === undefined ? undefined : dollars(usedUsd);
	const limit = limitUsd === undefined ? undefined : dollars(limitUsd);
	const isTold = used !== undefined || limit !== undefined;
	const said = isUnlimited ? ` ${words.usedUnlimited(used)}` : isTold ? ` ${words.used(used, limit)}` : '';
	const reset = resetsAtMs === undefined ? '' : words.anew(formatMoment(resetsAtMs, state));
	return `${words.period(period)}${said}${reset}`;
};

const balanceTone = ({status}: Balance): Fact[2] =>
	status === 'exhausted' || status === 'error' ? 'error' : status === 'ok' ? 'text' : 'warn';

/** What is known of the money and the quotas of each account. */
export const balanceFacts = (route: RouteView, {state, glyphs}: FactsFrom): readonly Fact[] => {
	const {upstream: words} = wordsOf(state);
	return listFacts(
		words.facts.balance,
		rowsOf(state.brain?.balances, route)
			// Nobody is asked for the balance of an upstream without an adapter.
			.filter(({status, error}) => status !== 'unknown' || error !== undefined)
			.flatMap((balance): ReadonlyArray<readonly [string, Fact[2]?]> => {
				const {account, status, planName, totalBalanceUsd, isUnlimited, quota, fetchedAtMs, error, alerts} = balance;
				const text = joined(
					[
						account === 'default' ? undefined : account,
						status === 'ok' ? undefined : words.statuses[status],
						totalBalanceUsd === undefined ? undefined : words.left(dollars(totalBalanceUsd)),
						isUnlimited === true ? words.unlimited : undefined,
						quota && windowText(quota, state),
						planName,
						error,
						words.read(formatMoment(fetchedAtMs, state)),
					],
					glyphs,
				);
				return [[text, balanceTone(balance)], ...alerts.map(alert => [alert.text, 'warn'] as const)];
			}),
	);
};

const shortSession = (id: string, {ellipsis}: Glyphs): string =>
	id.length <= 14 ? id : `${id.slice(0, 8)}${ellipsis}${id.slice(-4)}`;

const servicePinText = (engine: EngineView | undefined, route: RouteView, {state, glyphs}: FactsFrom): string => {
	const {upstream: words} = wordsOf(state);
	const pin = pinOf(engine, route.service);
	if (pin === undefined) {
		return words.noPin(route.service);
	}

	const end = pin.untilMs === undefined ? undefined : formatMoment(pin.untilMs, state);
	const mode = pin.mode === 'only' ? words.onlyThis : words.thisFirst;
	const since = words.since(formatMoment(pin.setAtMs, state), end);
	return joined([nameOfEndpoint(pin.endpointKey), pin.account && words.ofAccount(pin.account), mode, since], glyphs);
};

/** The pin of the service, and those of single sessions to this upstream. */
export const pinFacts = (route: RouteView, from: FactsFrom): readonly Fact[] => {
	const {state, glyphs} = from;
	const {upstream: words, routes} = wordsOf(state);
	const own = state.brain?.pins.filter(
		({sessionId, pin}) => sessionId !== undefined && pin.endpointKey === route.endpointKey,
	);
	return [
		[
			words.facts.pin,
			servicePinText(state.engine, route, from),
			pinOf(state.engine, route.service) === undefined ? 'muted' : 'accent',
		],
		...listFacts(
			'',
			(own ?? []).map(({sessionId = '', pin}) => [
				joined(
					[
						words.ofSession(shortSession(sessionId, glyphs)),
						pin.account && words.ofAccount(pin.account),
						routes.modes[pin.mode],
						pin.untilMs === undefined ? undefined : words.until(formatMoment(pin.untilMs, state)),
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
	const {facts, tied: tiedTo} = wordsOf(state).upstream;
	const tied = seatOf(state, route)?.tiedSessions;
	const policy = state.brain?.graphs.find(({service}) => service === route.service)?.affinityPolicy;
	return tied === undefined || policy === undefined ? [] : [[facts.sessions, tiedTo(tied, policy)]];
};

/** Its place in the graph: path, preference group and who shares it, the route's strategy and its line of the file. */
export const routeFacts = (route: RouteView, {state, glyphs}: FactsFrom): readonly Fact[] => {
	const seat = seatOf(state, route);
	const {upstream: words} = wordsOf(state);
	const {facts} = words;
	const path: Fact = [facts.path, route.routePath.join(` ${glyphs.arrow} `)];
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
			? words.inNoRoute
			: joined([String(seat.preferenceGroup), beside.length === 0 ? undefined : words.beside(beside)], glyphs);
	return [
		path,
		[facts.group, place, seat === undefined ? 'muted' : 'text'],
		[
			facts.route,
			parent &&
				joined(
					[
						`${parent.node.name} ${parent.node.strategy}`,
						parent.child.part.weight === undefined ? undefined : words.weight(parent.child.part.weight),
						...parent.node.settings.map(([name, text]) => wordsOf(state).routes.setting(name, text)),
						...parent.node.when.map(([name, text]) => words.ifHolds(`${name} ${text}`)),
						parent.node.location,
					],
					glyphs,
				),
		],
		[facts.domain, seat?.continuityDomain],
	];
};

/** What it was seen to be able to do, or not. */
export const learnedFacts = (route: RouteView, {state, glyphs}: FactsFrom): readonly Fact[] => {
	const {facts, seenOnce, sources} = wordsOf(state).upstream;
	return listFacts(
		facts.learned,
		rowsOf(state.brain?.capabilities, route).map(({need, has, model, source, atMs, isLearned}) => [
			joined(
				[
					`${has ? glyphs.done : glyphs.failed} ${need}`,
					model,
					isLearned ? undefined : seenOnce,
					`${sources[source]} ${formatMoment(atMs, state)}`,
				],
				glyphs,
			),
			isLearned ? 'text' : 'muted',
		]),
	);
};
