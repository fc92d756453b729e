import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {parseConfig} from '../../../source/config/load.ts';
import {UsageProvidersFile} from '../../../source/engine/balance/balance-file.ts';
import {balanceTargets} from '../../../source/engine/balance/balance-targets.ts';
import type {UsageProvider} from '../../../source/provider/balance/usage-providers.ts';
import {usageEntry} from '../../support/balance.ts';

const file = `version = 5
[codex.providers.relay]
base_url = "https://relay.example/v1"
auth_token_env = "RELAY_KEY"
[codex.providers.keyless]
base_url = "https://keyless.example/v1"
auth_token_env = "NOT_SET"
[codex.providers.off]
base_url = "https://off.example/v1"
auth_token = "inline-key-of-off"
enabled = false
[codex.providers.local]
base_url = "http://127.0.0.1:11434/v1"
auth_token = "inline-key-of-local"
[claude.providers.house]
base_url = "https://house.example"
api_key_env = "RELAY_KEY"
`;

const env = {RELAY_KEY: 'the-key-of-the-relay'};

const targetsOf = (providers: readonly UsageProvider[] = [], keys: Record<string, string> = env) =>
	balanceTargets(parseConfig(file, {path: '/h/config.toml', env: keys}), providers, {
		env: keys,
		readClientKey: () => undefined,
	});

describe('whose balance is asked for', () => {
	test('enabled accounts with a key; no loopback, nobody without a key', () => {
		const targets = targetsOf();
		expect(targets.map(({endpointKey}) => endpointKey)).toEqual(['codex/relay/default', 'claude/house/default']);
		expect(targets.map(target => target.readKey())).toEqual(['the-key-of-the-relay', 'the-key-of-the-relay']);
	});

	test('a loopback address only where an entry names it', () => {
		const local = usageEntry({kind: 'sub2api_usage'});
		expect(targetsOf([local]).map(({endpointKey}) => endpointKey)).toContain('codex/local/default');
	});

	test('an entry gives an endpoint without a key its own token', () => {
		const entry = usageEntry({kind: 'sub2api_auth_me', domains: ['keyless.example'], token_env: 'DASH'});
		expect(targetsOf([entry]).map(({endpointKey}) => endpointKey)).toContain('codex/keyless/default');
	});

	test('nobody in the demo', () => {
		const config = {...parseConfig(file, {path: '/h/config.toml', env}), path: undefined};
		expect(balanceTargets(config, [], {env, readClientKey: () => undefined})).toEqual([]);
	});

	test('its identity changes with the key and the entry, and shows neither', () => {
		const [first] = targetsOf();
		const [other] = targetsOf([], {RELAY_KEY: 'another-key'});
		const [entered] = targetsOf([usageEntry({kind: 'sub2api_usage', domains: ['relay.example']})]);
		expect(new Set([first?.identity, other?.identity, entered?.identity]).size).toBe(3);
		expect(targetsOf()[0]?.identity).toBe(first?.identity);
		expect(first?.identity).toMatch(/^[0-9a-f]{16}$/);
	});
});

const openFile = () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'codex-tui-usage-'));
	onTestFinished(() => rmSync(folder, {recursive: true}));
	const faults: string[] = [];
	const loaded: Array<readonly string[]> = [];
	const name = path.join(folder, 'usage_providers.json');
	const reader = new UsageProvidersFile(name, {
		onFault: error => faults.push(error.message),
		onLoaded: warnings => loaded.push(warnings),
	});
	return {reader, faults, loaded, name};
};

describe('usage_providers.json on disk', () => {
	const good = '{"providers": [{"id": "a", "kind": "sub2api_usage", "domains": ["a.example"]}]}';

	test('is nothing where it is not there', () => {
		const {reader, faults, loaded} = openFile();
		reader.refresh();
		expect([reader.providers, faults, loaded]).toEqual([[], [], [[]]]);
	});

	test('a bad one keeps the last good one and is reported once, with its line', () => {
		const {reader, faults, loaded, name} = openFile();
		writeFileSync(name, good);
		reader.refresh();
		writeFileSync(name, `${good}\nmore`);
		reader.refresh();
		reader.refresh();
		expect(reader.providers.map(({id}) => id)).toEqual(['a']);
		expect(faults).toEqual([expect.stringContaining('usage_providers.json:2: the file is not JSON')]);
		expect(loaded).toHaveLength(1);
	});

	test('a repaired one is taken, a removed one is gone', () => {
		const {reader, name} = openFile();
		writeFileSync(name, '[');
		reader.refresh();
		writeFileSync(name, good);
		reader.refresh();
		expect(reader.providers).toHaveLength(1);
		rmSync(name);
		reader.refresh();
		expect(reader.providers).toEqual([]);
	});
});
