import type {
	BalanceChanged,
	AttemptEnd,
	AttemptStart,
	BodyTranslated,
	BreakerChanged,
	CallIdentified,
	ConfigBroken,
	EngineEvent,
	IncidentClosed,
	IncidentOpened,
	LogChanged,
	PinChanged,
	ReplyEnd,
	RoutePlanned,
} from '../event/catalogue.ts';
import type {CandidateSaturated, WaitEnd} from '../event/place.ts';
import type {AccountChanged, PolicyActionChanged} from '../event/upkeep.ts';
import type {TraceEntry} from '../event/view.ts';
import {durationText} from './duration-text.ts';
import {endpointLabel} from './endpoint-label.ts';

/* Events → the decisions of the control trace: one line for people each, with the event's own fields beside it. */

const many = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const callLine = ({client, kind, model, effort, sessionId}: CallIdentified): string =>
	[
		`${client} ${kind}`,
		model === undefined ? '' : ` for ${model}`,
		effort === undefined ? '' : ` (${effort})`,
		sessionId === undefined ? '' : `, session ${sessionId}`,
	].join('');

const planLine = ({plan, atMs}: RoutePlanned): string => {
	const names = plan.candidates.filter(({eligible}) => eligible).map(({endpointKey}) => endpointLabel(endpointKey));
	const skipped = plan.candidates
		.filter(({eligible}) => !eligible)
		.map(({endpointKey, reasons}) => {
			const reason = reasons[0];
			const left = reason?.untilMs === undefined ? '' : ` ${durationText(reason.untilMs - atMs)} left`;
			return `${endpointLabel(endpointKey)}: ${reason?.code ?? 'not eligible'}${left}`;
		});
	const pin = plan.pin === undefined ? '' : `; pinned to ${endpointLabel(plan.pin.endpointKey)} (${plan.pin.mode})`;
	const skips = skipped.length === 0 ? '' : `; skipped ${skipped.join(', ')}`;
	return `plan: ${names.length === 0 ? 'no candidate' : names.join(', ')}${skips}${pin}`;
};

const nameWithAccount = (endpointKey: string, account: string | undefined): string =>
	account === undefined || account === 'default'
		? endpointLabel(endpointKey)
		: `${endpointLabel(endpointKey)} (account ${account})`;

const placesTaken = ({active, limit, limitKey}: CandidateSaturated): string => {
	const key = limitKey === undefined ? '' : `, ${limitKey}`;
	return ` (${active}${limit === undefined ? '' : ` of ${limit}`} taken${key})`;
};

const saturatedLine = (event: CandidateSaturated): string => {
	const {endpointKey, account, ahead} = event;
	const name = nameWithAccount(endpointKey, account);
	const what =
		ahead === undefined ? `no place at ${name}: passed over` : `waits for a place at ${name}, ${ahead} before it`;
	return `${what}${placesTaken(event)}`;
};

const waitLine = ({endpointKey, account, waitedMs, result}: WaitEnd): string => {
	const name = nameWithAccount(endpointKey, account);
	const waited = durationText(waitedMs);
	switch (result) {
		case 'place': {
			return `a place at ${name} after ${waited}`;
		}

		case 'timeout': {
			return `no place at ${name} after ${waited}: passed over`;
		}

		case 'stopped': {
			return `the wait for a place at ${name} was ended after ${waited}`;
		}
	}
};

const placeLine = (event: CandidateSaturated | WaitEnd): string =>
	event.type === 'wait-end' ? waitLine(event) : saturatedLine(event);

const translatedLine = ({endpointKey, losses, overrides = [], isAnswer}: BodyTranslated): string => {
	const name = endpointLabel(endpointKey);
	const changes = [
		...losses.map(({count, text}) => `${text} (${count})`),
		...overrides.map(
			({field, from, to, source}) => `${field} ${from ?? 'unset'} → ${to} (${source.replaceAll('_', ' ')})`,
		),
	];
	const what = isAnswer === true ? `answer of ${name} changed` : `body changed for ${name}`;
	return changes.length === 0 ? what : `${what}: ${changes.join(', ')}`;
};

const attemptStartLine = ({attempt, endpointKey, model, reason}: AttemptStart): string =>
	`attempt ${attempt} at ${endpointLabel(endpointKey)}${model === undefined ? '' : ` as ${model}`}: ${reason}`;

const attemptEndLine = (event: AttemptEnd): string => {
	const name = endpointLabel(event.endpointKey);
	const then = event.willRetry ? ' → next candidate' : '';
	switch (event.outcome) {
		case 'success': {
			return `${name} completed in ${durationText(event.durationMs)}`;
		}

		case 'cancelled': {
			return `the client left ${name} after ${durationText(event.durationMs)}`;
		}

		default: {
			const wait = event.retryAfterMs === undefined ? '' : ` (retry-after ${durationText(event.retryAfterMs)})`;
			const isStatus = event.status !== undefined && event.status >= 300;
			const what = isStatus ? `answered ${event.status}${wait}` : `failed: ${event.reason}${wait}`;
			return `${name} ${what}${then}`;
		}
	}
};

const replyEndLine = ({record}: ReplyEnd): string => {
	const {outcome, status_code: status, duration_ms: durationMs, ending, retry} = record;
	const attempts = retry === undefined ? '' : `, ${many(retry.attempts, 'attempt')}`;
	return `${outcome} (${status}) after ${durationText(durationMs)}${attempts}${ending === undefined ? '' : `, ending ${ending}`}`;
};

const breakerLine = ({endpointKey, account, phase, untilMs, atMs, reason}: BreakerChanged): string => {
	const wait = untilMs === undefined || phase === 'closed' ? '' : ` for ${durationText(untilMs - atMs)}`;
	return `breaker of ${nameWithAccount(endpointKey, account)} ${phase}${wait}: ${reason}`;
};

const actionLine = (event: PolicyActionChanged): string => {
	const {endpointKey, account, model, scope, change, untilMs, atMs, reason} = event;
	const of = `${scope === 'quota' ? 'the quota of ' : ''}${nameWithAccount(endpointKey, account)}`;
	const wait = untilMs === undefined ? '' : ` for ${durationText(untilMs - atMs)}`;
	return `cooldown of ${of}${model === undefined ? '' : `, model ${model},`} ${change}${wait}: ${reason}`;
};

const accountLine = ({service, provider, account, isPaused}: AccountChanged): string =>
	`account ${account} of ${service}/${provider} ${isPaused ? 'paused' : 'resumed'}`;

const pinLine = ({service, sessionId, pin, hasExpired, atMs}: PinChanged): string => {
	const what = sessionId === undefined ? service : `session ${sessionId} of ${service}`;
	if (pin === undefined) {
		return `${what} is no longer pinned${hasExpired === true ? ': its time is over' : ''}`;
	}

	const until = pin.untilMs === undefined ? '' : ` for ${durationText(pin.untilMs - atMs)}`;
	return `${what} pinned to ${nameWithAccount(pin.endpointKey, pin.account)} (${pin.mode})${until}`;
};

const brokenLine = ({path, line, column, message}: ConfigBroken): string =>
	`config not loaded, the last good one stays: ${[path, line, column].filter(part => part !== undefined).join(':')}: ${message}`;

const logLine = ({path, isWritable, lostLines, code}: LogChanged): string =>
	isWritable ? `${path} can be written again, ${many(lostLines, 'line')} lost` : `${path} cannot be written: ${code}`;

/** True for an event that has a trace entry; progress and figures are no decisions. */
export const isDecision = ({type}: EngineEvent): boolean =>
	type !== 'reply-delta' && type !== 'engine-stats' && type !== 'incident-updated';

const balanceLine = ({balance}: BalanceChanged): string => {
	const notes = balance.alerts.map(({text}) => text).join(', ');
	return `balance of ${endpointLabel(balance.endpointKey)} (${balance.account}): ${balance.status}${notes === '' ? '' : `, ${notes}`}`;
};

const incidentLine = ({type, incident: {id, title}}: IncidentOpened | IncidentClosed): string =>
	`${id} ${type === 'incident-opened' ? 'opened' : 'closed'}: ${title}`;

/** The line of an event; undefined for progress and figures, which are no decisions. */
const lineOf = (event: EngineEvent): string | undefined => {
	switch (event.type) {
		case 'request-start':
			return `${event.method} ${event.path}, ${many(event.bodyBytes, 'byte')}`;
		case 'call-identified':
			return callLine(event);
		case 'route-planned':
			return planLine(event);
		case 'candidate-saturated':
		case 'wait-end':
			return placeLine(event);
		case 'body-translated':
			return translatedLine(event);
		case 'attempt-start':
			return attemptStartLine(event);
		case 'attempt-end':
			return attemptEndLine(event);
		case 'reply-start':
			return `${endpointLabel(event.endpointKey)} answers after ${durationText(event.ttfbMs)}`;
		case 'reply-silent':
			return `${endpointLabel(event.endpointKey)} silent for ${durationText(event.silentMs)}`;
		case 'reply-end':
			return replyEndLine(event);
		case 'breaker-changed':
			return breakerLine(event);
		case 'policy-action-changed':
			return actionLine(event);
		case 'account-changed':
			return accountLine(event);
		case 'state-lost':
			return event.message;
		case 'pin-changed':
			return pinLine(event);
		case 'config-loaded':
			return `config loaded: ${many(event.endpoints.length, 'endpoint')}, ${many(event.warnings.length, 'warning')}`;
		case 'config-broken':
			return brokenLine(event);
		case 'incident-opened':
		case 'incident-closed':
			return incidentLine(event);
		case 'engine-ready':
			return `engine ready at ${event.url}, process ${event.pid}`;
		case 'engine-restarting':
			return `engine restarts in ${durationText(event.inMs)}: ${event.reason}`;
		case 'client-switched':
			return `${event.client} switched ${event.state}`;
		case 'log-changed':
			return logLine(event);
		case 'balance-changed':
			return balanceLine(event);
		case 'reply-delta':
		case 'engine-stats':
		case 'incident-updated':
			return undefined;
		default:
			// A newer engine may announce what this screen does not know yet.
			event satisfies never;
			return undefined;
	}
};

/** The trace entry of an event, or undefined where the event is no decision (progress, figures). */
export const eventToTrace = (event: EngineEvent, sequence: number): TraceEntry | undefined => {
	const what = lineOf(event);
	if (what === undefined) {
		return undefined;
	}

	const {type, atMs, requestId, ...detail}: EngineEvent & {readonly requestId?: string} = event;
	const endpointKey = 'endpointKey' in event ? event.endpointKey : undefined;
	return {sequence, atMs, kind: type, requestId, endpointKey, what, detail};
};
