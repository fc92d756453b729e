import {chmodSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {once} from 'node:events';
import {createServer as createHttps} from 'node:https';
import {describe, expect, onTestFinished, test} from 'vitest';
import {runDoctor} from '../../source/command/doctor.ts';
import {acquireHomeLock} from '../../source/config/home-lock.ts';
import {openHome} from '../../source/config/home.ts';
import {json, startBalanceFarEnd} from '../support/balance.ts';
import {startChatUpstream} from '../support/chat-upstream.ts';
import {doctorKey, doctorToken, startDoctor, teamConfig} from '../support/doctor.ts';
import {runProgram} from '../support/program.ts';
import {selfSigned} from '../support/self-signed.ts';
import {upstreamKey} from '../support/upstream.ts';

interface Ran {
	readonly code: number;
	readonly text: string;
	readonly said: string;
	readonly asked: readonly string[];
}

/** The command in the folder of a test's doctor; `answer` is what a person would say. */
const start = (config: string, more: Readonly<Record<string, string>> = {}, answer?: boolean) => {
	const doctor = startDoctor({config, env: more});
	const run = async (...args: readonly string[]): Promise<Ran> => {
		const text: string[] = [];
		const said: string[] = [];
		const asked: string[] = [];
		const {folder} = doctor;
		const code = await runDoctor(args, {
			env: {
				...doctor.surroundings.env,
				CODEX_HOME: path.join(folder, 'codex'),
				CLAUDE_CONFIG_DIR: path.join(folder, 'claude'),
			},
			terminal: {isTTY: true, columns: 100, rows: 40},
			write: line => text.push(line),
			say: line => said.push(line),
			ask:
				answer === undefined
					? undefined
					: async question => {
							asked.push(question);
							return answer;
						},
		});
		const all = [...text, ...said].join('\n');
		expect(all).not.toContain(doctorKey);
		expect(all).not.toContain(doctorToken);
		return {code, text: text.join('\n'), said: said.join('\n'), asked};
	};
	return {...doctor, run};
};

/** Free ports, a good provider: nothing to complain of. */
const startWell = async () => {
	const far = await startBalanceFarEnd({'/v1/models': json({data: [{id: 'm'}]})});
	onTestFinished(async () => await far[Symbol.asyncDispose]());
	return start(teamConfig(`${far.origin}/v1`, '[listen]\nport = 9\ncontrol_port = 13\n'));
};

describe('codex-tui doctor', () => {
	test('where nothing fails it is exit code 0, with a line for each check under its group', async () => {
		const {run} = await startWell();
		const {code, text} = await run();
		expect(code).toBe(0);
		expect(text).toMatch(/^engine\n {2}ok {6}No engine runs; port 9 for Codex and SDKs is free\./);
		expect(text).toMatch(/\nproviders\n {2}ok {6}team: it takes the key and lists 1 model\./);
		expect(text).toMatch(/\n\d+ ok, 0 warned, 0 failed, \d+ skipped$/);
	});

	test('a failed check is exit code 5, with its place and its fix', async () => {
		const {run, folder} = start(teamConfig('http://127.0.0.1:9/v1'), {DOCTOR_KEY: ''});
		const {code, text} = await run('keys');
		expect(code).toBe(5);
		expect(text).toBe(
			[
				'keys',
				'  FAIL    team lacks its key: DOCTOR_KEY is not set.',
				`          at   ${folder}/home/config.toml:2`,
				'          fix  Set DOCTOR_KEY in the shell that starts codex-tui, and start it again.',
				'',
				'0 ok, 0 warned, 1 failed, 0 skipped',
			].join('\n'),
		);
	});

	test('names of groups, checks and providers run those and nothing else', async () => {
		const far = await startBalanceFarEnd({'/v1/models': json({data: []})});
		onTestFinished(async () => await far[Symbol.asyncDispose]());
		const {run} = start(teamConfig(`${far.origin}/v1`));
		expect((await run('keys', 'token')).text).toMatch(/^engine\n {2}ok[^\n]*token[^\n]*\n\nkeys\n[^\n]*\n\n2 ok/);
		expect(far.asked).toEqual([]);
		expect((await run('team')).text).toMatch(/^keys\n[^\n]*\n\nproviders\n[^\n]*\n\n2 ok/);
		expect(far.asked).toEqual(['/v1/models']);
	});

	test('--json is one object with every result', async () => {
		const {run} = await startWell();
		const {text} = await run('--json');
		const all: unknown = JSON.parse(text);
		expect(all).toMatchObject({
			fail: 0,
			checks: expect.arrayContaining([
				expect.objectContaining({id: 'provider:codex/team/default', group: 'providers', state: 'ok'}),
				expect.objectContaining({id: 'files.home', state: 'ok'}),
			]),
		});
	});

	test('--fix mends file modes and looks again; without it nothing is changed', async () => {
		const {run, folder} = await startWell();
		const config = path.join(folder, 'home/config.toml');
		chmodSync(config, 0o644);
		expect((await run('files')).text).toContain('WARN    1 file can be read by other users of this machine');
		expect(statSync(config).mode & 0o777).toBe(0o644);
		const mended = await run('files', '--fix');
		expect(mended.said).toBe('files.home: 1 file is yours alone now.');
		expect(mended.text).toContain('ok      The home is yours alone');
		expect(statSync(config).mode & 0o777).toBe(0o600);
	});

	test('a home that is not there is told, and not made', async () => {
		const {run, surroundings, folder} = await startWell();
		surroundings.env['CODEX_TUI_HOME'] = path.join(folder, 'nowhere');
		const {code, text} = await run();
		expect(code).toBe(0);
		expect(text).toContain('There is no home folder yet');
		expect(text).toContain('There is no config.toml; only the demo can run.');
		expect(() => statSync(path.join(folder, 'nowhere'))).toThrow('ENOENT');
	});

	test('--deep asks before it spends, and --yes does not', async () => {
		const upstream = await startChatUpstream('team', () => ({
			call: {name: 'report_word', arguments: {word: 'ready'}},
		}));
		const config = teamConfig(upstream.url, 'dialect = "chat"\nsupported_models = { m = true }');
		const paid = (): number => upstream.requests.filter(({path: asked}) => asked.endsWith('/completions')).length;
		const refusing = start(config, {DOCTOR_KEY: upstreamKey}, false);
		const refused = await refusing.run('--deep', 'team');
		expect(refused.asked[0]).toContain('one small request per account to 1 endpoint, which costs money. Go on?');
		expect(paid()).toBe(0);
		const agreeing = start(config, {DOCTOR_KEY: upstreamKey});
		const {said, text} = await agreeing.run('--deep', '--yes', 'team');
		expect(said).toContain('costs money');
		expect(paid()).toBe(1);
		expect(text).toContain('team answers, calls tools and counts with m.');
		expect(text).toContain('tools: it called the tool rightly');
	});

	test('wrong usage and an unknown check are exit code 2', async () => {
		const {run} = await startWell();
		await expect(run('--what')).rejects.toMatchObject({exitCode: 2});
		await expect(run('nonsense')).rejects.toMatchObject({
			exitCode: 2,
			message: expect.stringContaining('No check is called nonsense; groups are engine, config'),
		});
		expect((await run('--help')).text).toContain('Usage: codex-tui doctor');
	});

	test('as a program it ends with its code, and trusts a certificate authority of NODE_EXTRA_CA_CERTS', async () => {
		const server = createHttps(selfSigned, (_, response) => void response.end('{"data":[]}')).listen(0, '127.0.0.1');
		await once(server, 'listening');
		onTestFinished(() => void server.close());
		const address = server.address();
		const port = typeof address === 'object' && address !== null ? address.port : 0;
		const {folder} = start(teamConfig(`https://localhost:${port}/v1`, '[listen]\nport = 9\ncontrol_port = 13\n'));
		const ca = path.join(folder, 'ca.pem');
		writeFileSync(ca, selfSigned.cert);
		const env = {HOME: folder, CODEX_TUI_HOME: path.join(folder, 'home'), DOCTOR_KEY: doctorKey};
		const program = ['node_modules/.bin/node', 'source/cli.ts', 'doctor', 'team', '--json'];
		const trusting = await runProgram(program, {cwd: process.cwd(), env: {...env, NODE_EXTRA_CA_CERTS: ca}});
		expect(trusting.exitCode).toBe(0);
		expect(trusting.stdout).toContain('certificate until 2126');
		const strict = await runProgram(program, {cwd: process.cwd(), env});
		expect(strict.exitCode).toBe(5);
		expect(strict.stdout).toContain('its certificate is self-signed');
	});
});

test('a key that this shell lacks is no fault where the engine that runs may have it', async () => {
	const {folder} = start(teamConfig('http://127.0.0.1:9/v1'));
	const env = {HOME: folder, CODEX_TUI_HOME: path.join(folder, 'home')};
	const program = ['node_modules/.bin/node', 'source/cli.ts', 'doctor', 'team', '--json'];
	const keyState = async (): Promise<unknown> => {
		const {stdout} = await runProgram(program, {cwd: process.cwd(), env});
		return JSON.parse(stdout).checks.find(({id}: {id: string}) => id.startsWith('key:'));
	};
	expect(await keyState()).toMatchObject({state: 'fail', what: 'team lacks its key: DOCTOR_KEY is not set.'});
	const lock = await acquireHomeLock(await openHome(env), {command: 'serve'});
	using _lock = {[Symbol.dispose]: () => lock.release()};
	expect(await keyState()).toMatchObject({
		state: 'skipped',
		what: 'team: DOCTOR_KEY is not set in this shell; whether the engine has it stands on the page Routes.',
	});
});
