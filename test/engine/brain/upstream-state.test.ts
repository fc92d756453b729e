import path from 'node:path';
import {expect, test} from 'vitest';
import {fingerprint} from '../../../source/base/ids.ts';
import {openStateStore} from '../../../source/engine/brain/state-store.ts';
import {UpstreamState} from '../../../source/engine/brain/upstream-state.ts';
import {identify} from '../../../source/identify/identify.ts';
import {findServedPath, type ServedPath} from '../../../source/identify/paths.ts';
import type {StateClaim} from '../../../source/route/inputs.ts';
import {endpoint} from '../../support/endpoint.ts';
import {temporaryFolder} from '../../support/folder.ts';

const target: ServedPath = findServedPath('/responses') ?? {
	service: 'codex',
	relative: '',
	dialect: undefined,
	operation: 'other',
};
const callOf = (input: unknown, {turnId, turnState}: {readonly turnId?: string; readonly turnState?: string} = {}) =>
	identify({
		method: 'POST',
		path: '/responses',
		query: '',
		target,
		headers: {'x-codex-turn-metadata': JSON.stringify({turn_id: turnId}), 'x-codex-turn-state': turnState},
		body: Buffer.from(JSON.stringify({model: 'm', input})),
	});
const open = (folder: string) => {
	const store = openStateStore(path.join(folder, 'state.db'), Date.now, () => undefined);
	return {store, state: new UpstreamState(store)};
};

test('encrypted items are found with their owners, also by the next process', () => {
	using folder = temporaryFolder();
	const first = open(folder.path);
	first.state.recordIssued([fingerprint('ENC-1')], endpoint('a'));
	first.state.recordIssued([fingerprint('ENC-2')], endpoint('b', {continuityDomain: 'team'}));
	first.store.close();
	const {state, store} = open(folder.path);
	const call = callOf([
		{type: 'message', content: 'says "encrypted_content" in a text'},
		{type: 'reasoning', encrypted_content: 'ENC-1'},
		{type: 'compaction', encrypted_content: 'ENC-2'},
		{type: 'reasoning', encrypted_content: 'ENC-unknown'},
		{type: 'reasoning', encrypted_content: null},
		{type: 'reasoning', summary: []},
	]);
	const items = state.encryptedItems(call);
	expect(items.map(({type, owner}) => [type, owner])).toEqual([
		['reasoning', 'codex/a'],
		['compaction', 'domain team'],
		['reasoning', undefined],
	]);
	const {start = 0, end = 0} = items[0]?.range ?? {};
	expect(JSON.parse(call.body?.toString('utf8', start, end) ?? '')).toEqual({
		type: 'reasoning',
		encrypted_content: 'ENC-1',
	});
	expect(state.encryptedItems(callOf([]))).toEqual([]);
	expect(state.encryptedItems(callOf('encrypted_content'))).toEqual([]);
	store.close();
});

test('an item that the disk does not know is asked for once, and known as soon as somebody issues it', () => {
	using folder = temporaryFolder();
	const {store} = open(folder.path);
	const asked: string[] = [];
	const state = new UpstreamState({
		get: (kind, key) => {
			asked.push(key);
			return store.get(kind, key);
		},
		set: (kind, key, value) => store.set(kind, key, value),
	});
	const call = callOf([{type: 'reasoning', encrypted_content: 'ENC-1'}]);
	const owners = () => state.encryptedItems(call).map(({owner}) => owner);
	expect([...owners(), ...owners()]).toEqual([undefined, undefined]);
	expect(asked).toEqual([fingerprint('ENC-1')]);
	state.recordIssued([fingerprint('ENC-1')], endpoint('a'));
	expect(owners()).toEqual(['codex/a']);
	store.close();
});

test('a turn state goes to the endpoint that issued it and to nobody else', () => {
	using folder = temporaryFolder();
	const {state, store} = open(folder.path);
	state.recordTurnState('turn-1', 'codex/a/default', 'TS-a');
	state.recordTurnState('turn-1', 'codex/b/default', 'TS-b');
	const echo = callOf([], {turnId: 'turn-1', turnState: 'TS-a'});
	expect(['a', 'b', 'c'].map(name => state.turnStateFor(echo, `codex/${name}/default`))).toEqual([
		'TS-a',
		'TS-b',
		undefined,
	]);
	store.close();
	const next = open(folder.path);
	expect(['a', 'b'].map(name => next.state.turnStateFor(echo, `codex/${name}/default`))).toEqual(['TS-a', undefined]);
	expect(next.state.turnStateFor(callOf([], {turnState: 'TS-forged'}), 'codex/a/default')).toBeUndefined();
	next.store.close();
});

interface ClaimCase {
	readonly what: string;
	readonly path?: string;
	readonly body: object;
	readonly claim: Partial<StateClaim>;
}

const reasoning = (content: string) => ({type: 'reasoning', encrypted_content: content});
const compaction = (content: string) => ({type: 'compaction', encrypted_content: content});
const claims: readonly ClaimCase[] = [
	{what: 'nothing', body: {input: []}, claim: {kind: 'ordinary', isBound: false, binding: [], owner: undefined}},
	{
		what: 'encrypted reasoning, which can be left out',
		body: {input: [reasoning('of-a')]},
		claim: {isBound: true, binding: ['encrypted reasoning'], owner: 'codex/a', isRepairable: true},
	},
	{
		what: 'reasoning of two issuers: the newest counts',
		body: {input: [reasoning('of-a'), reasoning('of-b'), reasoning('unknown')]},
		claim: {owner: 'codex/b', isRepairable: true},
	},
	{
		what: 'reasoning that nobody has seen being issued',
		body: {input: [reasoning('unknown')]},
		claim: {isBound: true, owner: undefined, isRepairable: true},
	},
	{
		what: 'a compaction item, which weighs more than newer reasoning',
		body: {input: [compaction('of-a'), reasoning('of-b')]},
		claim: {binding: ['compaction item', 'encrypted reasoning'], owner: 'codex/a', isRepairable: false},
	},
	{
		what: 'a previous_response_id, known by who gave that response',
		body: {input: 'hi', previous_response_id: 'resp_of_b'},
		claim: {binding: ['previous_response_id'], owner: 'codex/b', isRepairable: false},
	},
	{
		what: 'a v2 compact, always',
		body: {input: [{type: 'compaction_trigger'}]},
		claim: {kind: 'compact-v2', isBound: true, binding: ['compaction_trigger'], isRepairable: false},
	},
	{
		what: 'a v1 compact without state, which is free',
		path: '/responses/compact',
		body: {input: []},
		claim: {kind: 'compact-v1', isBound: false, isRepairable: false},
	},
	{
		what: 'a v1 compact with only a previous_response_id (routing.md 4)',
		path: '/responses/compact',
		body: {input: [], previous_response_id: 'resp_of_b'},
		claim: {kind: 'compact-v1', isBound: true, owner: 'codex/b', isRepairable: false},
	},
	{
		what: 'a v1 compact with reasoning, which is not left out of it',
		path: '/responses/compact',
		body: {input: [reasoning('of-a')]},
		claim: {kind: 'compact-v1', isBound: true, owner: 'codex/a', isRepairable: false},
	},
	{
		what: 'a v1 compact with encrypted content below an item',
		path: '/responses/compact',
		body: {input: [{content: [{encrypted_content: 'E'}]}]},
		claim: {isBound: true, binding: ['encrypted content']},
	},
];

test.each(claims)('what binds a call: $what', ({path: where = '/responses', body, claim}) => {
	using folder = temporaryFolder();
	const store = openStateStore(path.join(folder.path, 'state.db'), Date.now, () => undefined);
	const state = new UpstreamState(store);
	state.recordIssued([fingerprint('of-a')], endpoint('a'));
	state.recordIssued(
		['of-b', 'resp_of_b'].map(text => fingerprint(text)),
		endpoint('b'),
	);
	const served = findServedPath(where);
	const bytes = Buffer.from(JSON.stringify({model: 'm', ...body}));
	const input = {method: 'POST', path: where, query: '', headers: {}, body: bytes};
	const call = served && identify({...input, target: served});
	expect(call && state.claimOf(call, state.encryptedItems(call))).toMatchObject(claim);
	store.close();
});
