import {describe, expect, test} from 'vitest';
import {historyArguments, historyEnvironment} from '../../source/command/history-flags.ts';
import {defaultHistory, type HistoryConfig} from '../../source/config/history.ts';
import {parseConfig} from '../../source/config/load.ts';

const read = (text: string, env: NodeJS.ProcessEnv = {}): HistoryConfig =>
	parseConfig(`version = 5\n${text}`, {path: '/h/config.toml', env}).history;

describe('[history] (translation.md 6.1, product.md 6)', () => {
	test('has the defaults of the specification where nobody says anything', () => {
		expect(read('')).toEqual(defaultHistory);
		expect(defaultHistory).toEqual({
			...{store: 'memory', dir: undefined, ttlMs: 168 * 3_600_000, count: 2048},
			...{memoryBytes: 512 * 1024 * 1024, diskBytes: 2048 * 1024 * 1024},
		});
	});

	test('is read from the file, and no key of it is unknown', () => {
		const text =
			'[history]\nstore = "disk"\ndir = "/var/history"\nsession_ttl_hours = 2\nmax_sessions = 7\nmax_session_memory_mb = 3\nmax_session_disk_mb = 9';
		expect(read(text)).toEqual({
			...{store: 'disk', dir: '/var/history', ttlMs: 7_200_000, count: 7},
			...{memoryBytes: 3 * 1024 * 1024, diskBytes: 9 * 1024 * 1024},
		});
		const {warnings} = parseConfig(`version = 5\n${text}\nstoer = 1`, {path: '/h/config.toml', env: {}});
		expect(warnings).toEqual([expect.stringContaining('history.stoer is not known')]);
	});

	test('the environment wins over the file, and an empty variable is none', () => {
		const env = {
			...{CODEX_TUI_HISTORY_STORE: 'off', CODEX_TUI_HISTORY_DIR: '', CODEX_TUI_SESSION_TTL_HOURS: '1'},
			...{CODEX_TUI_MAX_SESSIONS: '5', CODEX_TUI_MAX_SESSION_MEMORY_MB: '4'},
		};
		expect(read('[history]\nstore = "disk"\ndir = "/d"\nmax_sessions = 7', env)).toMatchObject({
			...{store: 'off', dir: '/d', ttlMs: 3_600_000, count: 5, memoryBytes: 4 * 1024 * 1024},
		});
	});

	test.each([
		['store = "ram"', 'history.store'],
		['dir = "history"', 'history.dir'],
		['max_sessions = 0', 'history.max_sessions'],
	])('%s is refused by its name', (line, name) => {
		expect(() => read(`[history]\n${line}`)).toThrow(name);
	});

	test.each([
		['CODEX_TUI_HISTORY_STORE', 'ram'],
		['CODEX_TUI_HISTORY_DIR', 'history'],
		['CODEX_TUI_SESSION_TTL_HOURS', '0'],
		['CODEX_TUI_MAX_SESSIONS', 'many'],
		['CODEX_TUI_MAX_SESSION_MEMORY_MB', '1.5'],
	])('%s=%s is refused by its name', (name, value) => {
		expect(() => read('', {[name]: value})).toThrow(`${name} is "${value}"`);
	});

	test('each variable is a flag as well', () => {
		const flags = {
			...{'history-store': 'disk', 'history-dir': '/d', 'session-ttl-hours': '3', 'max-sessions': '4'},
			...{'max-session-memory-mb': '5', port: '1', json: true},
		};
		expect(read('[history]\nstore = "off"', historyEnvironment(flags))).toMatchObject({
			...{store: 'disk', dir: '/d', ttlMs: 3 * 3_600_000, count: 4, memoryBytes: 5 * 1024 * 1024},
		});
		expect(historyArguments({'max-sessions': '4', port: '1'})).toEqual(['--max-sessions', '4']);
	});
});

const policyOf = (provider: string): string | undefined =>
	parseConfig(`version = 5\n[codex.providers.a]\nbase_url = "https://a.example/v1"\n${provider}`, {
		path: '/h/config.toml',
		env: {},
	}).services.codex.endpoints[0]?.onLength;

describe('on_length (translation.md 2.8)', () => {
	test('is faithful unless the provider says otherwise, and every word of it is checked', () => {
		expect([policyOf(''), policyOf('on_length = "endturn"'), policyOf('on_length = "soft"')]).toEqual([
			...['faithful', 'endturn', 'soft'],
		]);
		expect(() => policyOf('on_length = "continue"')).toThrow('codex.providers.a.on_length');
	});
});
