import {expect, test} from 'vitest';
import {message, stream} from '../../source/demo/script.ts';
import {startChatUpstream, type ChatRequest} from '../support/chat-upstream.ts';
import {runClaude} from '../support/claude.ts';
import {startEngine} from '../support/engine.ts';
import {startFar} from '../support/far.ts';
import {expectNoRefusals, lastRequest} from '../support/upstream.ts';

/* The real Claude Code on providers that do not speak Messages (translation.md 4.1). */

const isLastATool = ({messages}: ChatRequest): boolean => messages.at(-1)?.['role'] === 'tool';

test('on a Chat Completions upstream a tool runs, and its output reaches the model', async () => {
	const far = await startChatUpstream('deep', request =>
		isLastATool(request)
			? {text: 'The command printed tool-ran.'}
			: {call: {name: 'Bash', arguments: {command: 'echo tool-ran', description: 'Says it'}}},
	);
	const engine = await startEngine({claude: [{...far, keys: 'dialect = "chat"'}]});
	const turn = await runClaude('run a command', {url: engine.claudeUrl, args: ['--allowedTools', 'Bash']});
	expect([turn.exitCode, turn.isError, turn.text], turn.stderr).toEqual([0, false, 'The command printed tool-ran.']);
	expect(far.refusals).toEqual([]);
	expect(JSON.stringify(far.requests.at(-1)?.messages)).toContain('tool-ran');
	const {ledger} = await engine.finish();
	expect(ledger.map(({outcome}) => outcome)).toEqual(['success', 'success']);
	expect(ledger[0]?.usage?.input_tokens).toBeGreaterThan(0);
});

test('on a Responses upstream it gets the answer of a strict one', async () => {
	const far = await startFar('open', [{answer: stream([message('Hello from Responses.')])}]);
	const engine = await startEngine({claude: [{name: 'open', url: far.url, keys: 'dialect = "responses"'}]});
	const turn = await runClaude('say hi', {url: engine.claudeUrl});
	expect([turn.exitCode, turn.isError, turn.text], turn.stderr).toEqual([0, false, 'Hello from Responses.']);
	expectNoRefusals(far);
	expect(lastRequest(far).path).toBe('/v1/responses');
});
