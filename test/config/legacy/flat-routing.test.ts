import {describe, expect, test} from 'vitest';
import {carryFile} from '../../../source/config/legacy/carry.ts';
import {parseConfig} from '../../../source/config/load.ts';

/* The third format, and what of it the fourth took: one node, written in `[S.routing]` itself. */

const path = '/h/config.toml';
const providers = ['paygo', 'monthly', 'spare']
	.map(name => `[codex.providers.${name}]\nbase_url = "https://${name}.example/v1"\ntags = {billing = "${name}"}\n`)
	.join('');
const carry = (routing: string, version = 3) =>
	carryFile(path, `version = ${version}\n${providers}# how\n[codex.routing]\n${routing}`, {});
const tries = (routing: string, version?: number): string =>
	parseConfig(carry(routing, version).text, {path, env: {}})
		.services.codex.leaves.map(({endpoint: {provider}, preferenceGroup}) => provider + preferenceGroup)
		.join(' ');

describe('a file of version 3', () => {
	test.each([
		['ordered-failover', 'order = ["spare", "paygo"]', 'spare0 paygo1'],
		['ordered-failover without an order', 'policy = "ordered-failover"', 'monthly0 paygo1 spare2'],
		['manual-sticky', 'policy = "manual-sticky"\ntarget = "paygo"\norder = ["spare", "paygo"]', 'paygo0'],
		['manual-sticky without a target', 'policy = "manual-sticky"\norder = ["spare", "paygo"]', 'spare0'],
		[
			'tag-preferred',
			'policy = "tag-preferred"\nprefer_tags = [{billing = "monthly"}]\norder = ["paygo", "monthly"]',
			'monthly0 paygo1',
		],
		[
			'tag-preferred with stop',
			'policy = "tag-preferred"\nprefer_tags = [{billing = "monthly"}]\non_exhausted = "stop"',
			'monthly0',
		],
		[
			'pool-fallback',
			'policy = "pool-fallback"\nchain = ["b", "paygo"]\npools.b = {providers = ["spare", "monthly"]}\npools.paygo = {providers = ["paygo"]}',
			'spare0 monthly1 paygo2',
		],
		[
			'pool-fallback without a chain, in the order of names',
			'policy = "pool-fallback"\npools.b = {providers = ["spare"]}\npools.a = {providers = ["paygo"]}',
			'paygo0 spare1',
		],
		[
			'pool-fallback with stop',
			'policy = "pool-fallback"\non_exhausted = "stop"\nchain = ["b", "a"]\npools.b = {providers = ["spare"]}\npools.a = {providers = ["paygo"]}',
			'spare0',
		],
	])('with %s tries the same', (_, routing, wanted) => {
		expect(tries(routing)).toBe(wanted);
		expect(tries(routing, 4)).toBe(wanted);
	});

	test('keeps comments, says which pools are left out, and gives a route no provider’s name', () => {
		const {text, notes} = carry(
			'policy = "pool-fallback"\non_exhausted = "stop"\nchain = ["paygo", "a"]\npools.paygo = {providers = ["spare"]}\npools.a = {providers = ["paygo"]}',
		);
		expect(text).toContain('# how\n[codex.routing]');
		expect(text).toContain('[codex.routing.routes.paygo_route]');
		expect(notes).toContainEqual(
			expect.stringMatching(/^\/h\/config\.toml:14: codex\.routing\.on_exhausted ends with the pool/),
		);
	});

	test.each([
		['policy = "best"', '13:1: codex.routing.policy is "best", but it takes one of ordered-failover, manual-sticky'],
		['order = ["pago"]', '13:1: codex.routing.order names "pago", which is no provider; did you mean "paygo"?'],
		['order = ["paygo", "paygo"]', '13:1: codex.routing.order names "paygo" twice'],
		['policy = "manual-sticky"\ntarget = "x"', '14:1: codex.routing.target names "x", which is no provider.'],
		['policy = "tag-preferred"', '13:1: codex.routing.policy is "tag-preferred" and needs prefer_tags.'],
		['policy = "pool-fallback"', '13:1: codex.routing.policy is "pool-fallback" and needs at least one pool.'],
		[
			'policy = "pool-fallback"\nchain = ["b"]\npools.a = {providers = ["paygo"]}',
			'14:1: codex.routing.chain names "b", which is no pool',
		],
		[
			'policy = "pool-fallback"\n[codex.routing.pools.a]\nproviders = []',
			'14:1: codex.routing.pools.a has no providers',
		],
		[
			'policy = "pool-fallback"\npools.a = {providers = ["paygo"]}\npools.b = {providers = ["paygo"]}',
			'codex.routing.pools names "paygo" twice',
		],
	])('with a fault is refused with file, line and key: %s', (routing, sentence) => {
		expect(() => carry(routing)).toThrow(`${path}:`);
		expect(() => carry(routing)).toThrow(sentence);
	});

	test('that stays with a provider which is switched off is refused', () => {
		const off =
			'version = 3\n[codex.providers.a]\nenabled = false\nbase_url = "https://a.example"\n[codex.routing]\npolicy = "manual-sticky"\ntarget = "a"\n';
		expect(() => carryFile(path, off, {})).toThrow(
			'config.toml:7:1: codex.routing.target stays with "a", which is switched off',
		);
	});
});

describe('a file of version 4', () => {
	const routes =
		'[codex.routing.routes.main]\nstrategy = "ordered-failover"\nchildren = ["spare", "inner"]\n[codex.routing.routes.inner]\nchildren = ["paygo"]\n';

	test('has the routes of today', () => expect(tries(`entry = "main"\n${routes}`, 4)).toBe('spare0 paygo1'));

	test('whose routes stand beside the old keys goes by its routes and says so', () => {
		expect(tries(`policy = "ordered-failover"\norder = ["monthly"]\n${routes}`, 4)).toBe('spare0 paygo1');
		expect(carry(`order = ["monthly"]\n${routes}`, 4).notes).toContainEqual(
			expect.stringContaining('codex.routing.order stands beside routes, which decide'),
		);
	});

	test('has hard affinity as codex-helper means it, and says so', () => {
		const {text, notes} = carry(`affinity_policy = "hard"\n${routes}`, 4);
		expect(parseConfig(text, {path, env: {}}).services.codex.graph.affinity.policy).toBe('hard-compact');
		expect(notes).toContainEqual(expect.stringContaining('is read as "hard-compact"'));
	});
});
