import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, test} from 'vitest';
import type {Endpoint} from '../../source/config/config.ts';
import {createClientKeyReader, credentialStatus, resolveCredentials} from '../../source/config/credentials.ts';
import {parseConfig} from '../../source/config/load.ts';

const endpointWith = (keys: string): Endpoint => {
	const text = `version = 5\n[codex.providers.a]\nbase_url = "https://api.openai.com/v1"\n${keys}`;
	const endpoint = parseConfig(text, {path: 'c', env: {}}).services.codex.endpoints[0];
	if (endpoint === undefined) {
		throw new Error('no endpoint');
	}

	return endpoint;
};

const noClientKey = (): undefined => undefined;

test.each([
	['auth_token = "sk-canary"', {}, 'inline', true],
	['auth_token_env = "A"', {A: 'sk-canary'}, 'env A', true],
	['auth_token_env = "A"', {A: ''}, 'missing env A', false],
	['auth_token_env = "A"\napi_key_env = "B"', {A: 'sk-canary'}, 'env A, missing env B', false],
	['auth_token = "sk-canary"\nauth_token_env = "A"', {}, 'inline', true],
	['', {}, 'none', true],
	['requires_openai_auth = true', {}, 'client', true],
	['requires_openai_auth = true\nauth_token_env = "A"', {}, 'client, missing env A', true],
])('%j with %j is %s', (...[keys, env, authSource, hasAuth]: [string, NodeJS.ProcessEnv, string, boolean]) => {
	const status = credentialStatus(endpointWith(keys).accounts[0], {env, readClientKey: noClientKey});
	expect(status).toMatchObject({authSource, hasAuth});
	expect(JSON.stringify(status)).not.toContain('canary');
});

test('a missing variable is named', () => {
	const status = credentialStatus(endpointWith('api_key_env = "RELAY_KEY"').accounts[0], {
		env: {},
		readClientKey: noClientKey,
	});
	expect(status.missingVariable).toBe('RELAY_KEY');
});

test('a key that the environment lacks is found in the client’s own file, and a change there within 800 ms', async () => {
	const home = await mkdtemp(path.join(tmpdir(), 'cxt-keys-'));
	try {
		let nowMs = 0;
		const readClientKey = createClientKeyReader({codexHome: home, claudeHome: home}, () => nowMs);
		const endpoint = endpointWith('auth_token_env = "A"');
		expect(resolveCredentials(endpoint.accounts[0], {env: {}, readClientKey}).bearer).toBeUndefined();
		await writeFile(path.join(home, 'auth.json'), '{"A": "one", "tokens": {}}');
		nowMs = 800;
		expect(resolveCredentials(endpoint.accounts[0], {env: {}, readClientKey}).bearer).toBe('one');
		expect(credentialStatus(endpoint.accounts[0], {env: {}, readClientKey}).authSource).toBe('codex auth.json A');
		await writeFile(path.join(home, 'auth.json'), '{"A": "another"');
		nowMs = 1600;
		expect(readClientKey('codex', 'A')).toBeUndefined();
		expect(readClientKey('codex', '__proto__')).toBeUndefined();
		await writeFile(path.join(home, 'settings.json'), '{"env": {"A": "for claude"}}');
		nowMs = 2400;
		expect(readClientKey('claude', 'A')).toBe('for claude');
	} finally {
		await rm(home, {recursive: true});
	}
});

test('a variable that was filled from a file loses its line end; one in the file itself is refused without its value', () => {
	const account = endpointWith('auth_token_env = "A"').accounts[0];
	const {bearer} = resolveCredentials(account, {env: {A: 'sk-canary\n'}, readClientKey: noClientKey});
	expect(bearer).toBe('sk-canary');
	expect(() => endpointWith('auth_token = "sk-canary\\nx"')).toThrow(
		/^c:\d+:1: codex\.providers\.\w+\.auth_token has a character that a header may not hold, such as the end of a line\.$/,
	);
});
