import {expect, test} from 'vitest';
import {startChatUpstream} from '../support/chat-upstream.ts';
import {expectUnnoticed, makeCodex} from '../support/codex.ts';
import {startEngine} from '../support/engine.ts';

/* Answers that meet an upstream's limit of length, and the real Codex (translation.md 2.8). */

test('with on_length = "endturn" Codex asks on by itself, and the half answer stands in the next request', async () => {
	const far = await startChatUpstream('deep', ({messages}) =>
		messages.some(({role}) => role === 'assistant')
			? {text: 'the second half.'}
			: {text: 'The first half and ', finish: 'length'},
	);
	const engine = await startEngine({codex: [{...far, keys: 'dialect = "chat"\non_length = "endturn"'}]});
	const turn = await makeCodex({url: engine.url}).exec('tell me');
	expectUnnoticed(turn, 'the second half.');
	expect(far.refusals).toEqual([]);
	expect(far.requests).toHaveLength(2);
	expect(far.requests[1]?.messages.slice(-2)).toMatchObject([
		{role: 'assistant', content: expect.stringContaining('The first half and')},
		{role: 'user'},
	]);
});

test('a model that is cut every time is asked on three times, then Codex is told', async () => {
	const far = await startChatUpstream('deep', () => ({text: 'half', finish: 'length'}));
	const engine = await startEngine({codex: [{...far, keys: 'dialect = "chat"\non_length = "endturn"'}]});
	const turn = await makeCodex({url: engine.url}).exec('tell me');
	expect(turn.exitCode).not.toBe(0);
	expect(far.requests).toHaveLength(4);
});
