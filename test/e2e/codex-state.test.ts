import {describe, expect, test} from 'vitest';
import {apiError, message, reasoning, stream, type Script} from '../../source/demo/script.ts';
import {expectUnnoticed, makeCodex} from '../support/codex.ts';
import {startEngine} from '../support/engine.ts';
import {startFar} from '../support/far.ts';
import {expectNoRefusals, lastRequest} from '../support/upstream.ts';
import {codexTool} from '../upstreams/codex-tool.ts';

/*
 * Hidden state belongs to the upstream that issued it (architecture.md, rule 5). The scripted upstreams refuse encrypted content
 * and turn states that they did not issue, as the real ones do.
 */

const saying = (name: string): Script => [
	{answer: stream([reasoning(`**${name} thinks**`), message(`Hello from ${name}.`)], {turnState: name})},
];
const down: Script = [{answer: apiError(503, 'service_unavailable')}];

const setUp = async () => {
	const a = await startFar('a', saying('a'));
	const b = await startFar('b', saying('b'));
	const engine = await startEngine({codex: [a, b]});
	return {a, b, engine, codex: makeCodex({url: engine.url})};
};

/** How many encrypted reasoning items the newest request carried. */
const sealedItems = (upstream: Parameters<typeof lastRequest>[0]): number =>
	lastRequest(upstream).text.split('"encrypted_content":"gAAAA').length - 1;

describe('a session whose reasoning was encrypted by one upstream', () => {
	test('goes on at the other after a failover, stays there, and takes up its own state when the user brings it back', async () => {
		const {a, b, engine, codex} = await setUp();
		expectUnnoticed(await codex.exec('one'), 'Hello from a.');
		a.setScript(down);
		expectUnnoticed(await codex.exec('resume', '--last', 'two'), 'Hello from b.');
		expect(sealedItems(b)).toBe(0);
		a.setScript(saying('a'));
		expectUnnoticed(await codex.exec('resume', '--last', 'three'), 'Hello from b.');
		expect(sealedItems(b)).toBe(1);
		await engine.tell('/api/v1/pin', {service: 'codex', endpoint: 'codex/a/default'});
		expectUnnoticed(await codex.exec('resume', '--last', 'four'), 'Hello from a.');
		// Its own item of the first turn, not b's of the others.
		expect(sealedItems(a)).toBe(1);
		expect(lastRequest(a).text).toContain('Hello from b.');
		expectNoRefusals(a);
		expectNoRefusals(b);
		const {ledger} = await engine.finish();
		expect(ledger.map(({provider_id}) => provider_id)).toEqual(['a', 'b', 'b', 'a']);
		expect(ledger[1]?.retry?.route_attempts.at(-1)?.repairs?.length).toBeGreaterThan(0);
	});

	test('goes on at the other after the user switched, and back', async () => {
		const {a, b, engine, codex} = await setUp();
		expectUnnoticed(await codex.exec('one'), 'Hello from a.');
		await engine.tell('/api/v1/pin', {service: 'codex', endpoint: 'codex/b/default'});
		expectUnnoticed(await codex.exec('resume', '--last', 'two'), 'Hello from b.');
		expectUnnoticed(await codex.exec('resume', '--last', 'three'), 'Hello from b.');
		expect(sealedItems(b)).toBe(1);
		// Without the pin the session stays with who served it last; another pin moves it.
		await engine.tell('/api/v1/pin', {service: 'codex', endpoint: null});
		expectUnnoticed(await codex.exec('resume', '--last', 'four'), 'Hello from b.');
		await engine.tell('/api/v1/pin', {service: 'codex', endpoint: 'codex/a/default'});
		expectUnnoticed(await codex.exec('resume', '--last', 'five'), 'Hello from a.');
		expect(sealedItems(a)).toBe(1);
		expectNoRefusals(a);
		expectNoRefusals(b);
	});

	test('goes on at an engine that never saw it: the upstream refuses once and is asked again without', async () => {
		const {codex} = await setUp();
		expectUnnoticed(await codex.exec('one'), 'Hello from a.');
		const c = await startFar('c', saying('c'));
		const engine = await startEngine({codex: [c]});
		codex.point(engine.url);
		expectUnnoticed(await codex.exec('resume', '--last', 'two'), 'Hello from c.');
		expectNoRefusals(c, ['foreign-encrypted-content']);
		expect(c.requests).toHaveLength(2);
		expect((await engine.finish()).ledger).toMatchObject([{outcome: 'success'}]);
	});
});

test('a turn state goes back to the upstream that issued it and to no other, within one turn', async () => {
	const a = await startFar('a', codexTool);
	const b = await startFar('b', codexTool);
	const engine = await startEngine({codex: [a, b]});
	const codex = makeCodex({url: engine.url});
	expectUnnoticed(await codex.exec('one'), 'The command printed tool-ran.');
	await engine.tell('/api/v1/pin', {service: 'codex', endpoint: 'codex/b/default'});
	expectUnnoticed(await codex.exec('resume', '--last', 'two'), 'The command printed tool-ran.');
	for (const upstream of [a, b]) {
		expect(upstream.requests.map(({headers}) => headers['x-codex-turn-state'] !== undefined)).toEqual([false, true]);
		expectNoRefusals(upstream);
	}
});
