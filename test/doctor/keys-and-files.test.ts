import {chmodSync, mkdirSync, renameSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {startDoctor} from '../support/doctor.ts';

describe('every key', () => {
	test('is there, or its variable is named with the place in the file', async () => {
		const config = `version = 5
[codex.providers.good]
base_url = "https://good.example/v1"
auth_token_env = "DOCTOR_KEY"
[codex.providers.bad]
base_url = "https://bad.example/v1"
auth_token_env = "BAD_KEY"
[codex.providers.off]
enabled = false
base_url = "https://off.example/v1"
auth_token_env = "OFF_KEY"
[codex.providers.half]
base_url = "https://half.example/v1"
accounts = [ { label = "a", auth_token_env = "DOCTOR_KEY" }, { label = "b", auth_token_env = "HALF_KEY" } ]
`;
		const doctor = startDoctor({config});
		const results = await doctor.run('start');
		expect(results.get('key:codex/good/default')).toMatchObject({
			state: 'ok',
			what: 'good has what it needs (env DOCTOR_KEY).',
		});
		expect(results.get('key:codex/bad/default')).toMatchObject({
			state: 'fail',
			what: 'bad lacks its key: BAD_KEY is not set.',
			where: `${path.join(doctor.folder, 'home/config.toml')}:5`,
			fix: 'Set BAD_KEY in the shell that starts codex-tui, and start it again.',
		});
		expect(results.get('key:codex/off/default')?.state).toBe('skipped');
		expect(results.get('key:codex/half/default')).toMatchObject({state: 'warn'});
	});

	test('that is missing beside an attached screen is no fault: the engine has an environment of its own', async () => {
		const config = `version = 5
[codex.providers.bad]
base_url = "https://bad.example/v1"
auth_token_env = "BAD_KEY"
`;
		const results = await startDoctor({config, isEngineElsewhere: true}).run('start');
		expect(results.get('key:codex/bad/default')).toMatchObject({
			state: 'skipped',
			what: 'bad: BAD_KEY is not set in this shell; whether the engine has it stands on the page Routes.',
		});
	});

	test('is warned of where its owner forbids this use', async () => {
		const config = `version = 5
[codex.providers.plan]
base_url = "https://other.example/v1"
auth_token_env = "PLAN"
`;
		const results = await startDoctor({config, env: {PLAN: 'sk-ant-oat01-0123456789abcdef'}}).run('start');
		expect(results.get('key:codex/plan/default')).toMatchObject({
			state: 'warn',
			what: expect.stringContaining("a Claude plan's login"),
		});
		expect(JSON.stringify([...results.values()])).not.toContain('sk-ant-oat01');
	});
});

const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);

describe('file modes', () => {
	test('a home that is ours alone is well; what others may read is named, and the repair tightens it', async () => {
		const doctor = startDoctor({config: 'version = 5\n'});
		expect(await doctor.look('files.home')).toMatchObject({
			state: 'ok',
			what: 'The home is yours alone: 1 folder and 2 files.',
		});
		const home = path.join(doctor.folder, 'home');
		const config = path.join(home, 'config.toml');
		chmodSync(config, 0o644);
		expect(await doctor.look('files.home')).toMatchObject({
			state: 'warn',
			where: `${config} (0644)`,
			fix: `Run chmod 600 ${config}.`,
			repair: 'Make 1 file yours alone?',
		});
		chmodSync(home, 0o755);
		mkdirSync(path.join(home, 'logs'));
		chmodSync(path.join(home, 'logs'), 0o775);
		expect(await doctor.look('files.home')).toMatchObject({
			state: 'fail',
			repair: 'Make 2 folders and 1 file yours alone?',
		});
		expect(await doctor.doctor.repair('files.home')).toBe('2 folders and 1 file are yours alone now.');
		expect([modeOf(home), modeOf(path.join(home, 'logs')), modeOf(config)]).toEqual(['700', '700', '600']);
		expect((await doctor.look('files.home')).state).toBe('ok');
	});

	test('a home behind a link that its owner made is looked at as any other', async () => {
		const doctor = startDoctor({config: 'version = 5\n'});
		const home = path.join(doctor.folder, 'home');
		renameSync(home, path.join(doctor.folder, 'elsewhere'));
		symlinkSync(path.join(doctor.folder, 'elsewhere'), home);
		chmodSync(path.join(doctor.folder, 'elsewhere'), 0o755);
		expect(await doctor.look('files.home')).toMatchObject({state: 'fail', repair: 'Make 1 folder yours alone?'});
		expect(await doctor.doctor.repair('files.home')).toBe('1 folder is yours alone now.');
		expect(modeOf(path.join(doctor.folder, 'elsewhere'))).toBe('700');
	});

	test('a link is neither judged nor followed', async () => {
		const doctor = startDoctor();
		const victim = path.join(doctor.folder, 'victim');
		writeFileSync(victim, 'x');
		chmodSync(victim, 0o644);
		symlinkSync(victim, path.join(doctor.folder, 'home', 'themes'));
		chmodSync(path.join(doctor.folder, 'home', 'token'), 0o640);
		await doctor.doctor.repair('files.home');
		expect(modeOf(victim)).toBe('644');
		expect(modeOf(path.join(doctor.folder, 'home', 'token'))).toBe('600');
	});

	test("the clients' files with keys are looked at too", async () => {
		const doctor = startDoctor();
		expect((await doctor.look('files.clients')).state).toBe('skipped');
		const auth = doctor.write('codex/auth.json', '{}');
		chmodSync(auth, 0o640);
		expect(await doctor.look('files.clients')).toMatchObject({state: 'warn', where: `${auth} (0640)`});
		await doctor.doctor.repair('files.clients');
		expect(modeOf(auth)).toBe('600');
		const settings = doctor.write('codex/config.toml', 'model = "x"\n');
		chmodSync(settings, 0o644);
		expect((await doctor.look('files.clients')).state).toBe('ok');
		doctor.write('codex/config.toml', 'http_headers = { "x-codex-tui-token" = "abc" }\n');
		expect((await doctor.look('files.clients')).where).toContain(settings);
	});
});
