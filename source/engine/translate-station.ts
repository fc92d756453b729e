import type {Endpoint} from '../config/config.ts';
import {quirksOf} from '../provider/profiles/profiles.ts';
import type {Loss} from '../translate/codec/loss.ts';
import {mendText, type Mend} from '../translate/mend/mend.ts';
import {needsBridge} from '../route/speaks.ts';
import {stateOwner} from '../route/state-owner.ts';
import {askChanges} from '../translate/ask.ts';
import {compactV1Changes} from '../translate/compact-v1.ts';
import {withoutForeignThinking} from '../translate/foreign-thinking.ts';
import type {FieldChange} from '../translate/field-edits.ts';
import {takesAllTools} from '../translate/codec/quirks.ts';
import type {PathProbe} from '../translate/text-tools/intent/commands.ts';
import {translateSameDialect} from '../translate/same-dialect.ts';
import {completeSession} from '../translate/session-completion.ts';
import {buildBridge, type Bridge} from './bridge/bridge.ts';
import {createPathProbe} from './bridge/path-probe.ts';
import {overridesOf, sentAsk, type SentAsk} from './sent-ask.ts';
import type {Road} from './road.ts';
import type {Step} from './search/step.ts';
import {logTools, watchCalls} from './bridge/tool-log.ts';
import type {Trip} from './trip.ts';
import type {EncryptedItem} from './brain/upstream-state.ts';

/** What one candidate gets. */
export interface Translated {
	/** Undefined where the call has no body. */
	readonly body: Buffer | undefined;
	/** The client's headers with what the session completion adds; those of this hop are still among them. */
	readonly headers: Readonly<Record<string, string | undefined>>;
	/** Set where the candidate speaks another dialect. */
	readonly bridge?: Bridge | undefined;
}

/** What of a trip this station works with. */
type Load = Pick<Trip, 'call' | 'journey' | 'asked' | 'encrypted'> & {
	readonly road: Pick<Road, 'continuity' | 'mender' | 'debug' | 'memory'>;
};

/** The station "translate": the client's bytes for this candidate. What had to be left out or put in is announced. */
export const translate = (trip: Load, step: Pick<Step, 'candidate' | 'reason' | 'repairs' | 'isLast'>): Translated => {
	const {call, journey, asked} = trip;
	const {endpoint} = step.candidate;
	const sent = sentAsk(asked, endpoint, call.dialect);
	journey.tryStarted(step.candidate, sent.model.value, step.reason);
	const headers = isOwnProtocol(endpoint, call)
		? {...call.headers, ...sessionHeaders(trip)}
		: plainHeaders(call.headers, call.headers['accept']);
	if (call.target.operation === 'compact') {
		headers['accept'] = 'application/json';
	}

	if (call.body === undefined || call.fields === undefined) {
		return {body: undefined, headers};
	}

	const foreign = foreignReasoning(trip, step);
	const isStale = step.repairs.has('previous-response');
	announce(trip, {endpoint, foreign, sent, isStale});
	journey.translated({losses: trip.road.memory?.lossesOf(call) ?? []});
	const body = translateSameDialect(call.body, {
		fields: call.fields,
		changes: new Map<string, FieldChange>([
			...askChanges(call.dialect, changedAsk(trip, sent)),
			...(isStale ? [['previous_response_id', 'removed'] as const] : []),
			...(call.target.operation === 'compact' ? compactV1Changes(call.fields.keys()) : []),
		]),
		removed: foreign.map(({range}) => range),
	});
	return isBridged(trip, {endpoint, model: sent.model.value})
		? throughBridge(trip, step, {body, headers, endpoint, model: sent.model.value})
		: {body: throughOwnDialect(trip, {body, endpoint, model: sent.model.value}), headers};
};

/**
 * Whether the bridge serves a candidate: it speaks another dialect, or only a part of Codex's own (translation.md 4.3). What names a response
 * of that upstream's goes out as it is.
 */
const isBridged = (
	{call}: Pick<Load, 'call'>,
	{endpoint, model = ''}: Pick<BridgedLoad, 'endpoint' | 'model'>,
): boolean =>
	needsBridge(endpoint.dialect, call.dialect) ||
	(call.dialect === 'responses' &&
		endpoint.dialect === 'responses' &&
		call.target.operation === 'responses' &&
		call.state.previousResponseId === undefined &&
		!takesAllTools(quirksOf(endpoint.profile, model).responses));

/** What bridged upstreams of the past left in a Messages conversation is announced and taken out for providers that verify it. */
const throughOwnDialect = (
	{call, journey}: Load,
	{body, endpoint, model = ''}: Omit<BridgedLoad, 'headers'>,
): Buffer => {
	const verifies = call.dialect === 'messages' && !quirksOf(endpoint.profile, model).messages.unsignedThinking;
	const cleaned = verifies ? withoutForeignThinking(body) : undefined;
	if (cleaned === undefined) {
		return body;
	}

	const text = `${cleaned.count} thoughts of other makers that ${endpoint.provider} cannot verify were left out`;
	journey.translated({losses: [{code: 'foreign-reasoning', count: cleaned.count, text}]});
	return cleaned.body;
};

interface BridgedLoad {
	readonly body: Buffer;
	readonly headers: Translated['headers'];
	readonly endpoint: Endpoint;
	readonly model: string | undefined;
}

/** What another dialect has no place for is announced like everything else that is left out, and what this upstream wants otherwise. */
const throughBridge = (
	{call, journey, asked, road}: Load,
	step: Pick<Step, 'candidate' | 'repairs' | 'isLast'>,
	{body, headers, endpoint, model = ''}: BridgedLoad,
): Translated => {
	const mends = road.mender.mends(step, asked.model.value);
	const {requestId} = journey;
	const debug = road.debug && ((line: string): void => road.debug?.(`${requestId} ${line}`));
	const bridge = buildBridge({
		...{call, body, model, mends, dialect: endpoint.dialect, profile: endpoint.profile},
		...{textTools: endpoint.textTools, intent: endpoint.intent, probe: probeOf(endpoint, call)},
		toolDenylist: endpoint.toolDenylist,
		...{requestId, onTools: debug && (names => logTools(debug, names))},
		nowMs: journey.startedAtMs,
		aids: road.memory?.aidsFor({call, exchange: journey.exchange}, endpoint),
	});
	if (!bridge) {
		return {body, headers};
	}

	road.mender.sent(step, {model: asked.model.value, mends, shape: bridge.shape});
	const losses = [...mendLosses(mends, endpoint), ...bridge.losses];
	if (losses.length > 0) {
		journey.translated({losses});
	}

	return {
		body: bridge.body,
		headers: bridgedHeaders(headers, bridge, call.isStreaming),
		bridge: debug ? watchCalls(bridge, debug) : bridge,
	};
};

const mendLosses = (mends: readonly Mend[], {provider}: Endpoint): readonly Loss[] =>
	mends.length === 0
		? []
		: [
				{
					code: 'mended',
					count: mends.length,
					text: `${mends.map(mendText).join(', ')}: ${provider} refused it otherwise`,
				},
			];

/** Only level 3 looks at paths. */
const probeOf = ({intent}: Endpoint, {cwd}: Load['call']): PathProbe | undefined =>
	intent.level === 3 && cwd !== undefined ? createPathProbe(cwd) : undefined;

const bridgedHeaders = (
	client: Translated['headers'],
	bridge: Bridge,
	isStreaming: boolean,
): Translated['headers'] => ({
	...plainHeaders(client, isStreaming ? 'text/event-stream' : 'application/json'),
	'content-type': 'application/json',
	...bridge.headers,
});

/** Nothing of the client's own protocol and identity is another vendor's business. */
const plainHeaders = (
	client: Translated['headers'],
	accept: string | undefined,
): Record<string, string | undefined> => ({
	'user-agent': client['user-agent'],
	'content-type': client['content-type'],
	accept,
});

/** The candidate speaks what the call is written in; a call in no dialect (models, images) is written in its service's own. */
const isOwnProtocol = ({dialect}: Endpoint, call: Load['call']): boolean =>
	dialect === (call.service === 'codex' ? 'responses' : 'messages') || dialect === call.dialect;

/**
 * Encrypted reasoning that this candidate cannot read. The bridge's own envelopes never leave without it; which models
 * may have a plain thought is the codec's decision. An item that we never saw being issued belongs to whoever served the session so
 * far; where nobody did it is older than our memory: it goes along, and a refusal is repaired by one resend.
 */
const foreignReasoning = (load: Load, step: Pick<Step, 'candidate' | 'repairs'>): readonly EncryptedItem[] => {
	const {state} = load.road.continuity;
	const owner = stateOwner(step.candidate.endpoint);
	const reasoning = load.encrypted.filter(({type}) => type === 'reasoning');
	if (reasoning.length === 0 || step.repairs.has('encrypted')) {
		return reasoning;
	}

	const home = homeOf(load) ?? owner;
	if (home !== owner) {
		state.adopt(reasoning, home);
	}

	const {endpoint} = step.candidate;
	const crosses = isBridged(load, {endpoint, model: sentAsk(load.asked, endpoint, load.call.dialect).model.value});
	const isElsewhere = (item: EncryptedItem): boolean => (item.owner ?? home) !== owner || state.isRefused(item, owner);
	return reasoning.filter(item =>
		crosses ? item.envelope !== 'plain' && isElsewhere(item) : item.envelope !== undefined || isElsewhere(item),
	);
};

/** Who holds the session's state as far as we have seen; undefined where nobody has served it, or nobody who is still there. */
const homeOf = ({call, journey, road}: Load): string | undefined => {
	const {service, sessionId} = call;
	const affinity = road.continuity.affinities.affinityOf(service, sessionId);
	const endpoint = affinity && journey.config.services[service].endpoints.find(({key}) => key === affinity.endpointKey);
	return endpoint && stateOwner(endpoint);
};

/** Only turns and compactions of Codex's protocol: the other clients' relays look for no session under these names. */
const sessionHeaders = ({call}: Load): Readonly<Record<string, string>> => {
	const {service, method, dialect, sessionId, headers, promptCacheKey} = call;
	const isWanted = service === 'codex' && dialect === 'responses' && method === 'POST';
	return completeSession({sessionId: isWanted ? sessionId : undefined, headers, promptCacheKey});
};

/** The wishes that are not the client's own: its bytes stay where nobody decided otherwise. */
const changedAsk = ({call}: Load, {model, effort, tier}: SentAsk): Parameters<typeof askChanges>[1] => ({
	model: model.value === call.model ? undefined : model.value,
	effort: effort.source === 'request' ? undefined : effort.value,
	tier: tier.value === call.tier ? undefined : tier.value,
});

const announce = (
	{call, journey, road}: Load,
	change: {
		readonly endpoint: Endpoint;
		readonly foreign: readonly EncryptedItem[];
		readonly sent: SentAsk;
		readonly isStale: boolean;
	},
): void => {
	const {endpoint, foreign, sent, isStale} = change;
	const losses = [
		...(foreign.length === 0
			? []
			: [
					{
						code: 'foreign-reasoning',
						count: foreign.length,
						text: `left out, since ${endpoint.provider} cannot read it: ${foreign.length} encrypted reasoning ${foreign.length === 1 ? 'item' : 'items'}`,
					},
				]),
		...(isStale
			? [
					{
						code: 'stale-previous-response',
						count: 1,
						text: `previous_response_id was left out: ${endpoint.provider} does not know that response`,
					},
				]
			: []),
	];
	journey.asks(sent);
	journey.translated({
		losses,
		overrides: overridesOf(sent, call),
		isFirstRepair: losses.length > 0 && road.continuity.isFirstRepair(call),
	});
};
