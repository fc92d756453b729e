import {describe, expect, test} from 'vitest';
import {ConfigError} from '../../source/config/config-error.ts';
import {parseConfig} from '../../source/config/load.ts';

const load = (lines: string) =>
	parseConfig(`version = 5\n[codex.providers.a]\n${lines}`, {path: '/h/config.toml', env: {}});
const endpointOf = (lines: string) => load(lines).services.codex.endpoints[0];
const url = 'base_url = "http://127.0.0.1:1/v1"\n';

const errorOf = (lines: string): string => {
	try {
		load(lines);
	} catch (error) {
		if (error instanceof ConfigError) {
			return `${error.code} ${error.message}`;
		}

		throw error;
	}

	throw new Error('it loaded');
};

const intent = (more: string): string => `${url}[codex.providers.a.intent]\nlevel = 3\n${more}`;

describe('text_tools', () => {
	test('is strict and asks once more for profiles that leak, and off for the others', () => {
		expect(endpointOf('preset = "deepseek"')).toMatchObject({textTools: 'strict', intent: {level: 1}});
		expect(endpointOf('preset = "openai"')).toMatchObject({textTools: 'off', intent: {level: 0}});
		expect(endpointOf(url)).toMatchObject({textTools: 'off', intent: {level: 0}});
	});

	test('is the endpoint’s own word, else its provider’s, else its profile’s', () => {
		const {services} = load(
			'profile = "kimi"\ntext_tools = "aggressive"\n[codex.providers.a.endpoints.x]\nbase_url = "http://127.0.0.1:1/v1"\n[codex.providers.a.endpoints.y]\nbase_url = "http://127.0.0.1:1/v1"\ntext_tools = "off"\n',
		);
		expect(services.codex.endpoints).toMatchObject([{textTools: 'aggressive'}, {textTools: 'off', intent: {level: 0}}]);
	});

	test('takes three words, and an error names file and line', () => {
		expect(errorOf(`${url}text_tools = "on"`)).toBe(
			'config-value /h/config.toml:4:1: codex.providers.a.text_tools is "on", but it takes one of off, strict, aggressive.',
		);
	});
});

describe('intent', () => {
	test('level 3 needs its acknowledgement in the same table', () => {
		for (const more of ['', 'synthesise_ack = "yes"', 'synthesise_ack = "i understand"']) {
			expect(errorOf(intent(more))).toMatch(
				/^config-intent \/h\/config\.toml:5:\d+: codex\.providers\.a\.intent\.level is 3: .*synthesise_ack = "I understand"/,
			);
		}

		expect(endpointOf(intent('synthesise_ack = "I understand"\nany_url = true'))).toMatchObject({
			intent: {level: 3, anyUrl: true, anyCommand: false},
		});
	});

	test('an endpoint goes on from its provider’s table', () => {
		const {services} = load(
			`[codex.providers.a.intent]\nlevel = 2\nany_command = true\n[codex.providers.a.endpoints.x]\n${url}intent = {level = 0}\n`,
		);
		expect(services.codex.endpoints).toMatchObject([{intent: {level: 0, anyCommand: true}}]);
	});

	test('wrong values and unknown keys are told with file and line', () => {
		expect(errorOf(`${url}intent = {level = 4}`)).toMatch(/^config-value \/h\/config\.toml:4:/);
		expect(errorOf(`${url}intent = "nudge"`)).toMatch(/^config-type \/h\/config\.toml:4:/);
		expect(load(`${url}intent = {levels = 1}`).warnings).toEqual([
			expect.stringMatching(
				/config\.toml:4: the key codex\.providers\.a\.intent\.levels is not known.*did you mean level\?/,
			),
		]);
		expect(load(`${url}text_tools = "strict"\nintent = {level = 1}`).warnings).toEqual([]);
	});
});
