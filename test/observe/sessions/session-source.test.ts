import {
	appendFileSync,
	chmodSync,
	cpSync,
	mkdirSync,
	readFileSync,
	symlinkSync,
	truncateSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {createRedactor} from '../../../source/base/redact.ts';
import type {ClientSession} from '../../../source/event/client-session.ts';
import {ClientSessionSource} from '../../../source/observe/sessions/session-source.ts';
import {propertyRuns} from '../../support/property-runs.ts';
import {scratchFolder} from '../../support/scratch.ts';

/* The fixtures are files of the real Codex 0.169.0 and Claude Code 2.1.197, with long texts and paths replaced. */

const fixture = new URL('../../fixture/sessions/', import.meta.url).pathname;

const sourceOf = (root: string, most?: number): ClientSessionSource =>
	new ClientSessionSource({
		codexHome: path.join(root, 'codex'),
		claudeHome: path.join(root, 'claude'),
		redact: createRedactor([]),
		...(most === undefined ? {} : {most}),
	});

const codexFolder = (root: string): string => {
	const folder = path.join(root, 'codex', 'sessions', '2026', '11', '21');
	mkdirSync(folder, {recursive: true});
	return folder;
};

const rolloutName = (end: string): string =>
	`rollout-2026-11-21T20-12-55-01a1ffbd-0000-7000-8000-${end.padStart(12, '0')}.jsonl`;

const meta = (id: string, more: object = {}): string =>
	`${JSON.stringify({timestamp: '2026-11-21T20:12:55.045Z', ordinal: 0, type: 'session_meta', payload: {id, session_id: id, cwd: '/home/ana', cli_version: '0.169.0', ...more}})}\n`;

const said = (text: string): string =>
	`${JSON.stringify({timestamp: '2026-11-21T20:13:00.000Z', ordinal: 1, type: 'event_msg', payload: {type: 'item_completed', item: {type: 'UserMessage', content: [{type: 'text', text}]}}})}\n`;

const usage = (total: number, last: number): string =>
	`${JSON.stringify({timestamp: '2026-11-21T20:14:00.000Z', type: 'token_usage_record', payload: {usage: {input_tokens: last, output_tokens: 1}, thread_token_usage: {input_tokens: total, output_tokens: total / 100}}})}\n`;

const writeRollout = (root: string, end: string, text: string): string => {
	const file = path.join(codexFolder(root), rolloutName(end));
	writeFileSync(file, text);
	return file;
};

const readAll = async (root: string): Promise<readonly ClientSession[]> => (await sourceOf(root).complete()).sessions;

const only = async (root: string): Promise<ClientSession> => {
	const [session, ...others] = await readAll(root);
	expect(others).toEqual([]);
	expect(session).toBeDefined();
	return session ?? expect.fail('no session');
};

const byId = (left: ClientSession, right: ClientSession): number => left.threadId.localeCompare(right.threadId);

const kindsOf = ({faults}: ClientSession) => faults.map(({kind, count}) => [kind, count]);

describe('of the real clients', () => {
	test('every thread is told with its title, model, tokens and parent', async () => {
		const sessions = await readAll(fixture);
		const told = sessions.map(({client, origin, title, model, turns, messages, tokens, agent}) => ({
			client,
			origin,
			title,
			model,
			turns,
			messages,
			tokens,
			agent,
		}));
		expect(told).toEqual([
			{
				client: 'claude-code',
				origin: 'main',
				title: 'run a command',
				model: 'claude-opus-4-8',
				turns: 1,
				messages: 3,
				tokens: {input: 38_684, cacheRead: 0, cacheWrite: 0, output: 37},
				agent: undefined,
			},
			{
				client: 'claude-code',
				origin: 'subagent',
				title: 'say hi as a child',
				model: 'claude-opus-4-8',
				turns: 1,
				messages: 2,
				tokens: {input: 11_481, cacheRead: 0, cacheWrite: 0, output: 4},
				agent: 'general-purpose',
			},
			{
				client: 'codex',
				origin: 'fork',
				title: 'and now?',
				model: 'gpt-5.5',
				turns: 1,
				messages: 2,
				tokens: {input: 9942, cacheRead: 0, cacheWrite: 0, output: 17},
				agent: undefined,
			},
			{
				client: 'codex',
				origin: 'main',
				title: 'remember plum',
				model: 'gpt-5.5',
				turns: 2,
				messages: 4,
				tokens: {input: 19_312, cacheRead: 0, cacheWrite: 0, output: 34},
				agent: undefined,
			},
			{
				client: 'codex',
				origin: 'main',
				title: 'use a helper',
				model: 'gpt-5.5',
				turns: 1,
				messages: 2,
				tokens: {input: 29_279, cacheRead: 0, cacheWrite: 0, output: 29},
				agent: undefined,
			},
			{
				client: 'codex',
				origin: 'subagent',
				title: 'say hi as a child',
				model: 'gpt-5.5',
				turns: 1,
				messages: 2,
				tokens: {input: 9439, cacheRead: 0, cacheWrite: 0, output: 4},
				agent: 'Copernicus',
			},
		]);
		expect(sessions.flatMap(({faults}) => faults)).toEqual([]);
	});

	test('a sub-agent and a fork name their parent, and a sub-agent shares its session', async () => {
		const sessions = await readAll(fixture);
		for (const child of sessions.filter(({origin}) => origin !== 'main')) {
			const parent = sessions.find(({threadId}) => threadId === child.parentId);
			expect(parent?.origin).toBe('main');
			expect(child.sessionId === parent?.sessionId).toBe(child.origin === 'subagent');
			expect(child.cwd).toBe('/home/ana/notes');
		}
	});

	test('a conversation is read without what the client puts around it', async () => {
		const source = sourceOf(fixture);
		const {sessions} = await source.complete();
		const transcriptOf = async (title: string) => {
			const found = sessions.find(session => session.title === title && session.origin === 'main');
			const transcript = await source.transcript(found?.threadId ?? '');
			return transcript && 'items' in transcript
				? transcript.items.map(({kind, title: name, text}) => [kind, name, text.split('\n')[0]])
				: undefined;
		};

		expect(await transcriptOf('remember plum')).toEqual([
			['user', undefined, 'remember plum'],
			['reasoning', undefined, '**Greeting the user**'],
			['assistant', undefined, 'Hello from upstream.'],
			['user', undefined, 'which?'],
			['reasoning', undefined, '**Greeting the user**'],
			['assistant', undefined, 'Hello from upstream.'],
		]);
		expect(await transcriptOf('run a command')).toEqual([
			['user', undefined, 'run a command'],
			['assistant', undefined, 'I ask a helper.'],
			['tool-call', 'Agent', 'description: Say hi'],
			['tool-output', 'Agent', 'child says hi'],
			['assistant', undefined, 'The helper said hi.'],
		]);
		expect(await source.transcript('nobody')).toBeUndefined();
		const [newest] = sessions;
		expect(await source.transcript(newest?.threadId ?? '', newest?.bytes)).toEqual({unchanged: true});
	});
});

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

describe('while it is looked at', () => {
	test('a file that grew costs its new lines only, and a cut line that is completed counts', async () => {
		const root = scratchFolder('sessions');
		const next = said('second');
		const file = writeRollout(root, '14', meta('thread-14') + said('first') + next.slice(0, 50));
		const source = sourceOf(root);
		expect((await source.complete()).sessions[0]).toMatchObject({turns: 1, faults: [{kind: 'cut', count: 1}]});
		appendFileSync(file, next.slice(50));
		expect((await source.complete()).sessions[0]).toMatchObject({title: 'first', turns: 2, faults: []});
	});

	test('a file that was replaced by a shorter one is read anew', async () => {
		const root = scratchFolder('sessions');
		const file = writeRollout(root, '15', meta('thread-15') + said('one') + said('two'));
		const source = sourceOf(root);
		await source.complete();
		truncateSync(file, 0);
		appendFileSync(file, meta('thread-16') + said('other'));
		expect((await source.complete()).sessions).toMatchObject([{threadId: 'thread-16', title: 'other', turns: 1}]);
	});

	test('only the newest files are read, and all are counted', async () => {
		const root = scratchFolder('sessions');
		for (const at of [1, 2, 3, 4]) {
			const file = writeRollout(root, String(20 + at), meta(`thread-${at}`));
			utimesSync(file, 1000 + at, 1000 + at);
		}

		const view = await sourceOf(root, 2).complete();
		expect(view.sessions.map(({threadId}) => threadId).toSorted()).toEqual(['thread-3', 'thread-4']);
		expect(view.fileCount).toBe(4);
	});

	test('a thread that stands in the archive too is told once', async () => {
		const root = scratchFolder('sessions');
		cpSync(fixture, root, {recursive: true});
		const name = 'rollout-2026-11-21T20-13-02-01a1ffbd-ab78-7f20-81a7-d3c79b712617.jsonl';
		mkdirSync(path.join(root, 'codex', 'archived_sessions'));
		writeFileSync(
			path.join(root, 'codex', 'archived_sessions', name),
			readFileSync(path.join(codexFolder(root), name)),
		);
		expect((await readAll(root)).filter(({title}) => title === 'and now?')).toHaveLength(1);
	});

	test('a look does not wait for all files, and says how many are left', async () => {
		const root = scratchFolder('sessions');
		for (const at of Array.from({length: 12}, (_, index) => index)) {
			writeRollout(root, String(100 + at), meta(`thread-${at}`) + said('z'.repeat(900_000)).repeat(3));
		}

		const source = new ClientSessionSource({
			codexHome: path.join(root, 'codex'),
			claudeHome: path.join(root, 'claude'),
			redact: createRedactor([]),
			patienceMs: 1,
		});
		const first = await source.look();
		expect(first.sessions.length).toBeLessThan(12);
		const all = await source.complete();
		expect({count: all.sessions.length, unread: all.unread}).toEqual({count: 12, unread: 0});
	});

	test('homes that are not there have no sessions', async () => {
		expect(await sourceOf(path.join(scratchFolder('sessions'), 'nowhere')).complete()).toEqual({
			sessions: [],
			fileCount: 0,
			unread: 0,
			unreadableFolders: [],
		});
	});
});
