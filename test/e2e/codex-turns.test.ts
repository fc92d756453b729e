import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import type {Script} from '../../source/demo/script.ts';
import {ClientSessionSource} from '../../source/observe/sessions/session-source.ts';
import {expectUnnoticed, makeCodex, type CodexSetup} from '../support/codex.ts';
import {startEngine} from '../support/engine.ts';
import {startFar} from '../support/far.ts';
import {expectNoRefusals, lastRequest} from '../support/upstream.ts';
import {codexCompact} from '../upstreams/codex-compact.ts';
import {codexParallel} from '../upstreams/codex-parallel.ts';
import {codexReview} from '../upstreams/codex-review.ts';
import {codexSubagent} from '../upstreams/codex-subagent.ts';
import {codexText} from '../upstreams/codex-text.ts';
import {codexPatch, codexTool} from '../upstreams/codex-tool.ts';

/* What Codex does all day, through the engine to one healthy upstream. */

const setUp = async (script: Script, setup: Partial<CodexSetup> = {}) => {
	const upstream = await startFar('upstream', script);
	const engine = await startEngine({codex: [upstream]});
	return {upstream, engine, codex: makeCodex({url: engine.url, ...setup})};
};

/** A main thread before those that it started. */
const byDepth = (left: {readonly origin: string}, right: {readonly origin: string}): number =>
	left.origin.localeCompare(right.origin);

/** All outputs of tools that the last request carried, in order. */
const outputsIn = (body: unknown): readonly string[] => {
	const {input}: {input: ReadonlyArray<{type: string; output?: string}>} = JSON.parse(String(body));
	return input.filter(({type}) => type.endsWith('_call_output')).map(({output}) => String(output));
};

describe('with the real Codex', () => {
	test('a text turn is one request, answered word for word', async () => {
		const {upstream, engine, codex} = await setUp(codexText);
		expectUnnoticed(await codex.exec('say hi'), 'Hello from upstream.');
		expect(upstream.requests.map(({path: target, prompt}) => [target, prompt])).toEqual([['/v1/responses', 'say hi']]);
		expectNoRefusals(upstream);
		const {ledger} = await engine.finish();
		expect(ledger).toMatchObject([
			{
				outcome: 'success',
				status_code: 200,
				client: 'codex',
				request_kind: 'turn',
				model: 'gpt-5.5',
				provider_id: 'upstream',
			},
		]);
		expect(ledger[0]?.usage?.output_tokens).toBeGreaterThan(0);
	});

	test('a tool runs once and its output reaches the upstream with the turn state', async () => {
		const {upstream, codex} = await setUp(codexTool);
		const turn = await codex.exec('run a command');
		expectUnnoticed(turn, 'The command printed tool-ran.');
		expect(turn.commands).toEqual([{output: 'tool-ran\n', exitCode: 0}]);
		expect(outputsIn(lastRequest(upstream).text)).toEqual([expect.stringContaining('tool-ran')]);
		expect(upstream.requests.map(({headers}) => headers['x-codex-turn-state'] !== undefined)).toEqual([false, true]);
		expectNoRefusals(upstream);
	});

	test('a patch is applied', async () => {
		const {upstream, codex} = await setUp(codexPatch);
		expectUnnoticed(await codex.exec('write a file'), 'I added hello.txt.');
		expect(outputsIn(lastRequest(upstream).text)).toEqual([expect.stringContaining('A hello.txt')]);
		expectNoRefusals(upstream);
	});

	test('parallel tools run both and their outputs come in the order of the calls', async () => {
		const {upstream, codex} = await setUp(codexParallel);
		const turn = await codex.exec('look twice');
		expectUnnoticed(turn, 'Both commands ran: first and second.');
		expect(turn.commands.map(({output}) => output).toSorted()).toEqual(['first\n', 'second\n']);
		expect(outputsIn(lastRequest(upstream).text)).toEqual([
			expect.stringContaining('first'),
			expect.stringContaining('second'),
		]);
		expectNoRefusals(upstream);
	});

	test('a resumed session carries its history, and is the same session in the ledger', async () => {
		const {upstream, engine, codex} = await setUp(codexText);
		expectUnnoticed(await codex.exec('remember the word plum'), 'Hello from upstream.');
		expectUnnoticed(await codex.exec('resume', '--last', 'which word?'), 'Hello from upstream.');
		expect(lastRequest(upstream).prompt).toBe('which word?');
		expect(lastRequest(upstream).text).toContain('remember the word plum');
		expect(lastRequest(upstream).text).toContain('encrypted_content":"gAAAA');
		expectNoRefusals(upstream);
		const {ledger} = await engine.finish();
		expect(ledger).toHaveLength(2);
		expect(new Set(ledger.map(({session_id}) => session_id)).size).toBe(1);
	});

	test('a sub-agent is a thread of its own in the same session', async () => {
		const {upstream, engine, codex} = await setUp(codexSubagent);
		const turn = await codex.exec('use a helper');
		expectUnnoticed(turn, 'The helper said hi.');
		expect(turn.events.some(({item}) => item?.type === 'collab_tool_call' && item.tool === 'spawn_agent')).toBe(true);
		expect(upstream.requests.map(({kind}) => kind)).toContain('subagent');
		expectNoRefusals(upstream);
		const {ledger} = await engine.finish();
		expect(new Set(ledger.map(({thread_id}) => thread_id)).size).toBe(2);
		const source = new ClientSessionSource({codexHome: codex.home, claudeHome: codex.folder, redact: text => text});
		const {sessions} = await source.complete();
		expect(sessions.toSorted(byDepth).map(({origin, title, faults}) => [origin, title, faults])).toEqual([
			['main', 'use a helper', []],
			['subagent', 'say hi as a child', []],
		]);
		expect(sessions.map(({sessionId}) => sessionId)).toEqual([ledger[0]?.session_id, ledger[0]?.session_id]);
		expect(new Set(ledger.map(({session_id}) => session_id)).size).toBe(1);
	});

	test('a review prints its finding', async () => {
		const {upstream, engine, codex} = await setUp(codexReview);
		execFileSync('git', ['init', '--quiet'], {cwd: codex.folder});
		writeFileSync(path.join(codex.folder, 'f.txt'), 'helo\n');
		const turn = await codex.exec('review', '--uncommitted');
		expect({exitCode: turn.exitCode, errors: turn.errors}, turn.stderr).toEqual({exitCode: 0, errors: []});
		expect(turn.answer).toContain('[P1] Wrong word');
		expect(upstream.requests.map(({kind}) => kind)).toEqual(['review']);
		expectNoRefusals(upstream);
		const {ledger} = await engine.finish();
		expect(ledger.map(({request_kind}) => request_kind)).toEqual(['review']);
	});

	test('a compaction passes through', async () => {
		const {upstream, engine, codex} = await setUp(codexCompact, {top: 'model_auto_compact_token_limit = 50000'});
		expectUnnoticed(await codex.exec('work long'), 'Done after the compaction.');
		expect(upstream.requests.map(({kind}) => kind)).toEqual(['turn', 'compaction', 'turn']);
		expect(lastRequest(upstream).text).toContain('SUMMARY: one command ran.');
		expectNoRefusals(upstream);
		const {ledger} = await engine.finish();
		expect(ledger.map(({request_kind}) => request_kind)).toEqual(['turn', 'compaction', 'turn']);
	});

	test('a provider that offers WebSockets is told at once to use HTTP', async () => {
		const {upstream, engine, codex} = await setUp(codexText, {provider: 'supports_websockets = true'});
		const turn = await codex.exec('say hi');
		expect({exitCode: turn.exitCode, errors: turn.errors, answer: turn.answer}, turn.stderr).toEqual({
			exitCode: 0,
			errors: [],
			answer: 'Hello from upstream.',
		});
		expect(turn.tookMs).toBeLessThan(5000);
		expect(upstream.requests.map(({method}) => method)).toEqual(['POST']);
		expectNoRefusals(upstream);
		const {ledger} = await engine.finish();
		expect(ledger.map(({outcome}) => outcome)).toEqual(['success']);
	});
});
