import {rmSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {runRouting} from '../../source/command/routing.ts';
import {playControl, Problem} from '../support/control-api.ts';
import {temporaryFolder} from '../support/folder.ts';
import {runProgram} from '../support/program.ts';
import {
	routingKeys as keys,
	routingNowMs as nowMs,
	refusedRouting as refused,
	routingRoutes as routes,
	runRoutingAt as run,
} from '../support/routing-command.ts';
import {sampleExplain} from '../support/sample-explain.ts';
import {root} from '../support/scratch.ts';

describe('routing explain', () => {
	const answers = {'GET /api/v1/explain': sampleExplain};

	test('prints every step of a past request with its reason and its place in the file', async () => {
		const {code, text, asked} = await run(['explain', 'req_1'], answers);
		expect(code).toBe(0);
		expect(asked).toEqual(['GET /api/v1/explain?service=codex&request=req_1']);
		expect(text).toMatch(/^Why did req_1 go to openai\?\n/);
		expect(text).toMatch(/1 +│ route main +│ +│ ordered-failover +│ config\.toml:14/);
		expect(text).toMatch(/2 +│ relay-b +│ no +│ answered 429, 41 s left +│ config\.toml:9/);
		expect(text).toMatch(/3 +│ openai +│ chosen +│ the session is tied to it/);
		expect(text).toMatch(/First choice: openai\. After it: 上游-azure\.$/);
	});

	test('asks about the next request with all that is known of it', async () => {
		const args = ['explain', '--claude', '--model', 'a b', '--session', 's', '--tier', 'flex', '--effort', 'high'];
		const {asked} = await run(args, answers);
		expect(asked).toEqual(['GET /api/v1/explain?service=claude&model=a+b&session=s&tier=flex&effort=high']);
	});

	test('asks with all that conditions look at, the folder as it stands to this one', async () => {
		const flags = ['--cwd', '/work/../work/x', '--header', 'X-Team=a=b', '--header', 'y=', '--path', '/v1/responses'];
		const {asked} = await run(
			['explain', ...flags, '--method', 'POST', '--kind', 'review', '--subagent', 'r'],
			answers,
		);
		expect(asked).toEqual([
			'GET /api/v1/explain?service=codex&path=/v1/responses&method=POST&cwd=/work/x&kind=review&subagent=r&header=X-Team=a=b&header=y=',
		]);
		expect(await refused(['explain', '--header', 'x-team'])).toMatchObject({
			exitCode: 2,
			message: expect.stringContaining('--header takes a name and a value'),
		});
		expect(await refused(['explain', 'req_1', '--cwd', '.'])).toMatchObject({
			message: expect.stringContaining('A past request has its own cwd'),
		});
	});

	test('--json prints the engine’s own answer', async () => {
		expect(JSON.parse((await run(['explain', '--json'], answers)).text)).toEqual(sampleExplain);
	});

	test('says so where nobody can serve', async () => {
		const {text} = await run(['explain'], {'GET /api/v1/explain': {question: 'Where?', steps: [], detail: {}}});
		expect(text).toBe('Where?\nNobody can serve it.');
	});

	test('what an upstream said is drawn without terminal commands', async () => {
		const step = {mark: 'no', subject: 'evil', text: 'said \u001B]52;c;x\u0007 this'};
		const {text} = await run(['explain'], {'GET /api/v1/explain': {...sampleExplain, steps: [step]}});
		expect(text).toContain('evil');
		expect(text).not.toContain('\u001B');
	});

	test('a request that the engine does not know is wrong usage in the engine’s words', async () => {
		const error = await refused(['explain', 'req_9'], {
			'GET /api/v1/explain': new Problem(404, 'unknown-id', 'There is no request req_9 (any more).'),
		});
		expect(error).toMatchObject({exitCode: 2, code: 'unknown-id', message: 'There is no request req_9 (any more).'});
	});

	test('so is one that the engine has forgotten, with exit code 1 where only its plan is', async () => {
		const forgotten = new Problem(409, 'plan-forgotten', 'The plan of req_9 is not kept any more.');
		expect(await refused(['explain', 'req_9'], {'GET /api/v1/explain': forgotten})).not.toHaveProperty('exitCode');
		const unknown = new Problem(409, 'unknown-request', 'There is no request req_9 (any more).');
		expect(await refused(['explain', 'req_9'], {'GET /api/v1/explain': unknown})).toMatchObject({exitCode: 2});
	});

	test('a past request and imagined fields contradict each other', async () => {
		expect(await refused(['explain', 'req_1', '--model', 'm'])).toMatchObject({
			exitCode: 2,
			message: expect.stringMatching(/^A past request has its own model; /),
		});
	});

	test('an answer of another shape is told as one sentence', async () => {
		expect(await refused(['explain'], {'GET /api/v1/explain': []})).toMatchObject({code: 'engine-answer'});
	});
});

describe('routing what-if', () => {
	const answers = {'POST /api/v1/what-if': sampleExplain};

	test('puts the whole imagined situation into the question', async () => {
		const flags = ['--down', 'team', '--down', 'spare.east', '--up', 'codex/team/backup', '--in', '2h'];
		const {changes, text} = await run(['what-if', '--model', 'm', ...flags, '--no-pin', '--no-affinity'], answers);
		expect(changes).toEqual([
			{
				...{service: 'codex', model: 'm', down: ['team', 'spare.east'], up: ['codex/team/backup']},
				...{in_ms: 7_200_000, without_pin: true, without_affinity: true},
			},
		]);
		expect(text).toMatch(/First choice: openai/);
	});

	test.for([
		['90s', 90_000],
		['10m', 600_000],
		['2h', 7_200_000],
		['1d', 86_400_000],
	] as const)('--in %s is %d milliseconds', async ([given, inMs]) => {
		const {changes} = await run(['what-if', '--in', given], answers);
		expect(changes).toMatchObject([{in_ms: inMs}]);
	});

	test('a name that nothing has is wrong usage that names what there is', async () => {
		expect(await refused(['what-if', '--down', 'nobody'], answers)).toMatchObject({
			exitCode: 2,
			code: 'unknown-name',
			message: 'There is no provider or endpoint "nobody" of codex; there is team, spare.',
		});
		expect(await refused(['what-if', '--down', 'anthropic'], answers)).toMatchObject({
			message: 'There is no provider or endpoint "anthropic" of codex, only one of claude (--claude).',
		});
	});

	test.for([
		[['--in', '2 weeks'], /--in: "2 weeks" is no time: write 90s, 10m, 2h or 1d\./],
		[['--down', 'team', '--up', 'team'], /cannot be down and up/],
		[['--prefer'], /takes no --prefer/],
		[['--service', 'gemini'], /service is codex or claude/],
		[['--codex', '--claude'], /service is codex or claude/],
		[['--model='], /--model is empty/],
		[['--what'], /Unknown option '--what'\. See `codex-tui routing --help`\.$/],
		[['req_1'], /takes no "req_1"/],
	] as const)('%j is wrong usage', async ([args, sentence]) => {
		expect(await refused(['what-if', ...args], answers)).toMatchObject({
			exitCode: 2,
			message: expect.stringMatching(sentence),
		});
	});
});

describe('routing show', () => {
	const nodes = [
		{name: 'main', strategy: 'ordered-failover', children: ['team', 'others'], location: 'config.toml:14'},
		{name: 'others', strategy: 'weighted', children: ['spare.east'], location: 'config.toml:18'},
	];
	const graph = {service: 'codex', entry: 'main', affinity_policy: 'fallback-sticky', key: 'ab', nodes};
	const pins = [{service: 'codex', endpoint: keys[0], mode: 'only', until_ms: nowMs + 600_000}];
	const overrides = [{service: 'codex', session: 's1', model: 'gpt-5.5', tier: 'priority'}];
	const answers = {
		'GET /api/v1/graph': {services: [graph, {...graph, service: 'claude', nodes: []}]},
		'GET /api/v1/pins': {pins},
		'GET /api/v1/overrides': {overrides},
	};

	test('prints routes, pins and overrides', async () => {
		const {text} = await run(['show'], answers);
		expect(text).toMatch(/^codex: the entry is main, the affinity policy fallback-sticky\.\n/);
		expect(text).toMatch(/main +│ ordered-failover +│ team, others +│ config\.toml:14/);
		expect(text).toMatch(/others +│ weighted +│ spare\.east +│ config\.toml:18/);
		expect(text).toContain('Pin: codex goes only to codex/team/default for 10 min more.');
		expect(text).toContain('Override: the session s1 of codex has model gpt-5.5, tier priority.');
	});

	test('--json holds all three', async () => {
		expect(JSON.parse((await run(['show', '--codex', '--json'], answers)).text)).toEqual({
			services: [graph],
			pins,
			overrides,
		});
	});

	test('a service without routes says so', async () => {
		expect((await run(['show', '--claude'], answers)).text).toBe('claude: no upstream is configured.');
	});

	test('an engine that lacks the path is told to be of another version', async () => {
		expect(await refused(['show'])).toMatchObject({
			code: 'unknown-path',
			message: expect.stringMatching(/of another version/),
		});
		expect(await refused(['show'])).not.toHaveProperty('exitCode');
	});
});

describe('codex-tui routing', () => {
	test.for(['show', 'explain', 'what-if', 'pin', 'unpin', 'override', 'actions', 'dismiss', 'extend'])(
		'%s without an engine says how to start one, exit code 1',
		async verb => {
			using folder = temporaryFolder();
			const env = {CODEX_TUI_HOME: path.join(folder.path, 'home')};
			const failure = await runRouting([verb], {env, nowMs, write: () => undefined}).catch((error: unknown) => error);
			expect(failure).toMatchObject({
				exitCode: 1,
				code: 'no-engine',
				message: expect.stringMatching(/^No engine runs in this home; start one with "codex-tui"/),
			});
		},
	);

	test('a token that the engine does not take is told in its words', async () => {
		await using control = await playControl(routes, {token: 'another'});
		const failure = runRouting(['show'], {env: control.env, nowMs, write: () => undefined});
		await expect(failure).rejects.toMatchObject({code: 'local-token', message: expect.stringMatching(/local token/)});
	});

	test('a home without its token is told as one sentence', async () => {
		await using control = await playControl(routes);
		rmSync(path.join(control.home, 'token'));
		const failure = runRouting(['show'], {env: control.env, nowMs, write: () => undefined});
		await expect(failure).rejects.toMatchObject({code: 'token-unreadable'});
	});

	test.for([
		[[], /takes a verb/],
		[['sort'], /knows no "sort"; it takes one of show, explain, what-if/],
	] as const)('%j is wrong usage', async ([args, sentence]) => {
		expect(await refused(args)).toMatchObject({exitCode: 2, message: expect.stringMatching(sentence)});
	});

	test.for([['--help'], ['explain', '--help'], ['pin', '-h']])('%j prints the help with an example', async args => {
		const {code, text} = await run(args, {});
		expect(code).toBe(0);
		expect(text).toMatch(/^Usage: codex-tui routing VERB[\s\S]*Example:\n {2}codex-tui routing what-if/);
	});

	test('the command line knows it: JSON on stdout, one sentence and the exit code on stderr', async () => {
		await using control = await playControl({...routes, 'GET /api/v1/explain': sampleExplain});
		const cli = ['node_modules/.bin/node', 'source/cli.ts', 'routing'];
		const explained = await runProgram([...cli, 'explain', '--json'], {cwd: root, env: control.env});
		expect(JSON.parse(explained.stdout)).toEqual(sampleExplain);
		const failed = await runProgram([...cli, 'pin', 'nobody'], {cwd: root, env: control.env});
		expect(failed).toMatchObject({exitCode: 2, stdout: ''});
		expect(failed.stderr).toMatch(/^codex-tui: There is no provider or endpoint "nobody"; .*\n$/);
	});
});
