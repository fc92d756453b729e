import {createServer, type Server} from 'node:http';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {runRouting} from '../../source/command/routing.ts';
import {acquireHomeLock, type HomeLock} from '../../source/config/home-lock.ts';
import {call, type RunningEngine, startEngine, until} from '../support/running-engine.ts';

/* The command against the real engine and its real control API. */

let engine: RunningEngine;
let lock: HomeLock;
let limited: Server;
beforeEach(async () => {
	limited = createServer((request, response) => {
		request.resume();
		response.writeHead(429, {'content-type': 'application/json', 'retry-after': '41'});
		response.end('{"error":{"message":"slow down"}}');
	});
	await new Promise<void>(resolve => {
		limited.listen(0, '127.0.0.1', resolve);
	});
	const address = limited.address();
	const port = typeof address === 'object' ? address?.port : undefined;
	const more = `[codex]
[codex.profiles.deep]
reasoning_effort = "high"
[claude.providers.inside]
base_url = "http://127.0.0.1:9/inside"
auth_token = "sk-three"
[claude.providers.outside]
base_url = "http://127.0.0.1:9/outside"
auth_token = "sk-four"
[claude.routing.routes.main]
strategy = "conditional"
when = {cwd = "/work/**", headers = {x-team = "blue"}, request_kind = "subagent"}
then = "inside"
default = "outside"
`;
	engine = await startEngine({
		providers: [
			{name: 'first', url: `http://127.0.0.1:${String(port)}/v1`, key: 'sk-one'},
			{name: 'second', url: 'http://127.0.0.1:9/v2', key: 'sk-two'},
		],
		more,
	});
	lock = await acquireHomeLock(engine.home, {
		command: 'serve',
		controlUrl: `http://127.0.0.1:${engine.controlPort}`,
	});
});
afterEach(async () => {
	lock.release();
	await engine[Symbol.asyncDispose]();
	limited.closeAllConnections();
	limited.close();
});

const run = async (...args: readonly string[]): Promise<string> => {
	const written: string[] = [];
	await runRouting(args, {
		env: {CODEX_TUI_HOME: engine.home.root},
		nowMs: Date.now(),
		write: text => written.push(text),
	});
	return written.join('\n');
};

describe('routing against a running engine', () => {
	test('show prints the compiled routes', async () => {
		expect(await run('show', '--codex')).toMatch(
			/^codex: the entry is main, the affinity policy fallback-sticky\.\n[\s\S]*main +│ ordered-failover │ first, second │ config\.toml:\d+/,
		);
	});

	test('what-if without the first upstream goes to the second, and nothing changes', async () => {
		expect(await run('explain')).toMatch(/First choice: first\. After it: second\.$/);
		expect(await run('what-if', '--down', 'first')).toMatch(/First choice: second\. Nobody else could serve it\.$/);
		expect(await run('explain')).toMatch(/First choice: first\. After it: second\.$/);
	});

	test('a conditional route decides by the folder, headers and kind that explain is given', async () => {
		const all = ['--claude', '--cwd', '/work/x/y', '--header', 'X-Team=blue', '--subagent', 'review'];
		expect(await run('explain', '--claude')).toMatch(/First choice: outside\./);
		expect(await run('explain', ...all)).toMatch(/First choice: inside\./);
		expect(await run('what-if', ...all)).toMatch(/First choice: inside\./);
		expect(await run('what-if', ...all, '--in', '1h', '--kind', 'turn')).toMatch(/First choice: outside\./);
		expect(await run('explain', ...all.slice(0, 3))).toMatch(/First choice: outside\./);
		const detail: unknown = JSON.parse(await run('explain', ...all, '--json'));
		expect(detail).toMatchObject({
			detail: {
				request_context: {headers: ['x-team'], cwd: '/work/x/y', request_kind: 'subagent', subagent: 'review'},
				conditional_routes: [{route_name: 'main', matched: true, selected_target: 'inside'}],
			},
		});
		expect(JSON.stringify(detail)).not.toContain('blue');
		await expect(run('explain', '--kind', 'turm')).rejects.toMatchObject({code: 'bad-field'});
		await expect(run('explain', '--header', 'a b=c')).rejects.toMatchObject({code: 'bad-field'});
	});

	test('a pin decides until it is taken away, and what-if can do without it', async () => {
		expect(await run('pin', 'second', '--for', '2h')).toBe(
			'Pin: codex goes only to codex/second/default for 2 h more.',
		);
		expect(await run('explain')).toMatch(/First choice: second\. Nobody else could serve it\.$/);
		expect(await run('what-if', '--no-pin')).toMatch(/First choice: first\. After it: second\.$/);
		expect(await run('show')).toMatch(/Pin: codex goes only to codex\/second\/default for (?:2 h|120 min) more\./);
		expect(await run('unpin')).toContain('is gone; the routes decide again.');
		expect(await run('explain')).toMatch(/First choice: first\./);
	});

	test('overrides and profiles are set, listed and cleared', async () => {
		await run('override', '--session', 's1', '--model', 'gpt-5.5', '--tier', 'priority', '--profile', 'deep');
		expect(await run('override')).toBe('Override: the session s1 of codex has model gpt-5.5, tier priority.');
		await run('override', '--session', 's1', '--tier', '-');
		expect(await run('override')).toBe('Override: the session s1 of codex has model gpt-5.5.');
		await run('override', '--session', 's1', '--clear');
		expect(await run('override')).toBe('Nothing is overridden.');
	});

	test('what the engine refuses is its own sentence and wrong usage', async () => {
		await expect(run('explain', 'req_nobody')).rejects.toMatchObject({exitCode: 2, code: 'unknown-request'});
		await expect(run('override', '--session', 's1', '--profile', 'none')).rejects.toMatchObject({
			exitCode: 2,
			code: 'profile-unknown',
		});
	});

	test('a past request is explained, and its cooldown is listed, extended and dismissed', async () => {
		await call(engine);
		await until('the row of the request', () => engine.ledger().length === 1);
		const [row] = engine.ledger();
		const explained = await run('explain', row?.request_id ?? '');
		expect(explained).toMatch(/first +│ chosen +│/);
		expect(explained).toMatch(/attempt 1 +│ no +│ first: answered 429/);
		expect(await run('explain')).toMatch(/first +│ no +│ .*429.*, 4[01] s left/);
		expect(await run('actions')).toMatch(/codex\/first\/default │ default │ all +│ limit: .*429.* │ in 4[01] s/);
		expect(await run('extend', 'first', '--for', '1h')).toBe('codex/first/default (default) rests for 60 min.');
		expect(await run('actions')).toMatch(/in 60 min/);
		expect(await run('dismiss', 'first')).toBe('codex/first/default (default) may serve again.');
		expect(await run('actions')).toBe('No upstream cools down.');
	});

	test('a healthy engine has no cooldown', async () => {
		expect(await run('actions')).toBe('No upstream cools down.');
		expect(await run('dismiss', 'first')).toBe('Nothing to dismiss: first does not cool down.');
	});
});
