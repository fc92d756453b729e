import {chmodSync, rmSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {surroundingsOf} from '../../source/command/doctor-surroundings.ts';
import {runChecks} from '../../source/doctor/doctor.ts';
import {ok, type Check} from '../../source/doctor/check.ts';
import {checksAtOnce} from '../../source/doctor/surroundings.ts';
import {checkGroups} from '../../source/event/doctor.ts';
import {listenRaw} from '../support/attempt.ts';
import {startBalanceFarEnd} from '../support/balance.ts';
import {doctorToken, startDoctor, teamConfig} from '../support/doctor.ts';

const startControl = async (status: number) => {
	const far = await startBalanceFarEnd({
		'/readyz': (request, response) => {
			const isRight = request.headers['authorization'] === `Bearer ${doctorToken}`;
			response.writeHead(isRight ? status : 401).end('{}');
		},
	});
	onTestFinished(async () => await far[Symbol.asyncDispose]());
	return far.origin;
};

describe('the engine', () => {
	test('its ports answer and it takes the token', async () => {
		const controlUrl = await startControl(200);
		const results = await startDoctor({addresses: {url: controlUrl, controlUrl}, config: 'version = 5\n'}).run('start');
		expect(results.get('port')).toMatchObject({state: 'ok', where: controlUrl});
		expect(results.get('port.claude')?.state).toBe('skipped');
		expect(results.get('token')).toMatchObject({state: 'ok', what: 'The engine takes the local token.'});
	});

	test('a refused token, a broken token file, and a dead port', async () => {
		const controlUrl = await startControl(403);
		const doctor = startDoctor({addresses: {url: 'http://127.0.0.1:9', controlUrl}});
		expect(await doctor.look('token')).toMatchObject({
			state: 'fail',
			what: expect.stringContaining('refuses the local token'),
		});
		expect(await doctor.look('port')).toMatchObject({state: 'fail', fix: 'Stop codex-tui and start it again.'});
		doctor.write('home/token', 'short\n');
		expect((await doctor.look('token')).state).toBe('fail');
		rmSync(path.join(doctor.folder, 'home/token'));
		expect((await doctor.look('token')).state).toBe('skipped');
	});

	test('without an engine the ports are free, or their holder is named', async () => {
		await using holder = await listenRaw(() => undefined);
		const port = Number(new URL(holder.origin).port);
		const doctor = startDoctor({config: `version = 5\n[listen]\nport = ${port}\ncontrol_port = 0\n`});
		expect(await doctor.look('port')).toMatchObject({
			state: 'fail',
			what: `Port ${port}, which codex-tui wants for Codex and SDKs, is taken.`,
			fix: expect.stringContaining(`pid ${process.pid}`),
		});
		const free = await startDoctor({config: 'version = 5\n[listen]\nport = 9\n'}).look('port');
		expect(free).toMatchObject({state: 'ok', what: 'No engine runs; port 9 for Codex and SDKs is free.'});
	});
});

describe('the machine', () => {
	test('colours, encoding and size of the terminal', async () => {
		const poor = {isTerminal: true, name: 'vt100', colourBits: 4, isUtf8: false, columns: 50, rows: 12};
		const results = await startDoctor({terminal: () => poor}).run();
		expect(results.get('terminal.colours')?.state).toBe('warn');
		expect(results.get('terminal.encoding')?.state).toBe('warn');
		expect(results.get('terminal.size')).toMatchObject({state: 'fail', what: expect.stringContaining('50x12')});
		const good = await startDoctor().run();
		expect(['colours', 'encoding', 'size'].map(name => good.get(`terminal.${name}`)?.state)).toEqual([
			'ok',
			'ok',
			'ok',
		]);
	});

	test('a theme file that is wrong is a warning with its sentence', async () => {
		const doctor = startDoctor({themeProblems: () => ['mine.json: "colors.texy" is unknown.', 'other']});
		expect(await doctor.look('terminal.themes')).toMatchObject({
			state: 'warn',
			what: 'mine.json: "colors.texy" is unknown. (and 1 more)',
		});
	});

	test('a keys.json that is wrong is a warning with its line, a good one is not', async () => {
		const {write, surroundings} = startDoctor();
		const {keyProblems} = surroundingsOf(surroundings.home, {env: surroundings.env, terminal: {}});
		const doctor = startDoctor({keyProblems});
		write('home/keys.json', '{\n\t"route.pin": ["ctrl+p"]\n}');
		expect(await doctor.look('terminal.keys')).toMatchObject({state: 'ok'});
		write('home/keys.json', '{\n\t"route.pim": ["ctrl+p"]\n}');
		expect(await doctor.look('terminal.keys')).toMatchObject({
			state: 'warn',
			what: 'keys.json:2: there is no command "route.pim"; is it "route.pin"?',
		});
	});

	test('versions of the clients: there, older, silent, absent', async () => {
		const doctor = startDoctor();
		const make = (name: string, text: string): void =>
			chmodSync(doctor.write(`bin/${name}`, `#!/bin/sh\n${text}\n`), 0o755);
		expect((await doctor.look('version.codex')).state).toBe('skipped');
		make('codex', 'echo codex-cli 0.169.0');
		expect(await doctor.look('version.codex')).toMatchObject({state: 'ok', what: 'Codex 0.169.0.'});
		make('codex', 'echo codex-cli 0.98.1');
		expect(await doctor.look('version.codex')).toMatchObject({state: 'warn', fix: 'Update Codex.'});
		make('claude', 'exit 1');
		expect(await doctor.look('version.claude')).toMatchObject({state: 'warn'});
	});

	test('an environment that stands in the way', async () => {
		const unsafe = await startDoctor({env: {NODE_TLS_REJECT_UNAUTHORIZED: '0'}}).look('client.environment');
		expect(unsafe.state).toBe('fail');
		const proxied = startDoctor({env: {HTTP_PROXY: 'http://user:hunter2@proxy:1'}});
		const result = await proxied.look('client.environment');
		expect(result).toMatchObject({state: 'warn', where: 'HTTP_PROXY'});
		expect(JSON.stringify(result)).not.toContain('hunter2');
		const spared = startDoctor({env: {HTTP_PROXY: 'http://proxy:1', NO_PROXY: 'localhost,127.0.0.1'}});
		expect((await spared.look('client.environment')).state).toBe('ok');
	});
});

describe('the doctor', () => {
	test('looks at every group, tells each check once, and of the start asks no provider', async () => {
		const doctor = startDoctor({config: teamConfig('http://127.0.0.1:9/v1')});
		const all = await doctor.run();
		expect(new Set([...all.values()].map(({group}) => group))).toEqual(new Set(checkGroups));
		const start = [...(await doctor.run('start')).keys()];
		expect(start).toEqual(
			expect.arrayContaining(['port', 'token', 'config', 'client.codex', 'key:codex/team/default']),
		);
		expect(start.filter(id => id.startsWith('provider:'))).toEqual([]);
	});

	test('tells the line of a broken configuration and goes on with the rest', async () => {
		const results = await startDoctor({config: 'version = 5\n[listen]\nport = "x"\n'}).run();
		expect(results.get('config')).toMatchObject({state: 'fail', what: expect.stringContaining('config.toml:3')});
		expect(results.get('files.home')?.state).toBe('ok');
	});

	test('has nothing to say against a demo', async () => {
		const controlUrl = await startControl(200);
		const results = await startDoctor({isDemo: true, addresses: {url: controlUrl, controlUrl}}).run('start');
		expect([...results.values()].filter(({state}) => state === 'fail' || state === 'warn')).toEqual([]);
	});

	test('a check that breaks is a result, and no more than eight run at once', async () => {
		let running = 0;
		let most = 0;
		const checks = Array.from({length: 30}, (_, index): Check => ({
			id: `n${index}`,
			group: 'config',
			look: async () => {
				most = Math.max(most, ++running);
				await new Promise(resolve => setTimeout(resolve, 5));
				running -= 1;
				if (index === 3) {
					throw new Error('out of order');
				}

				return ok('fine');
			},
		}));
		const told: string[] = [];
		await runChecks(checks, ({state, what}) => told.push(`${state} ${what}`), new AbortController().signal);
		expect(told).toHaveLength(30);
		expect(told).toContain('fail This check broke: out of order');
		expect(most).toBe(checksAtOnce);
	});

	test('mends nothing that is not its to mend', async () => {
		await expect(startDoctor().doctor.repair('terminal.size')).rejects.toMatchObject({code: 'no-repair'});
		await expect(startDoctor().doctor.repair('nothing')).rejects.toMatchObject({code: 'no-repair'});
	});
});
