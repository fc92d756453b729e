import {appendFileSync, cpSync, mkdirSync, readFileSync, truncateSync, utimesSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {createRedactor} from '../../../source/base/redact.ts';
import {ClientSessionSource} from '../../../source/observe/sessions/session-source.ts';
import {scratchFolder} from '../../support/scratch.ts';
import {codexFolder, fixture, meta, readAll, said, sourceOf, writeRollout} from '../../support/session-files.ts';

/* The fixtures are files of the real Codex 0.169.0 and Claude Code 2.1.197, with long texts and paths replaced. */

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
