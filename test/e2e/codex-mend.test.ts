import {expect, test} from 'vitest';
import {startChatFront} from '../support/chat-front.ts';
import {startChatUpstream} from '../support/chat-upstream.ts';
import {expectUnnoticed, makeCodex} from '../support/codex.ts';
import {startEngine} from '../support/engine.ts';

/* The real Codex on an upstream that refuses fields of its requests (translation.md 1.11). */

test('Codex notices nothing of refused fields, and a later turn goes out without them from the start', async () => {
	const far = await startChatUpstream('deep', ({messages}) => ({
		text: `Answer ${messages.filter(({role}) => role === 'assistant').length + 1}.`,
	}));
	const front = await startChatFront(far.url, {refuses: ['parallel_tool_calls', 'stream_options']});
	const engine = await startEngine({codex: [{name: 'deep', url: front.url, keys: 'dialect = "chat"'}]});
	const codex = makeCodex({url: engine.url});
	expectUnnoticed(await codex.exec('one'), 'Answer 1.');
	expectUnnoticed(await codex.exec('resume', '--last', 'two'), 'Answer 2.');
	expect(front.refused).toEqual(['parallel_tool_calls', 'stream_options']);
	expect(far.requests).toHaveLength(2);
	expect(far.refusals).toEqual([]);
	expect(await engine.look('/api/v1/capabilities')).toMatchObject({
		capabilities: expect.arrayContaining([
			expect.objectContaining({need: 'mend:drop:parallel_tool_calls', model: 'gpt-5.5', isLearned: true}),
			expect.objectContaining({need: 'mend:drop:stream_options', isLearned: true}),
		]),
	});
	const {ledger} = await engine.finish();
	expect(ledger.map(({outcome, retry}) => [outcome, retry?.attempts])).toEqual([
		['success', 3],
		['success', 1],
	]);
});
