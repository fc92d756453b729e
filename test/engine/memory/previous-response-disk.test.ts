import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import type {Home} from '../../../source/config/home.ts';
import {startChatUpstream, type ChatUpstream} from '../../support/chat-upstream.ts';
import {call, newHome, startEngine, until, type RunningEngine} from '../../support/running-engine.ts';
import {scratchFolder} from '../../support/scratch.ts';
import {upstreamKey} from '../../support/upstream.ts';

/* The response store on disk, over restarts of the engine (translation.md 6.1). */

const tools = [{type: 'function', name: 'f', parameters: {type: 'object', properties: {}}}];

const startFar = (): Promise<ChatUpstream> =>
	startChatUpstream('deep', ({messages}) =>
		messages.at(-1)?.['role'] === 'tool'
			? {text: 'Done.'}
			: {call: {name: 'f', arguments: {a: 1}}, reasoning: 'I need f.'},
	);

const startIn = (home: Home, {url}: ChatUpstream, history: string): Promise<RunningEngine> =>
	startEngine({
		providers: [{name: 'deep', url, key: upstreamKey, extra: 'dialect = "chat"\nprofile = "deepseek"\n'}],
		...{home, more: `[history]\n${history}`},
	});

interface Answer {
	readonly id: string;
	readonly output: ReadonlyArray<{readonly type: string; readonly call_id?: string}>;
}

const post = async (engine: RunningEngine, body: object): Promise<Answer> => {
	const {status, text} = await call(engine, {client: 'sdk', body: {model: 'm', tools, ...body}});
	expect(status, text).toBe(200);
	return JSON.parse(text);
};

const callIn = ({output}: Answer): Answer['output'][number] | undefined =>
	output.find(({type}) => type === 'function_call');

test('a conversation and its reasoning go on after a restart, from files that a person can read', async () => {
	const far = await startFar();
	const home = await newHome();
	const first = await startIn(home, far, 'store = "disk"');
	const asked = await post(first, {input: 'go'});
	await first.stop();
	const folder = path.join(home.root, 'history');
	const filesIn = (name: string): readonly string[] => readdirSync(path.join(folder, name));
	expect(filesIn('sessions')).toEqual([`${asked.id}.json`]);
	expect([filesIn('reasoning').length, filesIn('turns').length]).toEqual([1, 1]);
	expect(statSync(path.join(folder, 'sessions', `${asked.id}.json`)).mode & 0o777).toBe(0o600);

	await using second = await startIn(home, far, 'store = "disk"');
	const output = {type: 'function_call_output', call_id: callIn(asked)?.call_id, output: 'ran'};
	await post(second, {input: [output], previous_response_id: asked.id});
	// The whole history, without reasoning and without a name: the call's own file has it.
	await post(second, {input: [{role: 'user', content: 'go'}, callIn(asked), output], store: false});
	for (const index of [1, 2]) {
		expect(far.requests[index]?.messages[1]).toMatchObject({role: 'assistant', reasoning_content: 'I need f.'});
	}
});

test('max_sessions holds, and what is over it leaves the disk', async () => {
	const far = await startFar();
	await using engine = await startIn(await newHome(), far, 'store = "disk"\nmax_sessions = 2');
	for (const input of ['one', 'two', 'three', 'four']) {
		await post(engine, {input});
	}

	const sessions = path.join(engine.home.root, 'history/sessions');
	await until(
		'the older ones were removed',
		() => readdirSync(sessions).filter(name => !name.endsWith('.tmp')).length === 2,
	);
});

test('a folder that cannot be used is told in the log, and conversations are kept in memory', async () => {
	const far = await startFar();
	const blocked = path.join(scratchFolder('history'), 'file');
	writeFileSync(blocked, '');
	await using engine = await startIn(await newHome(), far, `store = "disk"\ndir = ${JSON.stringify(blocked)}`);
	const asked = await post(engine, {input: 'go'});
	const output = {type: 'function_call_output', call_id: callIn(asked)?.call_id, output: 'ran'};
	expect((await post(engine, {input: [output], previous_response_id: asked.id})).output[0]?.type).toBe('message');
	await until('the log says so', () =>
		readFileSync(engine.home.engineLog, 'utf8').includes('The response store cannot use its folder'),
	);
});
