import {describe, expect, test} from 'vitest';
import {CommandError} from '../../source/base/errors.ts';
import {runTranscript} from '../../source/command/transcript.ts';
import {type ControlAnswers, playControl} from '../support/control-api.ts';
import {temporaryFolder} from '../support/folder.ts';
import {richTranscript} from '../support/rich-transcript.ts';
import {fixture} from '../support/session-files.ts';

const plum = '01a1ffbd-a789-7fc0-9150-1c3ccd6af3d1';

const runAt = async (args: readonly string[], answer: unknown = richTranscript('req_1')) => {
	const routes: ControlAnswers = {'GET /api/v1/transcript': answer};
	await using control = await playControl(routes);
	const written: string[] = [];
	const env = {...control.env, CODEX_HOME: `${fixture}codex`, CLAUDE_CONFIG_DIR: `${fixture}claude`};
	const code = await runTranscript(args, {env, write: text => written.push(text), columns: 80});
	return {code, text: written.join('\n')};
};

describe('codex-tui transcript', () => {
	test('prints the conversation of a request as the screen shows it, unfolded', async () => {
		const {code, text} = await runAt(['req_1']);
		expect(code).toBe(0);
		expect(text).toContain('user  The retry test is flaky.');
		expect(text).toContain('      │ src/net/retry.ts:60: attempt 59');
		expect(text).toContain('test/net/retry.test.ts │ 不再依赖真实时间 │  105');
	});

	test('prints Markdown, and JSON', async () => {
		expect((await runAt(['req_1', '--markdown'])).text).toMatch(/^# Transcript\n\n- request: `req_1`/);
		const json: unknown = JSON.parse((await runAt(['req_1', '--json'])).text);
		expect(json).toMatchObject({
			requestId: 'req_1',
			isLive: false,
			items: expect.arrayContaining([expect.objectContaining({kind: 'compaction'})]),
		});
	});

	test("finds a session of the past in its client's file, by the beginning of its id too", async () => {
		const missing = {missing: 'not held'};
		const whole = await runAt([plum, '--json'], missing);
		expect(JSON.parse(whole.text)).toMatchObject({sessionId: plum, requestId: ''});
		expect((await runAt([plum.slice(0, 12), '--json'], missing)).text).toBe(whole.text);
	});

	test('prints nothing that a terminal acts on, whatever an engine of another version says', async () => {
		const evil = {kind: 'new-kind', title: 'a\u001B[2Jb', text: 'x\u202Ey\u009B31m'};
		const {text} = await runAt(['r'], {requestId: 'r', items: [evil, 7]});
		expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202E]/u);
		expect(text).toContain('note  xy');
	});

	test.each([
		[[], 'takes one request or session'],
		[['a', 'b'], 'takes one request or session'],
		[['a', '--json', '--markdown'], 'exclude each other'],
		[['a', '--nope'], '--nope'],
		[['nobody'], 'There is no conversation of "nobody"'],
	])('%j is wrong usage: %s', async (args, sentence) => {
		const refused = await runAt(args, {missing: 'not held'}).catch((error: unknown) => error);
		expect(refused).toBeInstanceOf(CommandError);
		expect(refused).toMatchObject({exitCode: 2, message: expect.stringContaining(sentence)});
	});

	test('works without an engine, and says so where it finds nothing', async () => {
		using folder = temporaryFolder();
		const env = {HOME: folder.path, CODEX_TUI_HOME: `${folder.path}/home`, CODEX_HOME: `${fixture}codex`};
		const written: string[] = [];
		await runTranscript([plum], {env, write: text => written.push(text), columns: 80});
		expect(written.join('').length).toBeGreaterThan(50);
		await expect(runTranscript(['req_1'], {env, write: () => undefined, columns: 80})).rejects.toThrow(
			'no engine runs',
		);
	});
});
