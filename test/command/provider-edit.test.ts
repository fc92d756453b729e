import {describe, expect, test} from 'vitest';
import {editedConfig} from '../support/edited-config.ts';
import {startEdits} from '../support/edit-command.ts';

describe('codex-tui provider add', () => {
	test('a preset needs its name only, and the file is made', async () => {
		const {run, file} = startEdits();
		expect(await run('provider add deepseek')).toContain('codex/deepseek is added.');
		expect(file()).toBe('version = 5\n\n[codex.providers.deepseek]\npreset = "deepseek"\n');
	});

	test('takes every field as a flag, tables entry by entry', async () => {
		const {run, file} = startEdits(editedConfig);
		await run(
			'provider add claude/x --base-url https://x.example --api-key-env X_KEY --tag region=eu --tag tier=a=b --supported-model gpt-5*,!m --model-map a=b --header x-a=1 --tool-denylist shell --tool-denylist web --queue 3 --price-multiplier 0.5 --disabled',
		);
		expect(file()).toContain(`[claude.providers.x]
enabled = false
base_url = "https://x.example"
api_key_env = "X_KEY"
supported_models = { "gpt-5*" = true, m = false }
model_mapping = { a = "b" }
tags = { region = "eu", tier = "a=b" }
limits = { queue = 3 }
headers = { x-a = "1" }
tool_denylist = ["shell", "web"]
price_multiplier = 0.5
`);
	});

	test('puts it behind the children of the entry, of another route, or into none', async () => {
		const {run, file} = startEdits(editedConfig);
		expect(await run('provider add ollama')).toContain('last in the route main');
		await run('provider add vllm --base-url http://127.0.0.1:8000/v1 --no-route');
		expect(file()).toContain('\t"ollama",\n]');
		await expect(run('provider add groq --route side')).rejects.toThrow(
			'There is no route codex/side; there are main.',
		);
	});

	test('shows the change as JSON with --dry-run, and writes nothing', async () => {
		const {run, file} = startEdits(editedConfig);
		const answer: unknown = JSON.parse(await run('provider add ollama --json --dry-run'));
		expect(answer).toMatchObject({changed: true, written: false, warnings: []});
		expect(answer).toHaveProperty('diff', expect.stringContaining('+preset = "ollama"'));
		expect(file()).toBe(editedConfig);
	});

	test('a key from stdin goes into the file and is never shown', async () => {
		const {run, file} = startEdits(editedConfig);
		const said = await run('provider edit team --auth-token - --auth-token-env=', 'plain-words\n');
		expect(said).toContain('+auth_token = "(hidden, new)"');
		expect(said).not.toContain('plain-words');
		expect(file()).toContain('auth_token = "plain-words"\n');
		expect(await run('undo --dry-run')).not.toContain('plain-words');
		await expect(run('provider edit team --auth-token -')).rejects.toThrow('Standard input holds no key.');
	});
});

describe('codex-tui provider edit, duplicate, remove, enable and disable', () => {
	test('a member of a table changes or goes, an empty text takes a field away', async () => {
		const {run, file} = startEdits(editedConfig);
		await run('provider edit team --tag region= --tag tier=fast --max-concurrent-requests= --supported-model gpt-5*=');
		expect(file()).toContain('tags = { billing = "monthly", tier = "fast" } # both');
		expect(file()).not.toContain('max_concurrent_requests');
		expect(file()).not.toContain('supported_models');
	});

	test('a copy, an endpoint of it, and all of it away again', async () => {
		const {run, file} = startEdits(editedConfig);
		await run('provider duplicate spare third --no-route');
		await run('provider add third.west --base-url https://west.example/v1 --priority 1');
		expect(file()).toContain(
			'[codex.providers.third.endpoints.west]\nbase_url = "https://west.example/v1"\npriority = 1\n',
		);
		await run('provider disable third.west');
		expect(file()).toContain('priority = 1\nenabled = false\n');
		await run('provider remove third');
		expect(file()).not.toContain('third');
		await expect(run('provider remove spare')).rejects.toThrow(
			'Routes name codex/spare: codex.routing.routes.main.children (line 25).',
		);
		await run('provider remove spare --from-routes');
		expect(file()).not.toContain('spare');
	});

	test('what is so already is not written again', async () => {
		const {run} = startEdits(editedConfig);
		expect(await run('provider enable team')).toBe('codex/team is enabled already.\nNothing to change.');
		expect(await run('undo --list')).toBe('No edit is remembered.');
	});

	test.each([
		['provider add', 'provider add takes the name of a provider.'],
		['provider duplicate team', 'takes the name of a provider and that of its copy'],
		['provider edit team', 'provider edit takes at least one field.'],
		['provider edit team --route main', 'provider edit has no --route.'],
		['provider remove team --alias x', 'provider remove has no --alias.'],
		['provider edit team --alias a --alias b', '--alias is given twice.'],
		['provider edit team --tag region', 'tags takes NAME=VALUE'],
		['provider edit team --bogus 1', "Unknown option '--bogus'."],
		['provider edit teem --alias x', 'There is no provider codex/teem in the file; did you mean team?'],
		['provider edit codex/team --claude --alias x', 'codex/team is of codex, but --claude is given.'],
		['provider edit team. --alias x', 'A provider is called NAME, and an endpoint of it NAME.ENDPOINT.'],
		['provider edit team --priority 1', 'A provider has no priority.'],
		['provider duplicate team.west x', 'copies a whole provider'],
		[
			'provider add x --base-url https://x.example --route a --no-route',
			'--route and --no-route contradict each other.',
		],
		['provider add x --service gemini', 'The service is codex or claude.'],
	])('%s is wrong', async (line, sentence) => {
		const {run, file} = startEdits(editedConfig);
		await expect(run(line)).rejects.toMatchObject({exitCode: 2, message: expect.stringContaining(sentence) as unknown});
		expect(file()).toBe(editedConfig);
	});

	test('what the file may not say is refused with its place, and nothing is written', async () => {
		const {run, file} = startEdits(editedConfig);
		await expect(run('provider edit team --price-multiplier much')).rejects.toMatchObject({
			code: 'config-type',
			message: expect.stringContaining(
				'price_multiplier is a string, but it takes a number from 0 to 1000.',
			) as unknown,
		});
		await expect(run('provider edit team --auth-token-env sk-mistyped')).rejects.toThrow('not the key itself');
		expect(file()).toBe(editedConfig);
	});

	test('one of two services is said', async () => {
		const {run, file} = startEdits(`${editedConfig}[claude.providers.team]\nbase_url = "https://c.example"\n`);
		await expect(run('provider disable team')).rejects.toThrow(
			'Both services have a provider team; say --codex or --claude.',
		);
		await run('provider disable team --claude');
		expect(file()).toMatch(/c\.example"\nenabled = false\n$/);
	});

	test('--help names every field', async () => {
		const text = await startEdits().run('provider add --help');
		expect(text).toContain('--supported-model MODEL|!MODEL…');
		expect(text.split('\n').every(line => line.length <= 132)).toBe(true);
	});
});
