import {expect, test} from 'vitest';
import {startChatUpstream, type ChatRequest} from '../support/chat-upstream.ts';
import {runClaude} from '../support/claude.ts';
import {expectUnnoticed, makeCodex} from '../support/codex.ts';
import {startEngine} from '../support/engine.ts';

/* The real clients behind a model that writes its calls into its text (translation.md 5). */

const keys = 'dialect = "chat"\nprofile = "deepseek"';
const isLastATool = ({messages}: ChatRequest): boolean => messages.at(-1)?.['role'] === 'tool';
const isAskedAgain = ({messages}: ChatRequest): boolean =>
	JSON.stringify(messages.at(-1)).includes('Your last message contained no tool call');

test('Codex runs a command that stands in the text, and goes on with its output', async () => {
	const far = await startChatUpstream('deep', request =>
		isLastATool(request)
			? {text: 'The command printed tool-ran.'}
			: {text: 'I run it.\n<tool_call>{"name":"exec_command","arguments":{"cmd":"echo tool-ran"}}</tool_call>'},
	);
	const engine = await startEngine({codex: [{...far, keys}]});
	const turn = await makeCodex({url: engine.url}).exec('run it');
	expectUnnoticed(turn, 'The command printed tool-ran.');
	expect(turn.commands.map(({output}) => output).join('')).toContain('tool-ran');
	expect(far.refusals).toEqual([]);
	expect(far.requests).toHaveLength(2);
	expect(JSON.stringify(far.requests[1]?.messages)).toContain('tool-ran');
	const {ledger} = await engine.finish();
	expect(ledger.map(({outcome}) => outcome)).toEqual(['success', 'success']);
});

test('Codex sees one answer where the model had to be asked twice', async () => {
	const far = await startChatUpstream('deep', request =>
		isLastATool(request)
			? {text: 'The command printed tool-ran.'}
			: isAskedAgain(request)
				? {call: {name: 'exec_command', arguments: {cmd: 'echo tool-ran'}}}
				: {text: 'Let me run the command first.'},
	);
	const engine = await startEngine({codex: [{...far, keys}]});
	const turn = await makeCodex({url: engine.url}).exec('run it');
	expectUnnoticed(turn, 'The command printed tool-ran.');
	expect(turn.commands.map(({output}) => output).join('')).toContain('tool-ran');
	expect(far.refusals).toEqual([]);
	expect(far.requests).toHaveLength(3);
	const {ledger} = await engine.finish();
	expect(ledger.map(({outcome}) => outcome)).toEqual(['success', 'success']);
});

test('Claude Code runs a command that stands in the text', async () => {
	const far = await startChatUpstream('deep', request =>
		isLastATool(request)
			? {text: 'The command printed tool-ran.'}
			: {
					text: '<tool_call>{"name":"Bash","arguments":{"command":"echo tool-ran","description":"Says it"}}</tool_call>',
				},
	);
	const engine = await startEngine({claude: [{...far, keys}]});
	const turn = await runClaude('run a command', {url: engine.claudeUrl, args: ['--allowedTools', 'Bash']});
	expect([turn.exitCode, turn.isError, turn.text], turn.stderr).toEqual([0, false, 'The command printed tool-ran.']);
	expect(far.refusals).toEqual([]);
	await engine.finish();
});
