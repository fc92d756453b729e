import {describe, expect, test} from 'vitest';
import {apiError, execCommand, message, reasoning, stream, type Script} from '../../source/demo/script.ts';
import type {ScriptedUpstream} from '../../source/demo/scripted-upstream.ts';
import {bridgedDialects, startBridged} from '../support/bridge-upstream.ts';
import {expectUnnoticed, makeCodex} from '../support/codex.ts';
import {startEngine} from '../support/engine.ts';
import {startFar} from '../support/far.ts';
import {expectNoRefusals} from '../support/upstream.ts';

/* One conversation, many makers: nobody gets hidden state of another (translation.md 6.2, case 110), and every upstream here would refuse it. */

type Kind = (typeof bridgedDialects)[number] | 'responses' | 'kimi';

const start = (kind: Kind, script: Script) =>
	kind === 'responses' ? startFar(kind, script) : startBridged(kind, script);

/** A turn with a thought, a command and an answer. */
const working = (name: string): Script => [
	{match: {toolOutputs: 0}, answer: stream([reasoning(`**${name} thinks**`), execCommand(`echo ${name}-ran`)])},
	{match: {afterTool: true}, answer: stream([reasoning(`**${name} is glad**`), message(`Hello from ${name}.`)])},
];

const expectNoForeignState = (upstreams: readonly ScriptedUpstream[]): void => {
	for (const upstream of upstreams) {
		expectNoRefusals(upstream);
		expect(upstream.requests.some(({text}) => text.includes('ctui1.'))).toBe(false);
	}
};

test('a session moves from DeepSeek to OpenAI, Claude, Gemini, back to DeepSeek, and to Kimi', async () => {
	const names = ['chat', 'responses', 'messages', 'gemini', 'kimi'] as const;
	const way = [...names.slice(0, 4), 'chat', 'responses', 'kimi'];
	const upstreams = await Promise.all(names.map(name => start(name, working(name))));
	const engine = await startEngine({codex: upstreams});
	const codex = makeCodex({url: engine.url});
	for (const [index, name] of way.entries()) {
		await engine.tell('/api/v1/pin', {service: 'codex', endpoint: `codex/${name}/default`});
		const turn = await codex.exec(...(index === 0 ? [] : ['resume', '--last']), `turn ${index}`);
		expectNoForeignState(upstreams);
		expectUnnoticed(turn, `Hello from ${name}.`);
		expect(turn.commands).toEqual([{output: `${name}-ran\n`, exitCode: 0}]);
	}

	// Plain thoughts of one open model are good for another; everything that is signed or sealed is not.
	const last = upstreams.at(-1)?.requests.at(-1)?.text ?? '';
	expect(last).toContain('"reasoning_content":"**chat thinks**"');
	expect(last).not.toContain('gAAAA');
	const {ledger} = await engine.finish();
	expect(ledger.map(({outcome, provider_id}) => `${outcome} ${provider_id}`)).toEqual(
		way.flatMap(name => Array(2).fill(`success ${name}`)),
	);
});

test.each([
	['chat', 'responses'],
	['responses', 'gemini'],
] as const)('a session of %s goes on at %s behind an engine that never saw it', async (first, second) => {
	const upstreams = [await start(first, working(first)), await start(second, working(second))] as const;
	const codex = makeCodex({url: (await startEngine({codex: [upstreams[0]]})).url});
	expectUnnoticed(await codex.exec('one'), `Hello from ${first}.`);
	codex.point((await startEngine({codex: [upstreams[1]]})).url);
	const turn = await codex.exec('resume', '--last', 'two');
	expectNoForeignState(upstreams);
	expectUnnoticed(turn, `Hello from ${second}.`);
});

describe('a turn that each upstream leaves after one step', () => {
	test.each<readonly Kind[]>([
		['responses', 'chat', 'messages', 'gemini'],
		['gemini', 'messages', 'chat', 'responses'],
		['messages', 'responses', 'gemini', 'chat'],
	])('from %s over %s and %s ends at %s', async (...dialects) => {
		const upstreams = await Promise.all(
			dialects.map((name, index) => {
				const step = stream([reasoning(`**${name} thinks**`), execCommand(`echo ${name}-ran`)]);
				const isLast = index === dialects.length - 1;
				return start(name, [
					{times: 1, answer: step},
					{answer: isLast ? stream([message('The end.')]) : apiError(503, 'service_unavailable')},
				]);
			}),
		);
		const engine = await startEngine({codex: upstreams});
		const turn = await makeCodex({url: engine.url}).exec('work');
		expectNoForeignState(upstreams);
		expectUnnoticed(turn, 'The end.');
		expect(turn.commands.map(({output}) => output)).toEqual(dialects.map(name => `${name}-ran\n`));
	});
});
