import {expect, test} from 'vitest';
import {ResponseStore} from '../../../source/engine/memory/response-store.ts';
import type {StoredResponse} from '../../../source/translate/store/stored-response.ts';

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
