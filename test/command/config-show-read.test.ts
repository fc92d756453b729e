import {describe, expect, test} from 'vitest';
import {readSettings, type Memory, type StartedWith} from '../../source/command/config-show-read.ts';
import type {Setting} from '../../source/config/settings-list.ts';

const memory: Memory = {get: () => undefined, themes: ['midnight', 'paper']};

const read = (text: string, started: Partial<StartedWith> = {}, kept: Memory = memory): ReadonlyMap<string, Setting> =>
	new Map(
		readSettings({path: '/c.toml', text: `version = 5\n${text}`}, {env: {}, ...started}, kept).map(row => [
			row.key,
			row,
		]),
	);

describe('the list of all values', () => {
	test('tells value, default and line of what the file says, and the default of what it does not', () => {
		const rows = read(
			'[listen]\nport = 3300\n[retry]\nprofile = "cost-primary"\n[ui.usage_forecast]\ndaily_budget_usd = 5\n',
		);
		expect(rows.get('listen.port')).toMatchObject({value: '3300', usual: '3211', origin: {kind: 'file', line: 3}});
		expect(rows.get('listen.control_port')).toMatchObject({
			value: '4300',
			usual: 'port + 1000',
			origin: {kind: 'derived', name: 'listen.port'},
		});
		expect(rows.get('timeouts.connect_ms')).toMatchObject({value: '10000', origin: {kind: 'default'}});
		// The defaults of the section are those of its profile.
		expect(rows.get('retry.cooldown_backoff_factor')).toMatchObject({
			value: '2',
			usual: '2',
			origin: {kind: 'default'},
		});
		expect(rows.get('ui.usage_forecast.daily_budget_usd')).toMatchObject({
			value: '5',
			usual: 'none',
			origin: {kind: 'file', line: 7},
		});
		expect(rows.get('app.theme')).toMatchObject({value: 'auto', origin: {kind: 'default'}});
	});

	test('flags and variables win over the file, which is told beside', () => {
		const rows = read('[listen]\nport = 3300\ncontrol_port = 5000\n[history]\nstore = "off"\nmax_sessions = 7\n', {
			env: {CODEX_TUI_HISTORY_STORE: 'memory'},
			environment: {CODEX_TUI_MAX_SESSIONS: '9'},
			hasPortFlag: true,
			theme: 'paper',
			listen: {port: 4000},
		});
		expect(rows.get('listen.port')).toMatchObject({
			value: '4000',
			stated: '3300',
			origin: {kind: 'flag', name: '--port'},
		});
		expect(rows.get('listen.control_port')).toMatchObject({value: '5000', origin: {kind: 'derived'}});
		expect(rows.get('history.store')).toMatchObject({
			value: 'memory',
			stated: 'off',
			origin: {kind: 'environment', name: 'CODEX_TUI_HISTORY_STORE'},
		});
		expect(rows.get('history.max_sessions')).toMatchObject({
			value: '9',
			origin: {kind: 'flag', name: '--max-sessions'},
		});
		expect(rows.get('app.theme')).toMatchObject({value: 'paper', origin: {kind: 'flag', name: '--theme'}});
	});

	test('the language of the screen is that of the flag, of the memory, or of the environment', () => {
		const env = {LANG: 'zh_CN.UTF-8'};
		const kept: Memory = {...memory, get: key => (key === 'language' ? JSON.parse('"zh-CN"') : undefined)};
		expect(read('').get('app.language')).toMatchObject({value: 'en', usual: 'en', origin: {kind: 'default'}});
		expect(read('', {env}).get('app.language')).toMatchObject({
			value: 'zh-CN',
			origin: {kind: 'derived', name: 'LANG'},
		});
		expect(read('', {}, kept).get('app.language')).toMatchObject({
			value: 'zh-CN',
			usual: 'en',
			origin: {kind: 'memory'},
		});
		expect(read('', {env, language: 'en'}, kept).get('app.language')).toMatchObject({
			value: 'en',
			origin: {kind: 'flag', name: '--lang'},
		});
	});

	test('a number that is cut to its bound is told with what the file says', () => {
		expect(read('[retry.upstream]\nmax_attempts = 50\n').get('retry.upstream.max_attempts')).toMatchObject({
			value: '8',
			stated: '50',
			origin: {kind: 'file', line: 3},
		});
	});

	test('an endpoint has its own values, those of its provider and those of its preset, each with their place', () => {
		const rows = read(
			[
				'[codex.providers.deepseek]',
				'preset = "deepseek"',
				'price_multiplier = 0.5',
				'[codex.providers.team]',
				'auth_token_env = "TEAM_KEY"',
				'reasoning = "off"',
				'[codex.providers.team.endpoints.a]',
				'base_url = "https://a.example/v1"',
				'reasoning = "high"',
				'[codex.providers.team.endpoints.b]',
				'base_url = "https://b.example/v1"',
			].join('\n'),
		);
		expect(rows.get('codex.providers.deepseek.dialect')?.origin).toEqual({kind: 'preset', name: 'deepseek'});
		expect(rows.get('codex.providers.deepseek.auth')?.value).toContain('env DEEPSEEK_API_KEY');
		expect(rows.get('codex.providers.deepseek.price_multiplier')).toMatchObject({
			value: '0.5',
			usual: '1',
			origin: {kind: 'file', line: 4},
		});
		expect(rows.get('codex.providers.team.endpoints.a.reasoning')).toMatchObject({
			value: 'high',
			origin: {kind: 'file', line: 10},
		});
		expect(rows.get('codex.providers.team.endpoints.b.reasoning')).toMatchObject({
			value: 'off',
			usual: 'pass',
			origin: {kind: 'file', line: 7},
		});
		expect(rows.get('codex.providers.team.endpoints.b.auth')).toMatchObject({
			value: 'token env TEAM_KEY',
			origin: {kind: 'file', line: 6},
		});
	});

	test('no key is ever shown, wherever it stands and however it is called', () => {
		const secret = 'canary-4711-secret';
		const rows = read(
			[
				'typo_at_the_top = "S"',
				'[codex.providers.a]',
				'base_url = "https://user:S@a.example/v1?api_key=S"'.replace('user:S@', '').replace('?api_key=S', ''),
				'auth_token = "S"',
				'api_kee = "S"',
				'headers = { "X-Team" = "S" }',
				'[codex.providers.b]',
				'base_url = "https://b.example/v1"',
				'accounts = [{ label = "one", api_key = "S" }, { label = "two", auth_token_env = "B_KEY" }]',
				'[codex.providers.c]',
				'base_url = "https://c.example/v1"',
				'[codex.providers.c.auth]',
				'api_key = "S"',
				'[codex.routing]',
				'entry = "main"',
				'[codex.routing.routes.main]',
				'strategy = "conditional"',
				'when = { headers = { "x-key" = "S" } }',
				'then = "a"',
				'default = "b"',
				'[notify]',
				'webhook = "S"',
				'[relay_targets.far]',
				'admin = "S"',
			]
				.join('\n')
				.replaceAll('S"', `${secret}"`),
		);
		const text = JSON.stringify([...rows.values()]);
		expect(text).not.toContain('canary');
		expect(rows.get('codex.providers.a.auth')).toMatchObject({
			value: 'token in the file',
			origin: {kind: 'file', line: 5},
		});
		expect(rows.get('codex.providers.b.accounts.two')?.value).toBe('token env B_KEY');
		expect(rows.get('codex.providers.a.headers')?.value).toBe('x-team');
		expect(rows.get('codex.providers.a.api_kee')?.value).toBe('(set, not shown)');
		expect(rows.get('codex.routing.entry')).toMatchObject({value: 'main', origin: {kind: 'file'}});
	});

	test('escapes for a terminal in the file are not let through', () => {
		const rows = read('[codex.providers.a]\nbase_url = "https://a.example"\nalias = "\\u001b]0;evil\\u0007x"\n');
		expect(JSON.stringify([...rows.values()].map(({key, value}) => `${key}${value}`))).not.toMatch(/\\u00(?:1b|07)/);
		expect(rows.get('codex.providers.a.alias')?.value).toContain('x');
	});

	test('a key stands in one row only', () => {
		const rows = readSettings(
			{
				path: '/c.toml',
				text: 'version = 5\n[listen]\nport = 1\n[codex.providers.a]\nbase_url = "https://a.example"\ntags = { x = "y" }\n',
			},
			{env: {}},
			memory,
		).map(({key}) => key);
		expect(rows.filter((key, index) => rows.indexOf(key) !== index)).toEqual([]);
		expect(rows).toContain('codex.providers.a.tags');
	});
});
