import {utimesSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {HistoryFiles} from '../../../source/engine/memory/history-files.ts';
import {ResponseStore} from '../../../source/engine/memory/response-store.ts';
import type {StoredResponse} from '../../../source/translate/store/stored-response.ts';
import {scratchFolder} from '../../support/scratch.ts';

const mebibyte = 1024 * 1024;

const stored = (id: string, parent: string | undefined, bytes: number): StoredResponse => ({
	head: {...{id, parent, owner: 'ada', createdAtMs: 0, model: 'm'}, endpointKey: 'codex/a/default'},
	input: [{type: 'message', role: 'user', content: 'x'.repeat(bytes)}],
	response: {id, output: []},
	hidden: {},
});

test('a conversation that is larger than any request may be is refused before it is read', async () => {
	const limits = {ttlMs: 1000, count: 100, bytes: 512 * mebibyte};
	const store = await ResponseStore.open({limits, files: undefined, now: () => 0});
	for (let turn = 1; turn <= 5; turn += 1) {
		store.put(stored(`r${turn}`, turn === 1 ? undefined : `r${turn - 1}`, 15 * mebibyte));
	}

	expect(await store.chain('r4', 'ada')).toHaveLength(4);
	await expect(store.chain('r5', 'ada')).rejects.toMatchObject({code: 'body-too-large', status: 413});
	expect(await store.get('r5', 'ada')).toBeDefined();
});

test('a file from a time that is still to come does not make the others look old', async () => {
	const limits = {ttlMs: 1000, count: 100, bytes: mebibyte};
	const root = scratchFolder('response-store');
	const openStore = async (): Promise<{readonly files: HistoryFiles; readonly store: ResponseStore}> => {
		const files = await HistoryFiles.open(root, fault => expect.fail(fault));
		return {files, store: await ResponseStore.open({limits, files, now: () => 5000})};
	};
	const first = await openStore();
	first.store.put(stored('r1', undefined, 10));
	first.store.put(stored('r2', undefined, 10));
	await first.files.close();
	utimesSync(path.join(root, 'sessions/r1.json'), 5, 5);
	utimesSync(path.join(root, 'sessions/r2.json'), 9_000_000, 9_000_000);
	const second = await openStore();
	expect(await second.store.get('r1', 'ada')).toBeDefined();
	expect(await second.store.get('r2', 'ada')).toBeDefined();
	await second.files.close();
});
