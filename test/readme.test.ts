import {readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {parseConfig} from '../source/config/load.ts';
import {parseUsageProviders} from '../source/provider/balance/usage-providers.ts';
import {root} from './support/scratch.ts';

const manual = readFileSync(path.join(root, 'README.md'), 'utf8');

const blocks = (language: string): readonly string[] =>
	[...manual.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, text]) =>
		name === language && text !== undefined ? [text] : [],
	);

const provider = (name: string): string =>
	`[codex.providers.${name}.endpoints.east]\nbase_url = "https://east.example/v1"\n` +
	`[codex.providers.${name}.endpoints.west]\nbase_url = "https://west.example/v1"\n`;

/** An example may speak of providers that it does not show, and leave the version to the one before it. */
const completed = (text: string): string => {
	const named = ['team', 'spare', 'deepseek'].filter(
		name => new RegExp(`"${name}[."]`).test(text) && !text.includes(`[codex.providers.${name}]`),
	);
	return `${text.startsWith('version') ? '' : 'version = 5\n'}${text}\n${named.map(provider).join('')}`;
};

describe('the manual', () => {
	test.for(blocks('toml').map((text, index) => [index + 1, text] as const))(
		'its configuration number %i loads without a warning',
		([, text]) => {
			const config = parseConfig(completed(text), {path: 'README.md', env: {TEAM: 'blue'}});
			expect(config.warnings).toEqual([]);
		},
	);

	test('it has them all', () => {
		expect(blocks('toml').length).toBeGreaterThanOrEqual(6);
	});

	test('its usage_providers.json is accepted without a warning', () => {
		const [text] = blocks('json').filter(block => block.includes('"providers"'));
		const {providers, warnings} = parseUsageProviders('README.md', Buffer.from(text ?? ''));
		expect(warnings).toEqual([]);
		expect(providers).toHaveLength(1);
	});
});
