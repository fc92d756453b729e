import {expect, test} from 'vitest';
import {startChatUpstream} from '../../support/chat-upstream.ts';
import {call, startEngine} from '../../support/running-engine.ts';
import {upstreamKey} from '../../support/upstream.ts';

/*
 * A compaction that only an upstream of the Responses protocol can make is not imitated: a provider of another protocol is not asked for one.
 * Codex compacts by an ordinary turn where its provider has any name but "OpenAI" (codex-wire.md 5), and that is translated as every turn is.
 */

const input = [{type: 'message', role: 'user', content: 'go'}];

test.each([
	['case 39: a compaction_trigger', '/v1/responses', {input: [...input, {type: 'compaction_trigger'}], stream: true}],
	['POST /responses/compact', '/v1/responses/compact', {input}],
])('%s in front of a Chat upstream ends with a sentence, and nobody is asked', async (_title, path, body) => {
	const far = await startChatUpstream('deep', () => ({text: 'never'}));
	const extra = 'dialect = "chat"\n';
	await using engine = await startEngine({providers: [{name: 'deep', url: far.url, key: upstreamKey, extra}]});
	const {text} = await call(engine, {client: 'codex', path, body: {model: 'm', ...body}});
	expect(text).toContain(
		'codex-tui: no upstream could serve this request (deep: it speaks chat, the request responses)',
	);
	expect(far.requests).toEqual([]);
});
