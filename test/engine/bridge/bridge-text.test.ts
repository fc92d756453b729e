import {describe, expect, test} from 'vitest';
import {parseConfig} from '../../../source/config/load.ts';
import {buildBridge} from '../../../source/engine/bridge/bridge.ts';
import {profileNames} from '../../../source/provider/profiles/names.ts';
import {profiles} from '../../../source/provider/profiles/profiles.ts';

const tools = [
	{type: 'function', name: 'exec_command', parameters: {type: 'object', properties: {cmd: {type: 'string'}}}},
];

const machinesFor = (profile: string, fields: object = {tools}) => {
	const lines = `version = 5\n[codex.providers.a]\nbase_url = "http://127.0.0.1:1/v1"\ndialect = "chat"\nprofile = "${profile}"`;
	const [endpoint] = parseConfig(lines, {path: '/h/config.toml', env: {}}).services.codex.endpoints;
	if (endpoint === undefined) {
		throw new Error('no endpoint');
	}

	const bridge = buildBridge({
		call: {dialect: 'responses', client: 'codex', isStreaming: true, model: 'm'},
		body: Buffer.from(JSON.stringify({model: 'm', stream: true, input: 'hi', ...fields})),
		...{dialect: endpoint.dialect, profile: endpoint.profile, textTools: endpoint.textTools, intent: endpoint.intent},
		...{model: 'm', requestId: 'r1', nowMs: 0},
	});
	return bridge?.machines();
};

describe('what stands between decoder and encoder', () => {
	test.each(profileNames)(
		'%s: a filter and a recovery for leaky models, and nothing at all for the others',
		profile => {
			const {filter, recovery} = machinesFor(profile) ?? {};
			const isLeaky = profiles[profile].textTools !== 'off';
			expect([filter !== undefined, recovery !== undefined]).toEqual([isLeaky, isLeaky]);
		},
	);

	test.each([
		['no tools', {}],
		['tools that may not be called', {tools, tool_choice: 'none'}],
	])('nothing for a request with %s', (_, fields) => {
		const {filter, recovery} = machinesFor('deepseek', fields) ?? {};
		expect([filter, recovery]).toEqual([undefined, undefined]);
	});
});
