import {existsSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {configTextOf, findOffers, lookAround, writeFirstConfig} from '../../source/command/init-offers.ts';
import {wizardOf} from '../../source/command/wizard.ts';
import {openSettings} from '../../source/command/settings.ts';
import {planUndo, undoEdit} from '../../source/config/edit/edit-file.ts';
import {homePaths, openHome} from '../../source/config/home.ts';
import {loadConfig, parseConfig} from '../../source/config/load.ts';
import {presets} from '../../source/provider/presets/presets.ts';
import {product} from '../support/engine.ts';
import {temporaryFolder} from '../support/folder.ts';
import {runProgram} from '../support/program.ts';

/* A first configuration: what is found in an empty home, what is written for it, and that no key is ever shown. */

const secrets = ['sk-in-codex-config', 'sk-in-auth-json', 'sk-in-environment', 'hush-header'];

const codexConfig = `model_provider = "relay"
[model_providers.relay]
name = "My\\u001b[31m relay"
base_url = "https://relay.example/v1"
wire_api = "responses"
env_key = "RELAY_KEY"
[model_providers."old chat"]
base_url = "https://chat.example/v1"
wire_api = "chat"
experimental_bearer_token = "${secrets[0]}"
http_headers = {"x-team" = "${secrets[3]}"}
[model_providers.codex-tui]
base_url = "http://127.0.0.1:3211/v1"
[model_providers.private]
base_url = "https://me:${secrets[0]}@private.example/v1"
`;

interface World extends Disposable {
	readonly env: Readonly<Record<string, string>>;
	readonly home: ReturnType<typeof homePaths>;
	readonly codexHome: string;
}

const world = (
	files: Readonly<Record<string, string>> = {},
	variables: Readonly<Record<string, string>> = {},
): World => {
	const folder = temporaryFolder();
	const codexHome = path.join(folder.path, 'codex');
	mkdirSync(codexHome);
	for (const [name, text] of Object.entries(files)) {
		writeFileSync(path.join(codexHome, name), text);
	}

	const env = {HOME: folder.path, CODEX_TUI_HOME: path.join(folder.path, 'home'), CODEX_HOME: codexHome, ...variables};
	return {env, codexHome, home: homePaths(env.CODEX_TUI_HOME), [Symbol.dispose]: () => folder[Symbol.dispose]()};
};

const full = () =>
	world(
		{'config.toml': codexConfig, 'auth.json': JSON.stringify({OPENAI_API_KEY: secrets[1]})},
		{DEEPSEEK_API_KEY: secrets[2] ?? '', GEMINI_API_KEY: secrets[2] ?? '', RELAY_KEY: secrets[2] ?? ''},
	);

describe('what a first start finds', () => {
	test("takes Codex's providers, the one in use first, its login, and variables of known providers", async () => {
		using here = full();
		const found = (await findOffers(here.env)).filter(offer => offer.found !== undefined);
		expect(found.map(({id, found: where, keyVariable, isKeySet}) => [id, where, keyVariable, isKeySet])).toEqual([
			['codex/relay', 'codex', 'RELAY_KEY', true],
			['codex/old chat', 'codex', undefined, false],
			['login/openai', 'login', 'OPENAI_API_KEY', true],
			['preset/deepseek', 'environment', 'DEEPSEEK_API_KEY', true],
			['preset/gemini', 'environment', 'GEMINI_API_KEY', true],
		]);
		expect(found[1]?.note).toContain('experimental_bearer_token, http_headers');
	});

	test('finds the login of a ChatGPT plan, and offers it for its owner only', async () => {
		using here = world({'auth.json': JSON.stringify({OPENAI_API_KEY: null, tokens: {access_token: secrets[1]}})});
		const [first] = await findOffers(here.env);
		expect(first).toMatchObject({id: 'login/chatgpt', preset: 'chatgpt', needsKey: false});
		expect(first?.note).toContain('may not be shared or resold');
		const view = await lookAround(here.home, here.env);
		const text = configTextOf([{id: 'login/chatgpt', keyVariable: undefined}], view, here.env);
		const [endpoint] = parseConfig(text, {path: 'config.toml', env: here.env}).services.codex.endpoints;
		expect(endpoint?.accounts[0]?.credentials.passesClientAuth).toBe(true);
	});

	test.each([
		['nothing', {}],
		['a config.toml that is none', {'config.toml': 'model_provider = ['}],
		['an auth.json that is none', {'auth.json': '{"OPENAI_API_KEY": 7'}],
		['tables of another shape', {'config.toml': 'model_providers = 3'}],
		['a provider without an address', {'config.toml': '[model_providers.x]\nname = "x"'}],
	])('finds nothing where there is %s, and still knows every simple preset', async (_name, files) => {
		using here = world(files);
		const offers = await findOffers(here.env);
		expect(offers.every(({found}) => found === undefined)).toBe(true);
		expect(offers.length).toBeGreaterThan(20);
	});

	test('never carries a value of a key, neither from a file nor from a variable', async () => {
		using here = full();
		const view = await lookAround(here.home, here.env);
		const text = configTextOf(
			view.offers.filter(({found}) => found).map(({id}) => ({id, keyVariable: 'SOME_KEY'})),
			view,
			here.env,
		);
		for (const secret of secrets) {
			expect(JSON.stringify(view) + text).not.toContain(secret);
		}

		expect(JSON.stringify(view)).not.toContain('\\u001b');
	});
});

describe('a first config.toml', () => {
	test('loads without a warning for every offer there is, one by one', async () => {
		using here = full();
		const view = await lookAround(here.home, here.env);
		for (const {id, name} of view.offers) {
			const text = configTextOf([{id, keyVariable: undefined}], view, here.env);
			const config = parseConfig(text, {path: 'config.toml', env: here.env});
			expect([id, config.warnings, config.services.codex.endpoints.map(({provider}) => provider)]).toEqual([
				id,
				[],
				[name],
			]);
			expect(Math.max(...text.split('\n').map(line => line.length)), id).toBeLessThanOrEqual(80);
		}

		expect(view.offers.length).toBeGreaterThan(presets.length - 6);
	});

	test('tries what was taken in the order in which it was taken, and names twins apart', async () => {
		using here = world({
			'config.toml':
				'[model_providers.deepseek]\nbase_url = "https://api.deepseek.com/v1"\nwire_api = "chat"\nenv_key = "A"',
		});
		const view = await lookAround(here.home, here.env);
		const taken = ['preset/openai', 'codex/deepseek', 'preset/deepseek'].map(id => ({id, keyVariable: undefined}));
		const {services} = parseConfig(configTextOf(taken, view, here.env), {path: 'config.toml', env: here.env});
		expect(services.codex.endpoints.map(({provider}) => provider)).toEqual(['openai', 'deepseek', 'deepseek-2']);
		expect(services.codex.endpoints[1]).toMatchObject({
			baseUrl: 'https://api.deepseek.com/v1',
			dialect: 'chat',
			preset: 'deepseek',
		});
	});

	test.each(['sk-pasted-key', 'a b', '', '1X', 'ÄÖ'])(
		'refuses %j as the name of a variable, without showing it',
		async name => {
			using here = world();
			const view = await lookAround(here.home, here.env);
			const write = (): string => configTextOf([{id: 'preset/deepseek', keyVariable: name}], view, here.env);
			if (name === '') {
				expect(write()).not.toContain('_env');
			} else {
				expect(write).toThrow('A key is given by the name of its environment variable');
				expect(write).not.toThrow(name);
			}
		},
	);

	test('is written once, mode 0600, and taken back by undo; a file that is there is left alone', async () => {
		using here = world();
		await openHome(here.env);
		const view = await lookAround(here.home, here.env);
		const text = configTextOf([{id: 'preset/ollama', keyVariable: undefined}], view, here.env);
		await writeFirstConfig(here.home, text);
		expect(readFileSync(here.home.config, 'utf8')).toBe(text);
		expect(statSync(here.home.config).mode & 0o777).toBe(0o600);
		await expect(writeFirstConfig(here.home, 'version = 5\n')).rejects.toMatchObject({code: 'config-exists'});
		expect(readFileSync(here.home.config, 'utf8')).toBe(text);
		await planUndo(here.home);
		await undoEdit(here.home);
		expect(existsSync(here.home.config)).toBe(false);
	});
});

test('the wizard is offered in an empty home until it is answered, and not where there is a configuration', async () => {
	using here = world();
	const home = await openHome(here.env);
	const settings = await openSettings(home);
	const open = () => wizardOf({home, settings, startAgain: () => undefined});
	expect(open().isOffered).toBe(true);
	open().remember({setUp: 'skipped'});
	expect(open().isOffered).toBe(false);
	await settings.saved();
	expect(JSON.parse(readFileSync(home.settings, 'utf8'))).toEqual({setUp: 'skipped'});
	settings.forget('setUp');
	writeFileSync(home.config, 'version = 5\n');
	expect(open().isOffered).toBe(false);
	await settings.saved();
});

const init = (here: World, ...flags: readonly string[]) =>
	runProgram(product('init', ...flags), {cwd: here.codexHome, env: here.env, patienceMs: 15_000});

describe('codex-tui init', () => {
	test('writes what it is told, tells which variable is missing, and does not do it twice', async () => {
		using here = world();
		const first = await init(
			here,
			'--preset',
			'deepseek',
			'--key-env',
			'MY_KEY',
			'--switch-codex',
			'no',
			'--lang',
			'zh-CN',
		);
		expect([first.exitCode, first.stderr]).toEqual([0, '']);
		expect(first.stdout).toContain('Not set in this shell: MY_KEY');
		const config = await loadConfig({path: here.home.config, env: here.env});
		expect(config.services.codex.endpoints.map(({key}) => key)).toEqual(['codex/deepseek/default']);
		expect(JSON.parse(readFileSync(here.home.settings, 'utf8'))).toEqual({
			language: 'zh-CN',
			setUp: 'done',
			switchesCodex: false,
		});
		const second = await init(here, '--preset', 'openai');
		expect([second.exitCode, second.stdout]).toEqual([1, '']);
		expect(second.stderr).toMatch(/^codex-tui: .*config\.toml is there already and is left as it is; .*\n$/);
	});

	test('takes what it finds, and with --dry-run --json only says what it would write', async () => {
		using here = full();
		const {exitCode, stdout, stderr} = await init(here, '--dry-run', '--json');
		expect([exitCode, stderr]).toEqual([0, '']);
		expect(JSON.parse(stdout)).toMatchObject({
			written: false,
			upstreams: ['relay', 'old-chat', 'openai', 'deepseek', 'gemini'],
		});
		expect(existsSync(here.home.config)).toBe(false);
		for (const secret of secrets) {
			expect(stdout).not.toContain(secret);
		}
	});

	test('says what to do where it finds nothing', async () => {
		using here = world();
		const {exitCode, stderr} = await init(here);
		expect(exitCode).toBe(1);
		expect(stderr).toContain('codex-tui init --preset NAME --key-env VARIABLE');
	});
});
