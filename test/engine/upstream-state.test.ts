import path from 'node:path';
import {expect, test} from 'vitest';
import {fingerprint} from '../../source/base/ids.ts';
import {openStateStore} from '../../source/engine/state-store.ts';
import {UpstreamState} from '../../source/engine/upstream-state.ts';
import {identify} from '../../source/identify/identify.ts';
import {findServedPath, type ServedPath} from '../../source/identify/paths.ts';
import {endpoint} from '../support/endpoint.ts';
import {temporaryFolder} from '../support/folder.ts';

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
