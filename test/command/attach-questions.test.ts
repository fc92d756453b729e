import {describe, expect, test} from 'vitest';
import {changeOf, questionOf} from '../../source/command/attach-questions.ts';
import {changes} from '../../source/engine/control/changes.ts';
import type {EngineAction} from '../../source/event/protocol.ts';

/* Every action crosses the control API and comes out as it went in. */

const actions: readonly EngineAction[] = [
	{
		type: 'pin',
		service: 'codex',
		sessionId: 's-1',
		endpointKey: 'codex/a/default',
		mode: 'only',
		untilMs: 1_800_000_000_000,
	},
	{type: 'pin', service: 'claude', endpointKey: 'claude/a/default', mode: 'prefer'},
	{type: 'unpin', service: 'codex', sessionId: 's-1'},
	{type: 'unpin', service: 'claude'},
	{type: 'override', service: 'codex', sessionId: 's-1', fields: {model: 'm', effort: null}, profile: 'fast'},
	{type: 'override', service: 'codex', sessionId: 's-1', fields: {}, profile: null},
	{type: 'account', service: 'codex', provider: 'team', account: 'work', isPaused: true},
	{type: 'account', service: 'claude', provider: 'team', account: 'work', isPaused: false},
	{type: 'dismiss', endpointKey: 'codex/a/default', account: 'work'},
	{type: 'extend', endpointKey: 'codex/a/default', untilMs: 1_800_000_000_000},
	{type: 'forget-capabilities', endpointKey: 'codex/a/default', model: 'm', need: 'vision'},
	{type: 'forget-capabilities'},
	{type: 'refresh-balances', provider: 'team'},
	{type: 'refresh-balances'},
	{type: 'move-request', requestId: 'req_1', to: 'codex/b/default'},
	{type: 'move-request', requestId: 'req_1'},
	{type: 'reload-config'},
];

/** As JSON says it: what is undefined is not there. */
const asSent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('an action over the control API', () => {
	test.each(actions.map((action, index) => [action.type, index, action] as const))(
		'%s (%i) is the same on the other side',
		(_type, _index, action) => {
			const {path, body} = changeOf(action);
			const sent = Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(body))));
			const change = changes.find(known => known.path === path);
			expect(asSent(change?.read(sent))).toEqual(asSent(action));
		},
	);
});

describe('a question over the control API', () => {
	test('names a request or a session, and the version that is known', () => {
		expect(questionOf({type: 'transcript', of: {requestId: 'req 1'}})).toEqual({
			path: '/api/v1/transcript?request=req+1',
		});
		expect(questionOf({type: 'transcript', of: {sessionId: 's&1'}, knownVersion: 7})).toEqual({
			path: '/api/v1/transcript?session=s%261&known=7',
		});
	});

	test('replays and reads bodies by the paths of the engine', () => {
		expect(changeOf({type: 'replay-request', requestId: 'r', to: 'codex/a/default'})).toEqual({
			path: '/api/v1/replay',
			body: {request: 'r', to: 'codex/a/default'},
		});
		expect(questionOf({type: 'body', requestId: 'r 1', part: 'answer', form: 'pretty', from: 7})).toEqual({
			path: '/api/v1/requests/r%201/body?part=answer&form=pretty&from=7',
		});
	});

	test('explains by a path, and imagines by a body', () => {
		expect(questionOf({type: 'explain', question: {service: 'claude', requestId: 'r'}})).toEqual({
			path: '/api/v1/explain?service=claude&request=r',
		});
		expect(
			questionOf({type: 'explain', question: {service: 'codex', whatIf: {down: ['a'], withoutPin: true}}}),
		).toMatchObject({
			path: '/api/v1/what-if',
			body: {service: 'codex', down: ['a'], without_pin: true},
		});
		const request = {cwd: '/work', headers: {'x-team': 'blue'}};
		expect(questionOf({type: 'explain', question: {service: 'codex', request}})).toMatchObject({
			path: '/api/v1/what-if',
			body: {service: 'codex', cwd: '/work', headers: ['x-team=blue']},
		});
	});
});
