import {describe, expect, test} from 'vitest';
import {CommandError} from '../../source/base/errors.ts';
import {runSession} from '../../source/command/session.ts';
import {type ControlAnswers, playControl} from '../support/control-api.ts';
import {temporaryFolder} from '../support/folder.ts';
import {fixture} from '../support/session-files.ts';

const plum = '01a1ffbd-a789-7fc0-9150-1c3ccd6af3d1';
const helper = '01a1ffbd-8d52-7703-a2e5-d64539b184f7';
const whose = {service: 'codex', sessionId: plum};

const routes: ControlAnswers = {
	'GET /api/v1/brain': {
		overrides: [{...whose, model: 'gpt-5.3-codex'}],
		pins: [{...whose, pin: {endpointKey: 'codex/team/default', mode: 'only', setAtMs: 1}}],
		affinities: [
			{
				...whose,
				endpointKey: 'codex/team/default',
				account: 'a',
				lastSelectedAtMs: 1,
				lastChangedAtMs: 1,
				changeReason: 'first_success',
			},
		],
	},
	'GET /api/v1/sessions': [
		{
			...{sessionId: plum, client: 'codex', model: 'gpt-5.5', endpointKey: 'codex/team/default', requests: 2},
			...{
				firstSeenAtMs: 1,
				lastSeenAtMs: 1_795_291_990_000,
				liveRequests: 1,
				threads: 1,
				inputTokens: 9,
				outputTokens: 1,
			},
		},
		{sessionId: 'only-here', client: 'sdk', requests: 1, lastSeenAtMs: 1_700_000_000_000},
	],
	'GET /api/v1/explain': {
		...{question: 'Where?', chosen: 'team', detail: {}},
		steps: [{mark: 'chosen', subject: 'pin', text: 'only team serves this session'}],
	},
	'POST /api/v1/overrides': {done: true},
	'POST /api/v1/pin': {done: true},
};

const runAt = async (...args: readonly string[]) => {
	await using control = await playControl(routes);
	const written: string[] = [];
	const env = {...control.env, CODEX_HOME: `${fixture}codex`, CLAUDE_CONFIG_DIR: `${fixture}claude`};
	const code = await runSession(args, {env, nowMs: 1_795_292_000_000, write: text => written.push(text)});
	return {code, text: written.join('\n'), changes: control.changes};
};

const refusalOf = async (...args: readonly string[]): Promise<string> => {
	try {
		await runAt(...args);
	} catch (error) {
		return error instanceof CommandError ? `${error.exitCode} ${error.message}` : String(error);
	}

	return 'done';
};

describe('codex-tui session', () => {
	test('list shows threads of both clients below their parents, with what the engine knows', async () => {
		const {text, code} = await runAt();
		expect(code).toBe(0);
		expect(text).toMatch(
			new RegExp(`│ ${plum} +│ remember plum +│ codex +│ gpt-5\\.3-codex\\* +│ - +│ team +│ live +│ 2 `),
		);
		expect(text).toMatch(/│ {3}01a1ffbd-ab78[\w-]+ │ fork: and now\?/);
		expect(text).toMatch(/│ {3}agent-aa4cc00a62b24e4db +│ general-purpose: say hi as a child/);
		expect(text).toContain('only-here');
	});

	test('list filters as the screen does, limits, and gives JSON', async () => {
		expect((await runAt('list', '--filter', 'client:claude -sub', '--limit', '1')).text).not.toContain('agent-aa4');
		expect((await runAt('list', '--live')).text).not.toContain('use a helper');
		const {sessions, files} = JSON.parse((await runAt('list', '--json', '--filter', 'title:plum')).text);
		expect(files).toBe(6);
		expect(sessions).toMatchObject([
			{
				thread_id: plum,
				client: 'codex',
				tokens: 19_346,
				file: {version: '0.169.0', tokens: {input: 19_312, output: 34}, faults: []},
				engine: {requests: 2, live: 1},
				override: {model: 'gpt-5.3-codex', effort: null},
				pin: {endpoint: 'codex/team/default', mode: 'only'},
				ledger: null,
			},
		]);
		expect((await runAt('list', '--filter', 'title:nothing')).text).toBe('There is no such session.');
	});

	test('show takes the beginning of an id and tells why, what was changed and where its file is', async () => {
		const {text} = await runAt('show', '01a1ffbd-a7');
		expect(text).toMatch(/began with +remember plum/);
		expect(text).toMatch(/override +model gpt-5\.3-codex \(client: gpt-5\.5\)/);
		expect(text).toMatch(/pin +only team serves it/);
		expect(text).toMatch(/next goes to team/);
		expect(text).toMatch(/why +pin: only team serves this session/);
		expect(text).toMatch(/tied to +team since .*: it served it first/);
		expect(JSON.parse((await runAt('show', plum, '--json')).text)).toMatchObject({next: {chosen: 'team'}});
	});

	test('override and reset ask the engine, for the session that a thread belongs to', async () => {
		const changed = await runAt('override', plum, '--effort', 'xhigh', '--model', '-');
		expect(changed.text).toBe(
			`From the next request of the session ${plum} on: model is the client's own, effort is xhigh.`,
		);
		expect(changed.changes).toMatchObject([{service: 'codex', session: plum, effort: 'xhigh', model: null}]);
		const gone = await runAt('reset', plum, '--json');
		expect(gone.changes).toMatchObject([
			{session: plum, clear: true, profile: null},
			{session: plum, endpoint: null},
		]);
		expect(JSON.parse(gone.text)).toMatchObject({action: 'reset', changed: true});
		const nothing = await runAt('reset', helper);
		expect([nothing.text.startsWith('Nothing to change'), nothing.changes]).toEqual([true, []]);
	});

	test.each([
		[['show', '01a1'], /^2 "01a1" fits \d sessions/],
		[['show', 'nobody'], /^2 There is no session "nobody"/],
		[['show'], /^2 show takes the id of one session/],
		[['list', 'x'], /^2 list takes no id/],
		[['dance'], /^2 There is no verb "dance"/],
		[['override', plum], /^2 override needs one of --model/],
		[['override', plum, '--model', ''], /^2 --model is empty/],
		[['override', 'agent-aa4', '--model', 'm'], /^2 agent-aa4cc00a62b24e4db is a sub-agent and follows its session/],
		[['list', '--filter', 'color:red'], /^2 There is no field "color"/],
		[['list', '--limit', 'many'], /^2 --limit takes a whole number/],
	])('refuses %j with a sentence', async (args, sentence) => {
		expect(await refusalOf(...args)).toMatch(sentence);
	});

	test('without an engine the files are shown, and a change says what is missing', async () => {
		using folder = temporaryFolder();
		const env = {
			...{CODEX_TUI_HOME: folder.path, HOME: fixture},
			...{CODEX_HOME: `${fixture}codex`, CLAUDE_CONFIG_DIR: `${fixture}claude`},
		};
		const written: string[] = [];
		const options = {env, nowMs: 1_795_292_000_000, write: (text: string) => void written.push(text)};
		expect(await runSession(['show', plum], options)).toBe(0);
		expect(written.join('\n')).toContain('the proxy saw none of it');
		await expect(runSession(['reset', plum], options)).rejects.toThrow('No engine runs in this home');
	});
});
