import {existsSync} from 'node:fs';
import {expect, test} from 'vitest';
import {endpointInfos} from '../../../source/engine/brain/endpoint-info.ts';
import {workerPath} from '../../../source/engine/worker-path.ts';
import {configOf, endpoint, leavesOf, noCredentials} from '../../support/endpoint.ts';

test('routed endpoints come in their order, the rest behind them, and no credential goes along', () => {
	const a = endpoint('a', {
		credentials: {...noCredentials, bearer: {kind: 'inline', value: 'sk-secret'}},
		location: {path: '/home/me/config.toml', line: 12, column: 1},
	});
	const [b, off] = [
		endpoint('b', {credentials: {...noCredentials, apiKey: {kind: 'env', name: 'B_KEY'}}}),
		endpoint('off', {enabled: false}),
	];
	const config = configOf(off, a, b);
	const routed = {...config, services: {...config.services, codex: {...config.services.codex, leaves: leavesOf(b, a)}}};
	const infos = endpointInfos(routed, {env: {}, readClientKey: () => undefined});
	expect(
		infos.map(({provider, order, routePath, authSource, hasAuth, location, enabled}) => [
			provider,
			order,
			routePath,
			authSource,
			hasAuth,
			location,
			enabled,
		]),
	).toEqual([
		['b', 0, ['main', 'b'], 'missing env B_KEY', false, undefined, true],
		['a', 1, ['main', 'a'], 'inline', true, 'config.toml:12', true],
		['off', 2, [], 'none', true, undefined, false],
	]);
	expect(JSON.stringify(infos)).not.toContain('sk-secret');
});

test('the worker stands beside the engine', () => {
	expect(workerPath()).toMatch(/source\/engine\/worker\.ts$/);
	expect(existsSync(workerPath())).toBe(true);
});
