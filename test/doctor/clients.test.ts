import {readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {switchOn} from '../../source/client/codex/switch.ts';
import {openHome} from '../../source/config/home.ts';
import {listenRaw} from '../support/attempt.ts';
import {doctorToken, startDoctor, type TestDoctor} from '../support/doctor.ts';

/** Something that listens in place of an engine. */
const startDoor = async (): Promise<string> => {
	const door = await listenRaw(() => undefined);
	onTestFinished(async () => await door[Symbol.asyncDispose]());
	return door.origin;
};

const deadOrigin = async (): Promise<string> => {
	const door = await listenRaw(() => undefined);
	await door[Symbol.asyncDispose]();
	return door.origin;
};

const pointAt = async ({surroundings}: TestDoctor, url: string): Promise<void> => {
	const home = await openHome(surroundings.env);
	await switchOn({home, codexHome: surroundings.codexHome, url, token: doctorToken, takeOver: false});
};

describe('whether Codex points at us', () => {
	test('it does, and somebody listens', async () => {
		const url = await startDoor();
		const doctor = startDoctor({addresses: {url}});
		await pointAt(doctor, url);
		expect(await doctor.look('client.codex')).toMatchObject({state: 'ok', what: `Codex is pointed at ${url}.`});
	});

	test('it does not while an engine runs: a warning, and the repair points it here by the switch', async () => {
		const url = await startDoor();
		const told: boolean[] = [];
		const doctor = startDoctor({addresses: {url}, onSwitch: isOn => told.push(isOn)});
		const file = doctor.write('codex/config.toml', 'model = "gpt-5.5" # mine\n');
		const result = await doctor.look('client.codex');
		expect(result).toMatchObject({state: 'warn', where: file, repair: `Point Codex at ${url}?`});
		expect(await doctor.doctor.repair('client.codex')).toContain(`points at codex-tui on ${url}/v1`);
		expect(told).toEqual([true]);
		expect(readFileSync(file, 'utf8')).toContain('model = "gpt-5.5" # mine');
		expect((await doctor.look('client.codex')).state).toBe('ok');
	});

	test('it points at a port where nothing listens and no engine runs: the repair gives back every byte', async () => {
		const url = await deadOrigin();
		const doctor = startDoctor();
		const file = doctor.write('codex/config.toml', 'model = "gpt-5.5"\n');
		await pointAt(doctor, url);
		const result = await doctor.look('client.codex');
		expect(result).toMatchObject({
			state: 'fail',
			what: `Codex is pointed at ${url}, where nothing listens: its requests fail.`,
			repair: 'Give Codex back what it had?',
		});
		await doctor.doctor.repair('client.codex');
		expect(readFileSync(file, 'utf8')).toBe('model = "gpt-5.5"\n');
	});

	test('it points at our old port: the repair points it at the new one', async () => {
		const url = await startDoor();
		const doctor = startDoctor({addresses: {url}});
		await pointAt(doctor, 'http://127.0.0.1:9');
		expect(await doctor.look('client.codex')).toMatchObject({
			state: 'fail',
			what: `Codex is pointed at http://127.0.0.1:9, but the engine listens on ${url}.`,
		});
		await doctor.doctor.repair('client.codex');
		expect((await doctor.look('client.codex')).state).toBe('ok');
	});

	test('another codex-tui has it: that is told and never taken over', async () => {
		const url = await startDoor();
		const doctor = startDoctor({addresses: {url}});
		const text = `model_provider = "codex-tui"\n\n[model_providers.codex-tui]\nname = "codex-tui"\nbase_url = "http://127.0.0.1:9/v1"\n`;
		const file = doctor.write('codex/config.toml', text);
		const result = await doctor.look('client.codex');
		expect(result).toMatchObject({
			state: 'fail',
			what: 'Codex is pointed at another codex-tui, http://127.0.0.1:9/v1.',
		});
		expect(result.repair).toBeUndefined();
		await expect(doctor.doctor.repair('client.codex')).rejects.toMatchObject({code: 'switch-elsewhere'});
		expect(readFileSync(file, 'utf8')).toBe(text);
	});

	test('a profile that goes elsewhere, a broken file, no Codex, the demo', async () => {
		const url = await startDoor();
		const doctor = startDoctor({addresses: {url}});
		expect((await doctor.look('client.codex')).state).toBe('skipped');
		doctor.write('codex/config.toml', 'profile = "x"\n[profiles.x]\nmodel_provider = "azure"\n');
		await pointAt(doctor, url);
		expect(await doctor.look('client.codex')).toMatchObject({
			state: 'warn',
			what: 'Codex is pointed at codex-tui, but its profile x uses azure instead.',
		});
		doctor.write('codex/config.toml', 'model = \n');
		expect((await doctor.look('client.codex')).state).toBe('fail');
		const demo = startDoctor({isDemo: true, addresses: {url}});
		demo.write('codex/config.toml', 'model = "x"\n');
		expect(await demo.look('client.codex')).toMatchObject({state: 'skipped', what: 'The demo leaves Codex alone.'});
	});
});

const claudeConfig = `version = 5
[claude.providers.anthropic]
base_url = "https://api.anthropic.com"
api_key_env = "DOCTOR_KEY"
`;

const settings = (env: Readonly<Record<string, string>>): string => JSON.stringify({env});

describe('whether Claude Code points at us', () => {
	test('nothing is expected where no provider of it is configured', async () => {
		const doctor = startDoctor({config: 'version = 5\n'});
		doctor.write('claude/settings.json', '{}');
		expect((await doctor.look('client.claude')).state).toBe('skipped');
	});

	test('it goes to its maker: a warning that names file, address and token file', async () => {
		const claudeUrl = await startDoor();
		const doctor = startDoctor({config: claudeConfig, addresses: {claudeUrl}});
		const file = doctor.write('claude/settings.json', '{}');
		const result = await doctor.look('client.claude');
		expect(result).toMatchObject({
			state: 'warn',
			what: 'Claude Code goes to its maker, not to codex-tui.',
			where: file,
		});
		for (const text of [claudeUrl, file, path.join(doctor.folder, 'home/token')]) {
			expect(result.fix).toContain(text);
		}
	});

	test('it points here with the right token, with a wrong one, with none, and with a key beside', async () => {
		const claudeUrl = await startDoor();
		const doctor = startDoctor({config: claudeConfig, addresses: {claudeUrl}});
		const write = (env: Readonly<Record<string, string>>): string =>
			doctor.write('claude/settings.json', settings({ANTHROPIC_BASE_URL: claudeUrl, ...env}));
		write({ANTHROPIC_AUTH_TOKEN: doctorToken});
		expect(await doctor.look('client.claude')).toMatchObject({
			state: 'ok',
			what: `Claude Code is pointed at ${claudeUrl}.`,
		});
		write({ANTHROPIC_AUTH_TOKEN: 'wrong-token-0123456789'});
		const wrong = await doctor.look('client.claude');
		expect(wrong).toMatchObject({state: 'fail', what: expect.stringContaining('with another token')});
		expect(JSON.stringify(wrong)).not.toContain('wrong-token');
		write({});
		expect((await doctor.look('client.claude')).what).toContain('without the local token');
		write({ANTHROPIC_AUTH_TOKEN: doctorToken, ANTHROPIC_API_KEY: 'sk-ant-own-0123456789'});
		const both = await doctor.look('client.claude');
		expect(both).toMatchObject({state: 'warn', what: expect.stringContaining('also sends the ANTHROPIC_API_KEY')});
		expect(JSON.stringify(both)).not.toContain('sk-ant-own');
	});

	test("the project's own settings win over the user's, and the shell comes last", async () => {
		const claudeUrl = await startDoor();
		const doctor = startDoctor({
			config: claudeConfig,
			addresses: {claudeUrl},
			env: {ANTHROPIC_BASE_URL: 'https://shell.example'},
		});
		expect((await doctor.look('client.claude')).what).toContain('https://shell.example');
		doctor.write('claude/settings.json', settings({ANTHROPIC_BASE_URL: claudeUrl, ANTHROPIC_AUTH_TOKEN: doctorToken}));
		expect((await doctor.look('client.claude')).state).toBe('ok');
		const project = doctor.write(
			'work/.claude/settings.json',
			settings({ANTHROPIC_BASE_URL: 'https://project.example'}),
		);
		expect(await doctor.look('client.claude')).toMatchObject({
			state: 'warn',
			what: 'Claude Code goes to https://project.example, not to codex-tui.',
			where: project,
		});
	});

	test('a dead port and a broken file are failures, and nothing is written', async () => {
		const doctor = startDoctor({config: claudeConfig});
		const dead = await deadOrigin();
		const file = doctor.write('claude/settings.json', settings({ANTHROPIC_BASE_URL: dead}));
		const before = statSync(file).mtimeMs;
		expect(await doctor.look('client.claude')).toMatchObject({
			state: 'fail',
			what: `Claude Code is pointed at ${dead}, where nothing listens: its requests fail.`,
		});
		expect(statSync(file).mtimeMs).toBe(before);
		doctor.write('claude/settings.json', '{"env":');
		expect(await doctor.look('client.claude')).toMatchObject({state: 'fail', where: file});
	});
});
