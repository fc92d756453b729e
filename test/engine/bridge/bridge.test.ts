import {describe, expect, test} from 'vitest';
import {buildBridge} from '../../../source/engine/bridge/bridge.ts';
import type {JsonObject} from '../../../source/wire/json-value.ts';

const bridgeTo = (body: JsonObject) =>
	buildBridge({
		call: {dialect: 'responses', client: 'codex', isStreaming: true, model: 'gpt-5.5'},
		body: Buffer.from(JSON.stringify({model: 'gpt-5.5', input: 'hi', ...body})),
		dialect: 'messages',
		profile: 'anthropic',
		textTools: 'off',
		intent: {level: 0, anyUrl: false, anyCommand: false},
		model: 'claude-opus-4-8',
		requestId: 'r1',
		nowMs: 0,
	});

describe('the head of a bridged Messages request', () => {
	test('names the betas that the body needs', () => {
		expect(bridgeTo({reasoning: {effort: 'high'}})?.headers).toEqual({
			'anthropic-version': '2023-06-01',
			'anthropic-beta': 'effort-2025-11-24',
		});
	});

	test('names no beta where the body needs none', () => {
		expect(bridgeTo({})?.headers).toEqual({'anthropic-version': '2023-06-01'});
	});
});
