import {existsSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {execCommand, message, reasoning, stream, type Script} from '../../source/demo/script.ts';
import {bridgedDialects, startBridged} from '../support/bridge-upstream.ts';
import {expectUnnoticed, makeCodex} from '../support/codex.ts';
import {startEngine} from '../support/engine.ts';
import {poll} from '../support/poll.ts';
import {startFar} from '../support/far.ts';
import {codexCompact} from '../upstreams/codex-compact.ts';
import {expectNoRefusals, lastRequest} from '../support/upstream.ts';

/* What goes wrong in a day, on strict providers that do not speak Responses. */

const sentence = 'This sentence is long enough to be cut in its middle.';

describe.each(bridgedDialects)('Codex on a strict %s upstream', dialect => {
	test('goes on after it was killed in the middle of a command', async () => {
		const upstream = await startBridged(dialect, [
			{
				times: 1,
				answer: stream([reasoning('**Waiting**'), execCommand('touch begun; sleep 60'), execCommand('sleep 61')]),
			},
			{answer: stream([message('I go on.')])},
		]);
		const engine = await startEngine({codex: [upstream]});
		const codex = makeCodex({url: engine.url});
		const death = new AbortController();
		const dying = codex.execWith({signal: death.signal}, 'wait');
		await poll('the command', () => existsSync(path.join(codex.folder, 'begun')) || undefined);
		death.abort();
		await dying;
		const turn = await codex.exec('resume', '--last', 'go on');
		expectNoRefusals(upstream);
		expectUnnoticed(turn, 'I go on.');
	});

	test('notices nothing where its stream fails and another upstream takes over, nor where it breaks off and is asked again', async () => {
		const parts = [reasoning('Hm.'), message(sentence)];
		const upstream = await startBridged(dialect, [
			{times: 1, answer: stream(parts, {end: {type: 'failed', code: 'server_error', message: 'Oops.'}})},
			{times: 1, answer: stream(parts, {cut: {afterEvent: 4, how: 'fin'}})},
			{answer: stream(parts)},
		]);
		const spare = await startFar('spare', [{answer: stream([message('I take over.')])}]);
		const engine = await startEngine({codex: [upstream, spare]});
		const codex = makeCodex({url: engine.url});
		expectUnnoticed(await codex.exec('speak'), 'I take over.');
		await engine.tell('/api/v1/pin', {service: 'codex', endpoint: `codex/${dialect}/default`});
		expectUnnoticed(await codex.exec('resume', '--last', 'speak on'), sentence);
		expectNoRefusals(upstream);
		expectNoRefusals(spare);
		expect([upstream.requests.length, spare.requests.length]).toEqual([3, 1]);
		expect((await engine.finish()).ledger.map(({outcome}) => outcome)).toEqual(['success', 'success']);
	});
});

test('a strict Mistral is asked for a summary right behind a tool', async () => {
	const upstream = await startBridged('mistral', codexCompact);
	const engine = await startEngine({codex: [upstream]});
	const codex = makeCodex({url: engine.url, top: 'model_auto_compact_token_limit = 50000'});
	const turn = await codex.exec('work long');
	expectNoRefusals(upstream);
	expectUnnoticed(turn, 'Done after the compaction.');
});

test('a provider that uses the same call id in every turn is told them apart', async () => {
	const again = 'functions.exec_command:0';
	const script: Script = [
		{match: {toolOutputs: 0}, answer: stream([reasoning('One.'), execCommand('echo first', again)])},
		{match: {toolOutputs: 1}, answer: stream([reasoning('Two.'), execCommand('echo second', again)])},
		{match: {toolOutputs: 2}, answer: stream([message('Both ran.')])},
	];
	const upstream = await startBridged('kimi', script);
	const engine = await startEngine({codex: [upstream]});
	const turn = await makeCodex({url: engine.url}).exec('look twice');
	expectNoRefusals(upstream);
	expectUnnoticed(turn, 'Both ran.');
	expect(turn.commands.map(({output}) => output)).toEqual(['first\n', 'second\n']);
	const ids = [...lastRequest(upstream).text.matchAll(/"(?:id|tool_call_id)":"(?<id>[^"]*)"/g)];
	expect(new Set(ids.map(({groups}) => groups?.['id'])).size).toBe(2);
});
