import {IncomingMessage, ServerResponse} from 'node:http';
import path from 'node:path';
import {Socket} from 'node:net';
import {expect, test} from 'vitest';
import {fingerprint} from '../../source/base/ids.ts';
import type {Endpoint} from '../../source/config/config.ts';
import {noProfiles, type Profiles} from '../../source/config/profiles.ts';
import {CapabilityStore} from '../../source/engine/brain/capabilities.ts';
import {Continuity} from '../../source/engine/brain/continuity.ts';
import {Journey} from '../../source/engine/journey.ts';
import {Mender} from '../../source/engine/bridge/mender.ts';
import type {Repair} from '../../source/engine/search/repair.ts';
import {openStateStore} from '../../source/engine/brain/state-store.ts';
import {translate} from '../../source/engine/translate-station.ts';
import type {EngineEvent} from '../../source/event/catalogue.ts';
import {identify} from '../../source/identify/identify.ts';
import {findServedPath} from '../../source/identify/paths.ts';
import {fakeClock} from '../support/clock.ts';
import {configOf, endpoint} from '../support/endpoint.ts';
import {temporaryFolder} from '../support/folder.ts';
import {judgedSuccess} from '../support/judged.ts';
import {candidate as planned} from '../support/plans.ts';

interface Setup {
	readonly path?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: object;
	readonly to?: Partial<Endpoint>;
	readonly repairs?: readonly Repair[];
	readonly profiles?: Profiles;
	readonly prepare?: (continuity: Continuity) => void;
}

/** Sends one call through the station; gives what the upstream would get, and what the ledger and the trace say. */
const send = ({
	path: where = '/responses',
	headers = {},
	body,
	to,
	repairs = [],
	profiles = noProfiles,
	prepare,
}: Setup) => {
	using folder = temporaryFolder();
	const clock = fakeClock();
	const store = openStateStore(path.join(folder.path, 'state.db'), clock.now, () => undefined);
	const continuity = new Continuity({store, now: clock.now, onFault: () => undefined});
	prepare?.(continuity);
	const target = findServedPath(where);
	if (!target) {
		throw new Error(`${where} is not served`);
	}

	const request = new IncomingMessage(new Socket());
	request.method = body === undefined ? 'GET' : 'POST';
	const exchange = {
		...{request, headers, target, path: where, query: ''},
		response: new ServerResponse(request),
		isLocalToken: () => false,
	};
	const events: EngineEvent[] = [];
	const announce = (event: EngineEvent): void => void events.push(event);
	const road = {config: () => configOf(), clock, announce, clean: (text: string) => text, fault: () => undefined};
	const journey = new Journey(exchange, road);
	const bytes = body && Buffer.from(JSON.stringify(body));
	const call = identify({method: request.method, path: where, query: '', target, headers, body: bytes});
	journey.identified(call);
	const candidate = {...planned('relay'), endpoint: endpoint('relay', to)};
	const asked = continuity.asked(call, profiles);
	const encrypted = continuity.state.encryptedItems(call);
	const sent = translate(
		{call, journey, asked, encrypted, road: {continuity, mender: new Mender(new CapabilityStore(store, clock.now))}},
		{candidate, repairs: new Set(repairs), reason: 'test', isLast: true},
	);
	journey.tryEnded(1, {
		...{...judgedSuccess, tier: 'default', model: 'relay-model-0613', willRetry: false},
		result: {kind: 'aborted', phase: 'done', head: undefined},
	});
	const record = journey.ended({outcome: 'success', statusCode: 200, ending: undefined});
	store.close();
	return {
		headers: sent.headers,
		bytes,
		sent: sent.body,
		body: sent.body && (JSON.parse(sent.body.toString()) as unknown),
		changed: events.filter(event => event.type === 'body-translated'),
		record,
	};
};

const session = {'session-id': 's1'};
const turn = {model: 'gpt-5.5', service_tier: 'priority', reasoning: {effort: 'low', summary: 'auto'}, input: []};

test('without an override the very same bytes go out, service_tier "priority" among them', () => {
	const {sent, bytes, changed, record} = send({headers: session, body: turn});
	expect(bytes && sent?.equals(bytes)).toBe(true);
	expect(changed).toEqual([]);
	expect(record).toMatchObject({
		model: 'gpt-5.5',
		actual_model: 'relay-model-0613',
		service_tier: {requested: 'priority', effective: 'priority', actual: 'default'},
		route_decision: {
			effective_model: {value: 'gpt-5.5', source: 'request'},
			effective_reasoning_effort: {value: 'low', source: 'request'},
			effective_service_tier: {value: 'priority', source: 'request'},
		},
	});
});

test('a session’s override changes exactly its fields; requested, effective and actual are three things', () => {
	const {body, changed, record} = send({
		headers: session,
		body: turn,
		prepare: ({overrides}) => overrides.set('codex', 's1', {model: 'big', effort: 'high', tier: 'flex'}),
	});
	expect(body).toEqual({...turn, model: 'big', service_tier: 'flex', reasoning: {effort: 'high', summary: 'auto'}});
	expect(record).toMatchObject({
		model: 'gpt-5.5',
		reasoning_effort: 'low',
		service_tier: {requested: 'priority', effective: 'flex', actual: 'default'},
		route_decision: {
			effective_model: {value: 'big', source: 'session_override'},
			effective_reasoning_effort: {value: 'high', source: 'session_override'},
			effective_service_tier: {value: 'flex', source: 'session_override'},
		},
	});
	expect(changed).toMatchObject([
		{
			losses: [],
			overrides: [
				{field: 'model', from: 'gpt-5.5', to: 'big', source: 'session_override'},
				{field: 'effort', from: 'low', to: 'high', source: 'session_override'},
				{field: 'tier', from: 'priority', to: 'flex', source: 'session_override'},
			],
		},
	]);
});

const prepare = ({overrides}: Continuity): void => void overrides.set('codex', 's1', {model: 'big'});

test('an override is mapped to the upstream’s own name, and other sessions keep theirs', () => {
	const to = {modelMapping: new Map([['big', 'vendor/big']])};
	const mine = send({headers: session, body: turn, to, prepare});
	expect(mine.body).toMatchObject({model: 'vendor/big'});
	expect(mine.record.route_decision?.effective_model).toEqual({value: 'vendor/big', source: 'model_mapping'});
	expect(send({headers: {'session-id': 's2'}, body: turn, to, prepare}).body).toEqual(turn);
});

const profiles: Profiles = {
	defaultProfile: 'daily',
	byName: new Map([
		['daily', {model: 'small', effort: 'low', tier: 'flex'}],
		['deep', {model: undefined, effort: 'xhigh', tier: 'fast'}],
	]),
};

test('an automatic default profile changes no field of a request with service_tier "priority" (routing.md 9)', () => {
	const {sent, bytes, record} = send({headers: session, body: turn, profiles});
	expect(bytes && sent?.equals(bytes)).toBe(true);
	expect(record.service_tier).toMatchObject({requested: 'priority', effective: 'priority'});
	expect(record.route_decision).toMatchObject({
		binding_profile_name: 'daily',
		binding_continuity_mode: 'default_profile',
		effective_service_tier: {value: 'priority', source: 'request'},
	});
});

test('a profile applied by hand changes its fields, below an override', () => {
	const {body, record} = send({
		...{headers: session, body: {...turn, service_tier: 'flex'}, profiles},
		prepare: continuity => {
			continuity.profiles.apply('codex', 's1', 'deep');
			continuity.overrides.set('codex', 's1', {effort: 'high'});
		},
	});
	expect(body).toEqual({...turn, service_tier: 'priority', reasoning: {effort: 'high', summary: 'auto'}});
	expect(record.route_decision).toMatchObject({
		binding_profile_name: 'deep',
		binding_continuity_mode: 'manual_profile',
		effective_model: {value: 'gpt-5.5', source: 'request'},
		effective_reasoning_effort: {value: 'high', source: 'session_override'},
		effective_service_tier: {value: 'priority', source: 'profile'},
	});
});

test.each<[string, string, object, object]>([
	['high', '/responses', {reasoning: {effort: 'low', summary: 'auto'}}, {reasoning: {effort: 'high', summary: 'auto'}}],
	['high', '/responses', {}, {reasoning: {effort: 'high'}}],
	['off', '/responses', {reasoning: {effort: 'low'}}, {}],
	['pass', '/responses', {reasoning: {effort: 'low'}}, {reasoning: {effort: 'low'}}],
	['high', '/chat/completions', {}, {reasoning_effort: 'high'}],
])('reasoning = "%s" of a provider on %s makes of %j', (...[reasoning, where, before, after]) => {
	const {body} = send({path: where, body: {model: 'm', ...before}, to: {reasoning}});
	expect(body).toEqual({model: 'm', ...after});
});

test('a provider’s reasoning shows as an override in the trace, and only where it changed something', () => {
	const {changed} = send({body: turn, to: {reasoning: 'high'}});
	expect(changed).toMatchObject([
		{overrides: [{field: 'effort', from: 'low', to: 'high', source: 'provider_reasoning'}]},
	]);
	expect(send({body: turn, to: {reasoning: 'low'}}).changed).toEqual([]);
});

test('a v1 compact goes out with its allow-list and wants JSON', () => {
	const {body, headers} = send({
		path: '/responses/compact',
		headers: {accept: 'text/event-stream', ...session},
		body: {...turn, prompt_cache_key: 'p1', previous_response_id: 'resp_1', store: false, stream: true},
	});
	expect(body).toEqual({...turn, prompt_cache_key: 'p1'});
	expect(headers['accept']).toBe('application/json');
});

test('the previous_response_id goes only after a refusal, and that is a repair', () => {
	const body = {...turn, previous_response_id: 'resp_1'};
	expect(send({body}).body).toEqual(body);
	const repaired = send({body, headers: session, repairs: ['previous-response']});
	expect(repaired.body).toEqual(turn);
	expect(repaired.record.retry?.route_attempts[0]?.repairs).toEqual(['stale-previous-response:1']);
	expect(repaired.changed).toMatchObject([{isFirstRepair: true, sessionId: 's1'}]);
});

test('only the first repair of a session is news', () => {
	const body = {...turn, previous_response_id: 'resp_1'};
	const again = send({
		...{body, headers: session, repairs: ['previous-response']},
		prepare: continuity => {
			expect(continuity.isFirstRepair({service: 'codex', sessionId: 's1'})).toBe(true);
			expect(continuity.isFirstRepair({service: 'codex', sessionId: undefined})).toBe(false);
		},
	});
	expect(again.changed).toMatchObject([{isFirstRepair: false}]);
});

test('missing session headers are filled in from evidence, nothing is overwritten or invented (row 59)', () => {
	const filled = send({headers: {'session-id': 's1', 'thread-id': 't1'}, body: {...turn, prompt_cache_key: 'p1'}});
	expect(filled.headers).toEqual({'session-id': 's1', 'thread-id': 't1', session_id: 's1', 'x-session-id': 's1'});
	expect(send({body: {...turn, prompt_cache_key: 'p1'}}).headers).toEqual({
		...{session_id: 'p1', 'x-session-id': 'p1', 'session-id': 'p1', 'thread-id': 'p1'},
	});
	expect(send({headers: session, body: {...turn, prompt_cache_key: 'p:2'}}).headers['thread-id']).toBe('p:2');
	expect(send({body: {...turn, previous_response_id: 'resp_1'}}).headers).toEqual({});
});

test('other clients and other paths get no session headers', () => {
	const claude = {'x-claude-code-session-id': 's1'};
	expect(send({path: '/messages', headers: claude, body: {model: 'm'}, to: {dialect: 'messages'}}).headers).toEqual(
		claude,
	);
	expect(send({path: '/models', headers: session}).headers).toEqual(session);
	expect(send({path: '/chat/completions', headers: session, body: {model: 'm'}}).headers).toEqual(session);
});

test('an upstream of another dialect gets the request in its own, and nothing of the client’s identity', () => {
	const input = [{type: 'message', role: 'user', content: [{type: 'input_text', text: 'hi'}]}];
	const {body, headers} = send({
		path: '/responses',
		headers: {...session, authorization: 'Bearer x', 'user-agent': 'codex'},
		body: {model: 'm', input, stream: true},
		to: {dialect: 'chat'},
	});
	expect(body).toMatchObject({model: 'm', messages: [{role: 'user', content: 'hi'}], stream: true});
	expect(Object.keys(headers).toSorted()).toEqual(['accept', 'content-type', 'user-agent']);
});

/** A conversation of somebody else's, with one thought before its call, sent to an upstream of this dialect. */
const sendThought = (encrypted: string, to: Partial<Endpoint>): string => {
	const input = [
		{type: 'message', role: 'user', content: [{type: 'input_text', text: 'go on'}]},
		{type: 'reasoning', summary: [{type: 'summary_text', text: 'Hm.'}], encrypted_content: encrypted},
		{type: 'function_call', call_id: 'c1', name: 'run', arguments: '{}'},
		{type: 'function_call_output', call_id: 'c1', output: 'ran'},
	];
	const {sent} = send({
		body: {...turn, input},
		to,
		prepare: ({state}) => state.recordIssued([fingerprint(encrypted)], endpoint('other')),
	});
	return sent?.toString() ?? '';
};

const envelope = (kind: string, payload: object): string =>
	`ctui1.${kind}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;

test.each([
	['a plain thought of one open model is good for another', envelope('rc', {f: 'kimi', t: ''}), true],
	['a signed thought is good for its maker only', envelope('at', {f: 'deepseek', t: 'Hm.', s: 'x'}), false],
	['sealed state is good for its maker only', 'gAAAA', false],
])('%s (translation.md 6.2)', (_, encrypted, isGood) => {
	const sent = sendThought(encrypted, {dialect: 'chat', profile: 'deepseek'});
	expect(sent.includes('"reasoning_content":"Hm."')).toBe(isGood);
	expect(sent).not.toContain(encrypted);
});

test('no envelope goes to an upstream that speaks the client’s own dialect', () => {
	expect(sendThought(envelope('rc', {f: 'deepseek', t: ''}), {})).not.toContain('reasoning_content');
	expect(sendThought(envelope('rc', {f: 'deepseek', t: ''}), {})).not.toContain('ctui1.');
});
