import {chmod, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {ConfigError} from '../../source/config/config-error.ts';
import {loadConfig, parseConfig} from '../../source/config/load.ts';

const load = (text: string, env: NodeJS.ProcessEnv = {}) =>
	parseConfig(`version = 5\n${text}`, {path: '/h/config.toml', env});

const errorOf = (text: string, env: NodeJS.ProcessEnv = {}): ConfigError => {
	try {
		load(text, env);
	} catch (error) {
		if (error instanceof ConfigError) {
			return error;
		}

		throw error;
	}

	throw new Error('it loaded');
};

const provider = (name: string, rest = ''): string =>
	`[codex.providers.${name}]\nbase_url = "https://${name}.example/v1"\n${rest}\n`;

const order = (text: string): ReadonlyArray<readonly [string, number, string]> =>
	load(text).services.codex.leaves.map(leaf => [leaf.endpoint.key, leaf.preferenceGroup, leaf.routePath.join('>')]);

const helperFile = `
default_service = "codex"
[codex.client_patch]
preset = "default"
translate_models = true
[codex.compaction]
remote_v2_downgrade = false
[codex.profiles.deep]
model = "gpt-5.5"
[codex.providers.team]
alias = "The team"
continuity_domain = "team"
tags = { billing = "monthly", region = "eu" }
auth_token_env = "TEAM_KEY"
[codex.providers.team.supported_models]
"gpt-5*" = true
[codex.providers.team.model_mapping]
"gpt-5.5" = "openai/gpt-5.5"
[codex.providers.team.limits]
max_concurrent_requests = 4
[codex.providers.team.endpoints.slow]
base_url = "https://slow.example"
priority = 5
tags = { region = "us" }
[codex.providers.team.endpoints.fast]
base_url = "https://fast.example/v1/"
model_mapping = { "gpt-5.4" = "old" }
[codex.providers.off]
enabled = false
base_url = "https://off.example"
[codex.providers.spare.auth]
api_key = "sk-inline"
[codex.providers.spare]
base_url = "https://spare.example/v1"
[codex.routing]
affinity_policy = "fallback-sticky"
fallback_ttl_ms = 120000
[codex.routing.routes.main]
strategy = "ordered-failover"
children = ["team.fast", "rest"]
[codex.routing.routes.rest]
children = ["off", "spare", "team.slow"]
[retry]
profile = "balanced"
[retry.upstream]
max_attempts = 3
[notify]
enabled = true
[relay_targets.home]
proxy_url = "http://10.0.0.1:3211"
[fleet.nodes.a]
admin_url = "http://10.0.0.2:4211"
[ui]
language = "zh"
`;

describe('a codex-helper file of version 5', () => {
	test('loads without a warning and gives leaves in its order, nested routes flattened, disabled providers left out', () => {
		expect(load(helperFile).warnings).toEqual([]);
		expect(order(helperFile)).toEqual([
			['codex/team/fast', 0, 'main'],
			['codex/spare/default', 2, 'main>rest'],
			['codex/team/slow', 3, 'main>rest'],
		]);
	});

	test('merges an endpoint over its provider and normalises its URL', () => {
		const fast = load(helperFile).services.codex.endpoints.find(({key}) => key === 'codex/team/fast');
		expect(fast).toMatchObject({
			alias: 'The team',
			baseUrl: 'https://fast.example/v1',
			dialect: 'responses',
			enabled: true,
			continuityDomain: 'team',
			tags: {billing: 'monthly', region: 'eu'},
			accounts: [
				{
					label: 'default',
					credentials: {bearer: {kind: 'env', name: 'TEAM_KEY'}, apiKey: undefined, passesClientAuth: false},
				},
			],
			location: {path: '/h/config.toml', line: 26, column: 1},
		});
		expect([...(fast?.modelMapping ?? [])]).toEqual([
			['gpt-5.5', 'openai/gpt-5.5'],
			['gpt-5.4', 'old'],
		]);
		expect([...(fast?.supportedModels ?? [])]).toEqual([['gpt-5*', true]]);
	});

	test('takes credentials from the sub-table auth, and keeps disabled providers among the endpoints', () => {
		const {endpoints} = load(helperFile).services.codex;
		expect(endpoints.find(({provider: name}) => name === 'spare')?.accounts[0].credentials.apiKey).toEqual({
			kind: 'inline',
			value: 'sk-inline',
		});
		expect(endpoints.find(({provider: name}) => name === 'off')?.enabled).toBe(false);
	});

	test('fills in every default', () => {
		expect(load('')).toMatchObject({
			listen: {
				host: '127.0.0.1',
				port: 3211,
				claudePort: undefined,
				controlPort: 4211,
				auth: 'token',
				remoteActions: false,
			},
			clocks: {idleCodexMs: 600_000, heartbeatMs: 15_000, firstByteBaseMs: 60_000, connectMs: 10_000},
			services: {codex: {endpoints: [], leaves: []}, claude: {endpoints: [], leaves: []}},
			clientPatch: {},
		});
	});

	test('reads the claude service beside codex: messages by default, and a port of its own', () => {
		const config = load(
			'[claude.providers.a]\nbase_url = "https://a.example"\napi_key_env = "A"\n[timeouts]\nconnect_ms = 500',
		);
		expect(config.services.claude.leaves[0]?.endpoint).toMatchObject({key: 'claude/a/default', dialect: 'messages'});
		expect(config.listen.claudePort).toBe(3210);
		expect(config.clocks.connectMs).toBe(500);
	});
});

describe('keys that are wrong', () => {
	test('an unknown key warns with file, line and the nearest known name', () => {
		expect(load(`${provider('a', 'auth_tokn_env = "A"')}[lisen]\nport = 1`).warnings).toEqual([
			'/h/config.toml:4: the key codex.providers.a.auth_tokn_env is not known, it is ignored; did you mean auth_token_env?',
			'/h/config.toml:5: the key lisen is not known, it is ignored; did you mean listen?',
		]);
		expect(load('[codex.valueOf]\nx = 1').warnings).toEqual([
			'/h/config.toml:2: the key codex.valueOf is not known, it is ignored.',
		]);
		expect(load('zzzzz = 1').warnings).toEqual(['/h/config.toml:2: the key zzzzz is not known, it is ignored.']);
	});

	test.each([
		[provider('a', 'enabled = "yes"'), 'codex.providers.a.enabled is a string, but it takes true or false.', 4],
		['[listen]\nport = "3211"', 'listen.port is a string, but it takes a whole number from 0 to 65535.', 3],
		['[listen]\nport = 70000', 'listen.port is 70000, but it takes a whole number from 0 to 65535.', 3],
		['[listen]\nauth = "off"', 'listen.auth is "off", but it takes one of token, none.', 3],
		['[listen]\nhost = "0.0.0.0"\nauth = "none"', 'loopback only', 4],
		['[listen]\nport = 4000\ncontrol_port = 4000', 'uses one port twice', 2],
		['codex = 1', 'codex is a number, but it takes a table.', 2],
		['[codex.providers]\na = "https://x"', 'codex.providers.a is a string, but it takes a table.', 3],
		[provider('a', 'tags = ["x"]'), 'codex.providers.a.tags is a list, but it takes a table.', 4],
		[
			provider('a', 'dialect = "respones"'),
			'codex.providers.a.dialect is "respones", but it takes one of responses, chat',
			4,
		],
		[provider('a', 'endpoints.default = {base_url = "https://x.example"}'), 'stands beside endpoints.default', 3],
		['[codex.providers.a]\nalias = "x"', 'has neither base_url nor preset nor endpoints.NAME.', 2],
		[
			'[codex.providers.a]\npreset = "deepsek"',
			'codex.providers.a.preset is "deepsek", which is no preset; did you mean deepseek?',
			3,
		],
		['[codex.providers."a.b"]\nbase_url = "https://x.example"', 'has a dot', 2],
		[provider('a', 'auth_token_env = "sk-live key"'), 'takes the name of an environment variable', 4],
		[provider('a', 'supported_models = {"a*b*" = true}'), 'has more than one *', 4],
		[provider('a', 'requires_openai_auth = true'), 'is allowed for openai.com and chatgpt.com only', 4],
	])('%s', (text, sentence, line) => {
		const error = errorOf(text);
		expect(error.message).toContain(sentence);
		expect(error).toMatchObject({path: '/h/config.toml', line});
		expect(error.message).not.toContain('sk-live');
	});

	test.each([
		['ftp://x.example', 'is not an http:// or https:// URL.'],
		['relay.example/v1', 'is not an http:// or https:// URL.'],
		['https://me:sk-canary@x.example', 'holds a user name or password'],
		['https://x.example/v1?key=sk-canary', 'has a query'],
		['http://127.0.0.1:3211/v1', 'points at the address on which codex-tui itself listens'],
		['http://localhost:4211', 'points at the address on which codex-tui itself listens'],
		['http://[::1]:3211', 'points at the address on which codex-tui itself listens'],
	])('the base_url %s is refused without showing it', (url, sentence) => {
		const error = errorOf(`[codex.providers.a]\nbase_url = "${url}"`);
		expect(error.message).toContain(sentence);
		expect(error.message).not.toContain('canary');
		expect(error.line).toBe(3);
	});

	test.each([
		['version = 4', 'version is 4'],
		['', 'has no version'],
		['version = 3', 'codex-tui config migrate'],
		['version = "5"', 'version is a string'],
	])('the version line %j is refused', (text, sentence) => {
		expect(() => parseConfig(text, {path: 'c', env: {}})).toThrow(sentence);
	});
});

describe('headers', () => {
	test('have lower-case names and variables replaced', () => {
		const config = load(provider('a', 'headers = {"X-Team" = "blue ${TEAM}"}'), {TEAM: 'one'});
		expect(config.services.codex.endpoints[0]?.headers).toEqual({'x-team': 'blue one'});
	});

	test.each([
		['{"X-A" = "a\\r\\nX-B: c"}', {}, 'has a value with characters'],
		['{"X-A" = "\u{1F600}"}', {}, 'has a value with characters'],
		['{"X-A" = "${A}"}', {A: 'sk-canary\0'}, 'has a value with characters'],
		['{"X A" = "1"}', {}, 'is not a header name'],
		['{"Content-Length" = "1"}', {}, 'is set by the engine'],
		['{"X-A" = "${NOT_SET}"}', {}, 'wants the environment variable NOT_SET, which is not set'],
	])('%s is refused with its line', (headers, env, sentence) => {
		const error = errorOf(provider('a', `headers = ${headers}`), env);
		expect(error.message).toContain(sentence);
		expect(error.message).not.toContain('canary');
		expect(error.line).toBe(4);
	});
});

const inFolder = async (run: (file: string) => Promise<void>): Promise<void> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'cxt-load-'));
	try {
		await run(path.join(folder, 'config.toml'));
	} finally {
		await rm(folder, {recursive: true});
	}
};

describe('a file on disk', () => {
	test('is hashed, and warned about when others may read keys in it', async () => {
		await inFolder(async file => {
			await writeFile(file, `version = 5\n${provider('a', 'auth_token = "sk-x"')}`);
			await chmod(file, 0o644);
			const loose = await loadConfig({path: file, env: {}});
			expect(loose.hash).toMatch(/^[0-9a-f]{64}$/);
			expect(loose.warnings).toEqual([expect.stringContaining('run chmod 600')]);
			await chmod(file, 0o600);
			expect((await loadConfig({path: file, env: {}})).warnings).toEqual([]);
		});
	});

	test('flags win over [listen], and port 0 frees the control port and the claude port too', async () => {
		await inFolder(async file => {
			await writeFile(
				file,
				'version = 5\n[listen]\nport = 4000\ncontrol_port = 4001\n[claude.providers.a]\nbase_url="https://a.example"',
			);
			const {listen} = await loadConfig({path: file, env: {}, listen: {port: 0}});
			expect(listen).toMatchObject({port: 0, controlPort: 0, claudePort: 0});
		});
	});

	test('a reload with the real ports of an engine that chose free ones refuses a loop to them', async () => {
		await inFolder(async file => {
			await writeFile(
				file,
				'version = 5\n[listen]\nport = 0\n[codex.providers.a]\nbase_url = "http://127.0.0.1:45001"',
			);
			expect((await loadConfig({path: file, env: {}})).listen.port).toBe(0);
			const again = loadConfig({path: file, env: {}, listen: {port: 45_000, controlPort: 45_001}});
			await expect(again).rejects.toMatchObject({code: 'config-self-loop', line: 5});
		});
	});

	test('that is missing, a folder or not text is one sentence', async () => {
		await inFolder(async file => {
			await expect(loadConfig({path: file, env: {}})).rejects.toMatchObject({code: 'config-missing'});
			await expect(loadConfig({path: path.dirname(file), env: {}})).rejects.toThrow('it is a folder.');
			await writeFile(file, Uint8Array.of(0xff, 0xfe));
			await expect(loadConfig({path: file, env: {}})).rejects.toThrow('not UTF-8');
		});
	});
});
