import {chmodSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {propertyRuns} from '../../support/property-runs.ts';
import {scratchFolder} from '../../support/scratch.ts';
import {
	byId,
	codexFolder,
	kindsOf,
	meta,
	only,
	readAll,
	rolloutName,
	said,
	sourceOf,
	usage,
	writeRollout,
} from '../../support/session-files.ts';

describe('of a file that is not as it should be', () => {
	test('one that ends in the middle of a line is listed with what was read before', async () => {
		const root = scratchFolder('sessions');
		writeRollout(root, '1', meta('thread-1') + said('mend the tests') + said('never seen').slice(0, 60));
		const session = await only(root);
		expect(session).toMatchObject({threadId: 'thread-1', title: 'mend the tests', turns: 1});
		expect(kindsOf(session)).toEqual([['cut', 1]]);
	});

	test('one that is cut in its first line is called by its name', async () => {
		const root = scratchFolder('sessions');
		writeRollout(root, '2', meta('thread-2').slice(0, 80));
		const session = await only(root);
		expect(session.threadId).toBe('01a1ffbd-0000-7000-8000-000000000002');
		expect(kindsOf(session)).toEqual([
			['unknown', 1],
			['cut', 1],
		]);
	});

	test('one of an unknown version is listed and says so', async () => {
		const root = scratchFolder('sessions');
		writeRollout(root, '3', '{"v":9,"kind":"head"}\n{"v":9,"kind":"talk","words":["hi"]}\n');
		expect(kindsOf(await only(root))).toEqual([['unknown', 1]]);
	});

	test('one that is empty or no text at all is listed and says so', async () => {
		const root = scratchFolder('sessions');
		writeRollout(root, '4', '');
		writeRollout(root, '5', '\u0000\u0001\n\n{[\n"text"\n[1]\n');
		expect((await readAll(root)).toSorted(byId).map(kindsOf)).toEqual([
			[['empty', 1]],
			[
				['unknown', 1],
				['broken', 2],
			],
		]);
	});

	test('a line of 7 MB is left out and counted, and what stands behind it is read', async () => {
		const root = scratchFolder('sessions');
		writeRollout(root, '6', meta('thread-6') + said('before') + said('x'.repeat(7 * 1024 * 1024)) + said('behind'));
		const session = await only(root);
		expect(session).toMatchObject({title: 'before', turns: 2});
		expect(kindsOf(session)).toEqual([['long', 1]]);
	});

	test('around a line of 10 MB the beginning and the end are read', async () => {
		const root = scratchFolder('sessions');
		writeRollout(root, '16', meta('thread-16') + said('before') + said('x'.repeat(10 * 1024 * 1024)) + said('behind'));
		const session = await only(root);
		expect(session).toMatchObject({title: 'before', turns: 2});
		expect(session.faults.map(({kind}) => kind)).toEqual(['sampled']);
	});

	test('of a large one the first and the last part are read, and the tokens are right nevertheless', async () => {
		const root = scratchFolder('sessions');
		const filler = said('y'.repeat(1000)).repeat(9000);
		writeRollout(root, '7', meta('thread-7') + usage(500, 100) + filler + usage(90_000, 1000));
		const session = await only(root);
		expect(session.tokens).toEqual({input: 89_600, cacheRead: 0, cacheWrite: 0, output: 896});
		expect(session.faults).toEqual([{kind: 'sampled', count: session.bytes - 1024 * 1024}]);
	});

	test('an unreadable one is listed with the reason', async () => {
		const root = scratchFolder('sessions');
		const file = writeRollout(root, '8', meta('thread-8'));
		const source = sourceOf(root);
		chmodSync(file, 0o000);
		const {sessions} = await source.complete();
		// Who may read everything, such as root in a container, is refused nothing.
		const isRefused = process.getuid?.() !== 0;
		expect(sessions.map(({faults}) => faults)).toEqual([
			isRefused ? [{kind: 'unreadable', count: 1, code: 'EACCES'}] : [],
		]);
	});

	test('a folder in the place of a file, and a file in the place of a folder, break nothing', async () => {
		const root = scratchFolder('sessions');
		mkdirSync(path.join(codexFolder(root), rolloutName('9')));
		mkdirSync(path.join(root, 'claude'));
		writeFileSync(path.join(root, 'claude', 'projects'), 'no folder');
		const view = await sourceOf(root).complete();
		expect(view).toMatchObject({sessions: [], fileCount: 0});
		expect(view.unreadableFolders).toEqual([{path: path.join(root, 'claude', 'projects'), code: 'ENOTDIR'}]);
	});

	test('links that go round in a circle are not followed', async () => {
		const root = scratchFolder('sessions');
		writeRollout(root, '10', meta('thread-10'));
		symlinkSync('..', path.join(codexFolder(root), 'again'));
		symlinkSync(rolloutName('10'), path.join(codexFolder(root), rolloutName('11')));
		expect((await sourceOf(root).complete()).fileCount).toBe(1);
	});

	test('tokens that nobody can have used are counted as what can be summed up and priced', async () => {
		const root = scratchFolder('sessions');
		const lines = ['a', 'b'].map(id => {
			const counted = {input_tokens: 1e308, output_tokens: -4, cache_read_input_tokens: 1.5};
			return JSON.stringify({type: 'assistant', sessionId: 's', message: {id, model: 'm', usage: counted}});
		});
		const projects = path.join(root, 'claude', 'projects', 'p');
		mkdirSync(projects, {recursive: true});
		writeFileSync(path.join(projects, 's.jsonl'), `${lines.join('\n')}\n`);
		const [session] = await readAll(root);
		expect(session?.tokens).toEqual({input: Number.MAX_SAFE_INTEGER, cacheRead: 3, cacheWrite: 0, output: 0});
	});

	test('escapes and secrets in what it says never come out', async () => {
		const root = scratchFolder('sessions');
		const nasty = '\u001b]52;c;aGk=\u0007\u202etitle\u200b sk-abcdefghijklmnopqrstuv\u001b[31m\nsecond';
		writeRollout(
			root,
			'12',
			meta(`id\u001b[2J`, {cwd: '/home/\u001b[1mana', model_provider: '\u009b5m'}) + said(nasty),
		);
		const session = await only(root);
		expect(session).toMatchObject({
			threadId: 'id',
			cwd: '/home/ana',
			title: 'title [redacted] second',
			provider: undefined,
		});
	});

	test.each([
		['whatever bytes', fc.uint8Array({maxLength: 400})],
		[
			'whatever JSON',
			fc
				.array(fc.jsonValue(), {maxLength: 8})
				.map(rows => Buffer.from(rows.map(row => JSON.stringify(row)).join('\n'))),
		],
	])('%s it holds, it is listed and drawable', async (_name, content) => {
		const root = scratchFolder('sessions');
		const folder = codexFolder(root);
		const projects = path.join(root, 'claude', 'projects', 'p');
		mkdirSync(projects, {recursive: true});
		await fc.assert(
			fc.asyncProperty(content, async bytes => {
				writeFileSync(path.join(folder, rolloutName('13')), bytes);
				writeFileSync(path.join(projects, 'a.jsonl'), bytes);
				const source = sourceOf(root);
				const {sessions} = await source.complete();
				expect(sessions).toHaveLength(2);
				for (const session of sessions) {
					// JSON writes a control character as an escape.
					expect(JSON.stringify(session)).not.toMatch(/\\u00[01]|\p{Control}|\u202E/u);
					expect(await source.transcript(session.threadId)).toMatchObject({isTruncated: false});
				}
			}),
			propertyRuns(40),
		);
	});
});
