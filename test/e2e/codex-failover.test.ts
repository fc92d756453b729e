import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {execCommand, message, reasoning, stream, type Script} from '../../source/demo/script.ts';
import {expectUnnoticed, makeCodex} from '../support/codex.ts';
import {startEngine} from '../support/engine.ts';
import {startFar} from '../support/far.ts';
import {expectNoRefusals} from '../support/upstream.ts';
import {codexText} from '../upstreams/codex-text.ts';
import {codexTool} from '../upstreams/codex-tool.ts';
import {unseenFailures} from '../upstreams/failing.ts';

/* Upstream a comes first and fails; upstream b is healthy. Codex has its default retry settings and must not need one of them. */

const timeouts = {first_byte_ms: 500, idle_codex_ms: 1000, connect_ms: 1000};

const setUp = async (scriptOfA: Script, scriptOfB: Script = codexText) => {
	const a = await startFar('a', scriptOfA);
	const b = await startFar('b', scriptOfB);
	const engine = await startEngine({codex: [a, b], timeouts});
	return {a, b, engine, codex: makeCodex({url: engine.url})};
};

describe('Codex notices nothing when the first upstream', () => {
	test.for(Object.entries(unseenFailures))('fails with %s', async ([, answer]) => {
		const {a, b, engine, codex} = await setUp([{answer}]);
		expectUnnoticed(await codex.exec('say hi'), 'Hello from upstream.');
		expect(existsSync(path.join(codex.folder, 'half-call-ran'))).toBe(false);
		expect([a.requests.length, b.requests.length]).toEqual([1, 1]);
		expectNoRefusals(a);
		expectNoRefusals(b);
		const {ledger} = await engine.finish();
		expect(ledger).toMatchObject([
			{outcome: 'success', provider_id: 'b', retry: {upstream_chain: ['codex/a/default', 'codex/b/default']}},
		]);
		expect(ledger[0]?.retry?.route_attempts[0]?.discarded).toBe(true);
	});

	test('refuses the connection', async () => {
		const b = await startFar('b', codexText);
		const engine = await startEngine({codex: [{name: 'a', url: 'http://127.0.0.1:1/v1'}, b], timeouts});
		expectUnnoticed(await makeCodex({url: engine.url}).exec('say hi'), 'Hello from upstream.');
		expectNoRefusals(b);
	});

	test('accepts the connection and reads nothing', async () => {
		const {a, b, codex} = await setUp(codexText);
		a.setConnections('silent');
		expectUnnoticed(await codex.exec('say hi'), 'Hello from upstream.');
		expectNoRefusals(b);
	});

	test('dies in the request behind a tool: the tool runs once', async () => {
		const dying: Script = [
			{
				match: {toolOutputs: 0},
				answer: stream([reasoning('**Counting**'), execCommand('echo ran >> count')], {turnState: 'a'}),
			},
			{
				match: {afterTool: true},
				answer: stream([message('This is lost, all of it.')], {cut: {afterEvent: 5, how: 'rst'}}),
			},
		];
		const {a, b, codex} = await setUp(dying, codexTool);
		const turn = await codex.exec('run a command');
		expectUnnoticed(turn, 'The command printed tool-ran.');
		expect(turn.commands).toHaveLength(1);
		expect(a.requests.map(({headers}) => headers['x-codex-turn-state'] !== undefined)).toEqual([false, true]);
		// Neither a's turn state nor its encrypted reasoning may come to b, which would refuse both.
		expect(b.requests[0]?.headers['x-codex-turn-state']).toBeUndefined();
		expect(b.requests[0]?.text).not.toContain('encrypted_content":"gAAAA');
		expectNoRefusals(a);
		expectNoRefusals(b);
	});
});

describe('after a finished item', () => {
	const kept = message('First part, kept.', 'commentary');
	const lost = message('Second part, which is lost.');

	test('a cut makes Codex ask again, and the next upstream answers at once', async () => {
		const half = stream([kept, lost], {cut: {afterEvent: 13, how: 'fin'}});
		const {a, b, engine, codex} = await setUp([{answer: half}]);
		const turn = await codex.exec('say hi');
		expect({exitCode: turn.exitCode, answer: turn.answer}, turn.stderr).toEqual({
			exitCode: 0,
			answer: 'Hello from upstream.',
		});
		expect(turn.errors).toEqual([expect.stringContaining('Reconnecting... 1/5')]);
		expect(b.requests[0]?.text).toContain('First part, kept.');
		expect(b.requests[0]?.text).not.toContain('which is lost');
		expectNoRefusals(a);
		expectNoRefusals(b);
		const {ledger} = await engine.finish();
		expect(ledger.map(({outcome}) => outcome)).toEqual(['cut', 'success']);
	});

	test('a tool call that was finished before a cut runs once', async () => {
		const script: Script = [
			{
				match: {toolOutputs: 0},
				answer: stream([execCommand('echo ran >> count'), lost], {cut: {afterEvent: 12, how: 'rst'}}),
			},
			{match: {afterTool: true}, answer: {type: 'reset'}},
		];
		const {a, b, codex} = await setUp(script, codexTool);
		const turn = await codex.exec('count once');
		expect({exitCode: turn.exitCode, answer: turn.answer}, turn.stderr).toEqual({
			exitCode: 0,
			answer: 'The command printed tool-ran.',
		});
		expect(readFileSync(path.join(codex.folder, 'count'), 'utf8')).toBe('ran\n');
		expectNoRefusals(a);
		expectNoRefusals(b);
	});
});
