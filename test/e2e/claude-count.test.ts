import {expect, test} from 'vitest';
import {message, stream} from '../../source/demo/script.ts';
import {startChatUpstream} from '../support/chat-upstream.ts';
import {runClaude} from '../support/claude.ts';
import {startEngine} from '../support/engine.ts';
import {startFar} from '../support/far.ts';

/* The real Claude Code asks how many tokens its parts have: a burst of count_tokens on `/context` (claude-wire.md 1). */

test('on a Chat Completions upstream its /context is counted here: the upstream is not asked', async () => {
	const far = await startChatUpstream('deep', () => ({text: 'never'}));
	const engine = await startEngine({claude: [{...far, keys: 'dialect = "chat"'}]});
	const turn = await runClaude('/context', {url: engine.claudeUrl});
	expect([turn.exitCode, turn.isError], turn.stderr).toEqual([0, false]);
	expect(turn.text).toMatch(/tokens/i);
	expect(far.requests).toEqual([]);
	const {ledger} = await engine.finish();
	const counted = ledger.filter(({path}) => path.startsWith('/v1/messages/count_tokens'));
	expect(counted.length).toBeGreaterThan(5);
	expect(new Set(counted.map(({outcome}) => outcome))).toEqual(new Set(['success']));
});

test('on a Responses upstream it is counted here as well', async () => {
	const far = await startFar('open', [{answer: stream([message('never')])}]);
	const engine = await startEngine({claude: [{name: 'open', url: far.url, keys: 'dialect = "responses"'}]});
	const turn = await runClaude('/context', {url: engine.claudeUrl});
	expect([turn.exitCode, turn.isError], turn.stderr).toEqual([0, false]);
	expect(far.requests).toEqual([]);
});
