import {readFileSync, rmSync} from 'node:fs';
import {expect, onTestFinished, test} from 'vitest';
import {readOrCreateToken} from '../../../source/config/home.ts';
import {Engine} from '../../../source/engine/engine.ts';
import {startFarEnd, wholeAnswer, type RawArrival} from '../../support/raw-http.ts';
import {call, newHome, optionsFor, turn} from '../../support/running-engine.ts';

/* Log level debug: four lines a translated request, names only; and an engine whose configuration stands in no file. */

const toolCall = {
	id: 'call_1',
	type: 'function',
	function: {name: 'mcp__docs__look', arguments: '{"query":"secret words"}'},
};
const chunk = (delta: object, finish: string | null = null): string =>
	`data: ${JSON.stringify({id: 'c1', model: 'm', choices: [{index: 0, delta, finish_reason: finish}]})}\n\n`;
const streamed = `${chunk({role: 'assistant', tool_calls: [{index: 0, ...toolCall}]})}${chunk({}, 'tool_calls')}data: [DONE]\n\n`;
const whole = JSON.stringify({
	id: 'c1',
	choices: [
		{index: 0, message: {role: 'assistant', content: null, tool_calls: [toolCall]}, finish_reason: 'tool_calls'},
	],
});

const answer = ({socket, body}: RawArrival): void => {
	const wantsStream = JSON.parse(body.toString()).stream === true;
	const type = {'content-type': wantsStream ? 'text/event-stream' : 'application/json'};
	socket.write(wholeAnswer(200, wantsStream ? streamed : whole, type));
};

const parameters = {type: 'object', properties: {query: {type: 'string'}}};
const asked = {
	...turn,
	tools: [
		{type: 'function', name: 'exec_command', description: 'a private description', parameters},
		{type: 'namespace', name: 'mcp__docs', description: 'd', tools: [{type: 'function', name: 'look', parameters}]},
		{type: 'web_search'},
	],
};

const start = async (logLevel: 'info' | 'debug' | undefined, lines = '') => {
	const far = await startFarEnd(answer);
	const home = await newHome();
	const token = await readOrCreateToken(home);
	const configText = `version = 5\n[codex.providers.deep]\nbase_url = "${far.url}"\ndialect = "chat"\n${lines}`;
	const engine = await Engine.start({...optionsFor(home), configText, logLevel}, () => undefined);
	onTestFinished(async () => {
		await engine.stop(0);
		await far[Symbol.asyncDispose]();
		rmSync(home.root, {recursive: true, force: true});
	});
	const port = Number(new URL(engine.doors?.url ?? '').port);
	const debugLines = (): readonly string[] =>
		readFileSync(home.engineLog, 'utf8')
			.split('\n')
			.filter(line => line.includes(' debug '));
	return {engine, far, debugLines, ask: (body: object) => call({port, token}, {body})};
};

const said = (lines: readonly string[]): readonly string[] => lines.map(line => line.replace(/^\S+ debug \S+ /, ''));

test('at level debug a streamed request leaves four lines with names and nothing else', async () => {
	const {ask, debugLines} = await start('debug');
	expect((await ask(asked)).status).toBe(200);
	expect(said(debugLines())).toEqual([
		'response tools=exec_command,mcp__docs__look,web_search',
		'upstream tools=exec_command,mcp__docs__look',
		'upstream function_calls=',
		'upstream stream function_calls=mcp__docs__look',
	]);
	expect(debugLines().join('')).not.toMatch(/secret words|private description/);
	expect(debugLines().every(line => /^\d{4}-\d\d-\d\dT[\d:.]+Z debug \S+ /.test(line))).toBe(true);
});

test('a whole answer has its calls in the line for whole answers', async () => {
	const {ask, debugLines} = await start('debug');
	expect((await ask({...asked, stream: false})).status).toBe(200);
	expect(said(debugLines()).slice(2)).toEqual([
		'upstream function_calls=mcp__docs__look',
		'upstream stream function_calls=',
	]);
});

test.each(['info', undefined] as const)('at level %s there is no such line', async level => {
	const {ask, debugLines} = await start(level);
	await ask(asked);
	expect(debugLines()).toEqual([]);
});

test('a tool of the denylist is not offered, in either spelling', async () => {
	const {ask, debugLines, far} = await start('debug', 'tool_denylist = ["mcp__docs/look"]');
	await ask(asked);
	expect(said(debugLines())[1]).toBe('upstream tools=exec_command');
	expect(far.arrivals[0]?.body.toString()).not.toContain('mcp__docs__look');
});

test('a name with a line break cannot write a line of its own', async () => {
	const {ask, debugLines} = await start('debug');
	await ask({...asked, tools: [{type: 'function', name: 'a\n2026-01-01T00:00:00Z debug x forged', parameters}]});
	expect(debugLines()).toHaveLength(4);
});

test('a configuration without a file cannot be reloaded, and says so', async () => {
	const {engine} = await start('info');
	await expect(engine.act({type: 'reload-config'})).rejects.toThrow('runs without a configuration file');
});
