import {describe, expect, test} from 'vitest';
import {apiError, message, reasoning, stream} from '../../source/demo/script.ts';
import {startChatUpstream, type ChatRequest} from '../support/chat-upstream.ts';
import {expectUnnoticed, makeCodex} from '../support/codex.ts';
import {startEngine} from '../support/engine.ts';
import {startFar} from '../support/far.ts';

/* The real Codex on a provider that speaks Chat Completions only (translation.md 1 to 3). */

const keys = 'dialect = "chat"';

const lastRole = ({messages}: ChatRequest): unknown => messages.at(-1)?.['role'];

describe('Codex on a Chat Completions upstream', () => {
	test('reads a text turn with reasoning, and its next turn carries the conversation', async () => {
		const far = await startChatUpstream('deep', ({messages}) => ({
			text: `Answer ${messages.filter(({role}) => role === 'assistant').length + 1}.`,
			reasoning: 'Thinking about it.',
		}));
		const engine = await startEngine({codex: [{...far, keys}]});
		const codex = makeCodex({url: engine.url});
		expectUnnoticed(await codex.exec('one'), 'Answer 1.');
		expectUnnoticed(await codex.exec('resume', '--last', 'two'), 'Answer 2.');
		expect(far.refusals).toEqual([]);
		expect(far.requests.every(({path}) => path === '/v1/chat/completions')).toBe(true);
		expect(far.requests[0]?.headers['x-codex-turn-metadata']).toBeUndefined();
		const {ledger} = await engine.finish();
		expect(ledger.map(({outcome, usage}) => [outcome, usage?.input_tokens, usage?.cached_input_tokens])).toEqual([
			['success', 100, 40],
			['success', 100, 40],
		]);
	});

	test('runs a command that the model asked for and answers with its output', async () => {
		const far = await startChatUpstream('deep', request => {
			if (lastRole(request) === 'tool') {
				return {text: 'The command printed tool-ran.'};
			}

			const tools = Array.isArray(request.body['tools']) ? request.body['tools'] : [];
			const names = tools.map((tool: {function?: {name?: string}}) => tool.function?.name ?? '');
			const name = names.find(each => /exec_command|shell/.test(each)) ?? 'none';
			return {
				call: {
					name,
					arguments: name === 'exec_command' ? {cmd: 'echo tool-ran'} : {command: ['bash', '-lc', 'echo tool-ran']},
				},
			};
		});
		const engine = await startEngine({codex: [{...far, keys}]});
		const turn = await makeCodex({url: engine.url}).exec('run it');
		expectUnnoticed(turn, 'The command printed tool-ran.');
		expect(turn.commands.map(({output}) => output).join('')).toContain('tool-ran');
		expect(far.refusals).toEqual([]);
		expect((await engine.finish()).ledger).toHaveLength(2);
	});

	test('takes over from a dead Responses upstream in the middle of a session, and gives the session back', async () => {
		const a = await startFar('a', [{answer: stream([reasoning('**a thinks**'), message('Hello from a.')])}]);
		const far = await startChatUpstream('deep', () => ({text: 'Hello from deep.'}));
		const engine = await startEngine({codex: [a, {...far, keys}]});
		const codex = makeCodex({url: engine.url});
		expectUnnoticed(await codex.exec('one'), 'Hello from a.');
		a.setScript([{answer: apiError(503, 'service_unavailable')}]);
		expectUnnoticed(await codex.exec('resume', '--last', 'two'), 'Hello from deep.');
		expect(JSON.stringify(far.requests[0]?.messages)).toContain('Hello from a.');
		a.setScript([{answer: stream([message('Back at a.')])}]);
		await engine.tell('/api/v1/pin', {service: 'codex', endpoint: 'codex/a/default'});
		expectUnnoticed(await codex.exec('resume', '--last', 'three'), 'Back at a.');
		expect(far.refusals).toEqual([]);
		expect(a.refusals).toEqual([]);
	});

	test('that is down as well ends by the contract', async () => {
		const far = await startChatUpstream('deep', () => ({status: 500}));
		const engine = await startEngine({codex: [{...far, keys}]});
		const turn = await makeCodex({url: engine.url}).exec('one');
		expect(turn.exitCode).toBe(1);
		expect(turn.errors.at(-1)).toMatch(/^codex-tui: no upstream could serve this request \(deep: answered 500/);
	});
});
