import {expect, test} from 'vitest';
import {routeCallOf} from '../../../source/engine/brain/route-call.ts';
import {askOf} from '../../../source/engine/brain/session-profile.ts';
import {identify} from '../../../source/identify/identify.ts';
import {findServedPath} from '../../../source/identify/paths.ts';
import type {StateClaim} from '../../../source/route/inputs.ts';

test('a plan is made for what will be asked for, with all that conditions look at', () => {
	const target = findServedPath('/v1/responses');
	const headers = {
		'session-id': 's1',
		'x-openai-subagent': 'collab_spawn',
		'x-codex-turn-metadata': JSON.stringify({request_kind: 'turn', workspaces: {'/work/repo': {}}}),
	};
	const body = Buffer.from('{"model":"asked","service_tier":"priority","reasoning":{"effort":"low"}}');
	const call = target && identify({method: 'POST', path: '/v1/responses', query: '', target, headers, body});
	if (!call) {
		throw new Error('/v1/responses is not served');
	}

	const asked = askOf({request: call, override: {model: 'big'}, binding: undefined, profile: undefined});
	const state: StateClaim = {
		kind: 'ordinary',
		isBound: false,
		binding: [],
		owner: undefined,
		isRepairable: false,
	};
	expect(routeCallOf(call, {asked, state, needs: new Set(['vision'])})).toEqual({
		service: 'codex',
		dialect: 'responses',
		client: 'codex',
		method: 'POST',
		path: '/v1/responses',
		headers,
		model: 'big',
		tier: 'priority',
		effort: 'low',
		kind: 'subagent',
		sessionId: 's1',
		isSubagent: true,
		subagent: 'collab_spawn',
		cwd: '/work/repo',
		state,
		needs: new Set(['vision']),
	});
});
