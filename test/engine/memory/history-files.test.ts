import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {readStartTime} from '../../../source/config/process-life.ts';
import {HistoryFiles} from '../../../source/engine/memory/history-files.ts';
import {ResponseStore} from '../../../source/engine/memory/response-store.ts';
import type {StoredResponse} from '../../../source/translate/store/stored-response.ts';
import {scratchFolder} from '../../support/scratch.ts';

const opened = async (root: string): Promise<{readonly files: HistoryFiles; readonly faults: string[]}> => {
	const faults: string[] = [];
	return {files: await HistoryFiles.open(root, sentence => void faults.push(sentence)), faults};
};

const stored = (id: string, parent?: string): StoredResponse => ({
	head: {...{id, parent, owner: 'ada', createdAtMs: 1, model: 'm'}, endpointKey: 'codex/a/default'},
	...{input: [{role: 'user', content: id}], response: {id, output: []}, hidden: {}},
});

const limits = {ttlMs: 1_000_000, count: 100, bytes: 1_000_000};

const openStore = (files: HistoryFiles, now = Date.now): Promise<ResponseStore> =>
	ResponseStore.open({limits, files, now});

const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);

describe('the folder of the response store', () => {
	test('holds readable JSON of mode 0600 in folders of mode 0700, and no half-written file', async () => {
		const root = path.join(scratchFolder('history'), 'history');
		const {files} = await opened(root);
		const store = await openStore(files);
		store.put(stored('r1'));
		await files.settled();
		const file = path.join(root, 'sessions/r1.json');
		expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(stored('r1'));
		expect([modeOf(root), modeOf(path.dirname(file)), modeOf(file)]).toEqual(['700', '700', '600']);
		expect(readdirSync(path.dirname(file))).toEqual(['r1.json']);
	});

	test('is read by the next run, chains included, and what another owner asks for stays hidden', async () => {
		const root = scratchFolder('history');
		const first = await opened(root);
		const store = await openStore(first.files);
		store.put(stored('r1'));
		store.put(stored('r2', 'r1'));
		await first.files.close();
		const second = await opened(root);
		const again = await openStore(second.files);
		expect((await again.chain('r2', 'ada'))?.map(({head}) => head.id)).toEqual(['r1', 'r2']);
		expect(await again.chain('r2', 'bob')).toBeUndefined();
	});

	test('answers from what is still to be written', async () => {
		const {files} = await opened(scratchFolder('history'));
		const store = await openStore(files);
		store.put(stored('r1'));
		expect((await store.get('r1', 'ada'))?.head.id).toBe('r1');
	});

	test('forgets by removing files, also one that waits to be written', async () => {
		const root = scratchFolder('history');
		const {files} = await opened(root);
		const store = await openStore(files);
		store.put(stored('r1'));
		await files.settled();
		store.put(stored('r2'));
		expect([store.delete('r1', 'ada'), store.delete('r2', 'ada'), store.delete('r2', 'ada')]).toEqual([
			...[true, true, false],
		]);
		await files.settled();
		expect(readdirSync(path.join(root, 'sessions'))).toEqual([]);
	});

	test('what is too old is removed at the start', async () => {
		const root = scratchFolder('history');
		const first = await opened(root);
		const store = await openStore(first.files);
		store.put(stored('r1'));
		await first.files.close();
		const later = await opened(root);
		expect((await openStore(later.files, () => Date.now() + 2_000_000)).size).toBe(0);
		await later.files.settled();
		expect(readdirSync(path.join(root, 'sessions'))).toEqual([]);
	});

	test('a damaged file is set aside and told of, the others are used', async () => {
		const root = scratchFolder('history');
		const first = await opened(root);
		const store = await openStore(first.files);
		store.put(stored('r1'));
		store.put(stored('r2'));
		await first.files.close();
		writeFileSync(path.join(root, 'sessions/r3.json'), 'nonsense');
		const body = readFileSync(path.join(root, 'sessions/r2.json'), 'utf8');
		writeFileSync(path.join(root, 'sessions/r2.json'), body.slice(0, -30));
		const {files, faults} = await opened(root);
		const again = await openStore(files);
		expect(await again.chain('r2', 'ada')).toBeUndefined();
		expect((await again.get('r1', 'ada'))?.head.id).toBe('r1');
		await files.settled();
		expect(readdirSync(path.join(root, 'sessions')).toSorted()).toEqual(['r1.json', 'r2.json.bad', 'r3.json.bad']);
		expect(faults).toHaveLength(2);
	});

	test('leftovers of a killed run are cleared away', async () => {
		const root = scratchFolder('history');
		mkdirSync(path.join(root, 'sessions'), {recursive: true});
		writeFileSync(path.join(root, 'sessions/r1.json.tmp'), '{"head":');
		await opened(root);
		expect(existsSync(path.join(root, 'sessions/r1.json.tmp'))).toBe(false);
	});

	test('belongs to one living process: a second one is refused, one that was killed is not waited for', async () => {
		const root = scratchFolder('history');
		writeFileSync(path.join(root, 'lock.json'), JSON.stringify({pid: 2 ** 22, startTime: '1'}));
		const {files} = await opened(root);
		await files.close();
		expect(existsSync(path.join(root, 'lock.json'))).toBe(false);
		const living = {pid: process.ppid, startTime: await readStartTime(process.ppid)};
		writeFileSync(path.join(root, 'lock.json'), JSON.stringify(living));
		await expect(opened(root)).rejects.toMatchObject({code: 'history-in-use'});
	});

	test('a folder that cannot be written is told once, and again when it fails after it went well', async () => {
		const root = scratchFolder('history');
		const {files, faults} = await opened(root);
		const folder = path.join(root, 'sessions');
		const write = async (): Promise<void> => {
			files.write('sessions', 'a', 'a');
			files.write('sessions', 'b', 'b');
			await files.settled();
		};
		rmSync(folder, {recursive: true});
		await write();
		expect(faults).toHaveLength(1);
		mkdirSync(folder);
		await write();
		rmSync(folder, {recursive: true});
		await write();
		expect(faults).toHaveLength(2);
	});

	test('what a slow disk cannot take is left out, never kept waiting without end', async () => {
		const {files, faults} = await opened(scratchFolder('history'));
		const large = 'x'.repeat(40 * 1024 * 1024);
		expect([files.write('turns', 'a', large), files.write('turns', 'b', large)]).toEqual([true, false]);
		expect(faults).toHaveLength(1);
		await files.settled();
		expect(files.write('turns', 'b', 'small')).toBe(true);
		await files.settled();
	});
});
