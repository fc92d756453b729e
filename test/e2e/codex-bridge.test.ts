import {describe, expect, test} from 'vitest';
import {apiError, message, reasoning, stream, type Script} from '../../source/demo/script.ts';
import {bridgedDialects, expectGrowingPrefix, startBridged} from '../support/bridge-upstream.ts';
import {bridgedCodex} from '../support/bridged-codex.ts';
import {expectUnnoticed, makeCodex} from '../support/codex.ts';
import {startEngine} from '../support/engine.ts';
import {expectNoRefusals, lastRequest} from '../support/upstream.ts';
import {codexCompact} from '../upstreams/codex-compact.ts';

/* The real Codex on strict providers that do not speak Responses (translation.md 1 to 3): what it does with a conversation. */

const answers: Script = ['one', 'two'].map(prompt => ({
	match: {promptContains: prompt},
	answer: stream([reasoning(`Thinking about ${prompt}.`), message(`Answer to ${prompt}.`)], {
		usage: {inputTokens: 100, cachedInputTokens: 40, outputTokens: 20, reasoningTokens: 5},
	}),
}));

/** What a provider gets back of its own reasoning with the next turn. */
const thoughts = {
	chat: '"reasoning_content":"Thinking about one."',
	messages: '{"type":"thinking","thinking":"Thinking about one.","signature":"EqQB',
	gemini: '"thoughtSignature":"gAAAA',
} as const;

describe.each(bridgedDialects)('Codex on a strict %s upstream', dialect => {
	test('reads a text with reasoning, and a resumed session gives both back', async () => {
		const {upstream, engine, codex} = await bridgedCodex(dialect, answers);
		const first = await codex.exec('one');
		expectNoRefusals(upstream);
		expectUnnoticed(first, 'Answer to one.');
		expect(first.events.some(({item}) => item?.type === 'reasoning' && item.text === 'Thinking about one.')).toBe(true);
		expectUnnoticed(await codex.exec('resume', '--last', 'two'), 'Answer to two.');
		expectNoRefusals(upstream);
		expect(lastRequest(upstream).text).toContain(thoughts[dialect]);
		expectGrowingPrefix(upstream);
		const {ledger} = await engine.finish();
		const row = {outcome: 'success', usage: {input_tokens: 100, cached_input_tokens: 40, output_tokens: 20}};
		expect(ledger).toMatchObject([row, row]);
		expect(new Set(ledger.map(({session_id}) => session_id)).size).toBe(1);
	});

	test('is asked for a summary in the middle of a turn and goes on with it', async () => {
		const {upstream, engine, codex} = await bridgedCodex(dialect, codexCompact, {
			top: 'model_auto_compact_token_limit = 50000',
		});
		const turn = await codex.exec('work long');
		expectNoRefusals(upstream);
		expectUnnoticed(turn, 'Done after the compaction.');
		expect(lastRequest(upstream).text).toContain('SUMMARY: one command ran.');
		expect(lastRequest(upstream).text).not.toContain('Process exited');
		const {ledger} = await engine.finish();
		expect(ledger.map(({request_kind}) => request_kind)).toEqual(['turn', 'compaction', 'turn']);
	});
});

test('a provider that is down ends by the contract', async () => {
	const engine = await startEngine({codex: [await startBridged('chat', [{answer: apiError(500, 'server_error')}])]});
	const turn = await makeCodex({url: engine.url}).exec('one');
	expect(turn.exitCode).toBe(1);
	expect(turn.errors.at(-1)).toMatch(/^codex-tui: no upstream could serve this request \(chat: answered 500/);
});
