import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {createServer, type IncomingMessage} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {accountTable} from '../../source/command/account-table.ts';
import {acquireHomeLock} from '../../source/config/home-lock.ts';
import {homePaths, openHome, readOrCreateToken} from '../../source/config/home.ts';
import {openStateStore} from '../../source/engine/brain/state-store.ts';
import type {AccountView} from '../../source/event/account-view.ts';
import type {Service} from '../../source/wire/names.ts';

let folder = '';
beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'cxt-account-'));
	await mkdir(path.join(folder, 'home'));
	await writeFile(
		path.join(folder, 'home', 'config.toml'),
		'version = 5\n[codex.providers.team]\nbase_url = "https://team.example/v1"\nauth_token_env = "TEAM_KEY"\n',
	);
});
afterEach(async () => {
	await rm(folder, {recursive: true});
});

interface Ended {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs the command in a process of its own, with an error's sentence and exit code as the command line gives them. */
const run = async (...args: readonly string[]): Promise<Ended> => {
	const env = {
		...process.env,
		CODEX_TUI_HOME: path.join(folder, 'home'),
		CODEX_HOME: path.join(folder, 'codex'),
		TEAM_KEY: 'sk-secret-of-the-team',
	};
	return await new Promise(resolve => {
		execFile('node_modules/.bin/node', ['source/cli.ts', 'account', ...args], {env}, (error, stdout, stderr) =>
			resolve({code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr}),
		);
	});
};

const endpointAt = (
	endpointKey: string,
	fields: Partial<AccountView['endpoints'][number]> = {},
): AccountView['endpoints'][number] => ({
	endpointKey,
	phase: 'closed',
	untilMs: undefined,
	cause: undefined,
	reason: undefined,
	active: 2,
	limit: 5,
	...fields,
});

const view = (service: Service, account: string, fields: Partial<AccountView> = {}): AccountView => ({
	service,
	provider: 'team',
	account,
	isPaused: false,
	enabled: true,
	weight: 1,
	quotaGroup: undefined,
	authSource: 'env TEAM_KEY',
	hasAuth: true,
	fingerprint: '0a1b2c3d',
	quotaUsed: undefined,
	exhausted: undefined,
	endpoints: [endpointAt(`${service}/team/default`)],
	...fields,
});

const bodyOf = async (request: IncomingMessage): Promise<string> => {
	const chunks: Buffer[] = [];
	for await (const chunk of request) {
		chunks.push(Buffer.from(chunk));
	}

	return Buffer.concat(chunks).toString();
};

/** A control API that holds the home's lock, as a running engine does. */
const startControl = async (accounts: readonly unknown[]) => {
	const home = await openHome({CODEX_TUI_HOME: path.join(folder, 'home')});
	const token = await readOrCreateToken(home);
	const posts: unknown[] = [];
	const server = createServer((request, response) => {
		const isKnown = request.headers.authorization === `Bearer ${token}`;
		void bodyOf(request).then(body => {
			response.writeHead(isKnown ? 200 : 403, {'content-type': 'application/json'});
			if (request.method === 'POST') {
				posts.push(JSON.parse(body));
			}

			return response.end(JSON.stringify(isKnown ? {accounts, done: true} : {code: 'local-token', title: 'no token'}));
		});
	});
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const address = server.address();
	const port = typeof address === 'object' ? address?.port : undefined;
	const lock = await acquireHomeLock(home, {command: 'serve', controlUrl: `http://127.0.0.1:${String(port)}`});
	return {
		posts,
		[Symbol.dispose]: () => {
			lock.release();
			server.closeAllConnections();
			server.close();
		},
	};
};

test('without an engine the accounts of the configuration are listed with what the last run left, and nothing is written', async () => {
	const home = homePaths(path.join(folder, 'home'));
	const store = openStateStore(
		home.state,
		() => Date.now(),
		() => undefined,
	);
	store.set('account-paused', 'codex/team#default', {version: 1, value: {sinceMs: 1}});
	store.close();
	const before = await readFile(home.state);
	const {code, stdout, stderr} = await run('list', '--json');
	expect({code, stderr}).toEqual({code: 0, stderr: ''});
	expect(JSON.parse(stdout)).toMatchObject({
		running: false,
		accounts: [{provider: 'team', account: 'default', isPaused: true, authSource: 'env TEAM_KEY'}],
	});
	expect(stdout).not.toContain('sk-secret');
	expect((await readFile(home.state)).equals(before)).toBe(true);
});

test('a running engine is asked, with its token', async () => {
	using _ = await startControl([view('codex', 'work'), view('codex', 'spare', {isPaused: true})]);
	const {stdout, code} = await run('list', 'team', 'spare', '--json');
	expect(code).toBe(0);
	expect(JSON.parse(stdout)).toMatchObject({running: true, accounts: [{account: 'spare', isPaused: true}]});
});

test('pause and resume name the one account that is meant', async () => {
	using control = await startControl([view('codex', 'work'), view('codex', 'spare', {isPaused: true})]);
	expect(await run('pause', 'team', 'work')).toMatchObject({
		code: 0,
		stdout: 'Account work of codex/team is paused.\n',
	});
	expect((await run('resume', 'codex/team', 'spare', '--json')).stdout).toContain('"changed":true');
	expect(control.posts).toEqual([
		{service: 'codex', provider: 'team', account: 'work', action: 'pause'},
		{service: 'codex', provider: 'team', account: 'spare', action: 'resume'},
	]);
	expect((await run('pause', 'team', 'spare')).stdout).toContain('Nothing to change');
});

test.each([
	[['pause', 'team'], 2, 'fits more than one account: "codex/team work", "claude/team work"'],
	[['pause', 'team', 'nobody'], 1, 'team has no account nobody; it has work, work.'],
	[['pause', 'elsewhere'], 1, 'There is no provider elsewhere'],
	[['pause'], 2, 'takes the name of a provider'],
	[['sell'], 2, 'takes one of list, pause, resume'],
	[['list', '--all'], 2, "Unknown option '--all'"],
] as const)('%j ends with %d and one sentence', async (args, code, sentence) => {
	using _ = await startControl([view('codex', 'work'), view('claude', 'work')]);
	const ended = await run(...args);
	expect([ended.code, ended.stdout]).toEqual([code, '']);
	expect(ended.stderr).toContain(sentence);
	expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('pause without an engine says what to do', async () => {
	const ended = await run('pause', 'team');
	expect(ended.code).toBe(1);
	expect(ended.stderr).toBe(
		'codex-tui: No engine runs in this home; start codex-tui first, or set "enabled = false" in config.toml.\n',
	);
});

const nowMs = 1_700_000_000_000;
test.each([
	[{}, /codex\/team work .*ready .*env TEAM_KEY .*0a1b2c3d .*2\/5 .*default/],
	[{isPaused: true}, /paused/],
	[{enabled: false}, /disabled/],
	[{hasAuth: false, authSource: 'missing env TEAM_KEY'}, /no key .*missing env TEAM_KEY/],
	[
		{exhausted: 'balance 0.00 USD', quotaUsed: 0.934, quotaGroup: 'org-1'},
		/nothing left .*93% used, balance 0\.00 USD, group org-1/,
	],
	[
		{
			endpoints: [
				endpointAt('codex/team/default', {phase: 'open', reason: 'answered 429', untilMs: nowMs + 41_000}),
				endpointAt('codex/team/eu'),
			],
		},
		/1 of 2 cooling .*default: answered 429, 41 s left; eu/,
	],
	[
		{endpoints: [endpointAt('codex/team/default', {phase: 'open', cause: 'auth'})]},
		/cooling .*default: auth, until its key changes/,
	],
	[{endpoints: [endpointAt('codex/team/default', {phase: 'half-open'})]}, /ready .*default: to be tried/],
] as const)('the table tells of an account with %j', async (fields, row) => {
	expect(await accountTable([view('codex', 'work', fields)], nowMs)).toMatch(row);
});
