import {describe, expect, test} from 'vitest';
import type {Script} from '../../source/demo/script.ts';
import {expectGrowingPrefix, startBridged} from '../support/bridge-upstream.ts';
import {runClaude, type ClaudeTurn} from '../support/claude.ts';
import {startEngine} from '../support/engine.ts';
import {expectNoRefusals, lastRequest} from '../support/upstream.ts';
import {claudeSubagent} from '../upstreams/claude-subagent.ts';
import {claudeText} from '../upstreams/claude-text.ts';
import {claudeTool} from '../upstreams/claude-tool.ts';

/* The real Claude Code on strict providers that do not speak Messages (translation.md 4.1). */

const expectAnswer = (turn: ClaudeTurn, text: string): void => {
	expect([turn.exitCode, turn.isError, turn.text], turn.stderr).toEqual([0, false, text]);
};

/** How a provider gets its own thought back with a tool's result. */
const thoughts = {
	chat: '"reasoning_content":"I run the command."',
	responses: '"encrypted_content":"gAAAA',
} as const;

describe.each(['responses', 'chat'] as const)('Claude Code on a strict %s upstream', dialect => {
	const setUp = async (script: Script) => {
		const upstream = await startBridged(dialect, script);
		return {upstream, engine: await startEngine({claude: [upstream]})};
	};

	test('reads a text', async () => {
		const {upstream, engine} = await setUp(claudeText);
		const turn = await runClaude('say hi', {url: engine.claudeUrl});
		expectNoRefusals(upstream);
		expectAnswer(turn, 'Hello from upstream.');
		expect(lastRequest(upstream).text).not.toContain('x-anthropic-billing-header');
		const {ledger} = await engine.finish();
		expect(ledger).toMatchObject([{outcome: 'success', client: 'claude-code', provider_id: dialect}]);
		expect(ledger[0]?.usage?.output_tokens).toBeGreaterThan(0);
	});

	test('runs a tool, and its output and the thought before it reach the model', async () => {
		const {upstream, engine} = await setUp(claudeTool);
		const turn = await runClaude('run a command', {url: engine.claudeUrl, args: ['--allowedTools', 'Bash']});
		expectNoRefusals(upstream);
		expectAnswer(turn, 'The command printed tool-ran.');
		expect(lastRequest(upstream).text).toContain('tool-ran');
		expect(lastRequest(upstream).text).toContain(thoughts[dialect]);
		expectGrowingPrefix(upstream);
		expect((await engine.finish()).ledger.map(({outcome}) => outcome)).toEqual(['success', 'success']);
	});

	test('starts a sub-agent and takes up its answer', async () => {
		const {upstream, engine} = await setUp(claudeSubagent);
		const turn = await runClaude('use a helper', {url: engine.claudeUrl});
		expectNoRefusals(upstream);
		expectAnswer(turn, 'The helper said hi.');
		expect(lastRequest(upstream).text).toContain('child says hi');
		expect((await engine.finish()).ledger.map(({request_kind}) => request_kind)).toContain('subagent');
	});
});
