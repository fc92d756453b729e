import {describe, expect, test} from 'vitest';
import {apiError, message, reasoning, stream, type Script} from '../../source/demo/script.ts';
import {expectUnnoticed, makeCodex} from '../support/codex.ts';
import {startEngine, type EngineSetup} from '../support/engine.ts';
import {startFar} from '../support/far.ts';
import {expectNoRefusals, lastRequest} from '../support/upstream.ts';

/*
 * A session stays where its state lives and moves when it must (routing.md 3 and 4), as the real Codex sees it: encrypted reasoning of
 * every turn comes back with the next one, and an upstream refuses what it did not issue.
 */

const saying = (name: string): Script => [
	{answer: stream([reasoning(`**${name} thinks**`), message(`Hello from ${name}.`)])},
];
const down: Script = [{answer: apiError(503, 'service_unavailable')}];

const sealedItems = (upstream: Parameters<typeof lastRequest>[0]): number =>
	lastRequest(upstream).text.split('"encrypted_content":"gAAAA').length - 1;

describe('a session with encrypted reasoning', () => {
	test('stays on its provider when a better one returns, also after a killed engine', async () => {
		const a = await startFar('a', down);
		const b = await startFar('b', saying('b'));
		const setup: EngineSetup = {codex: [a, b]};
		const engine = await startEngine(setup);
		const codex = makeCodex({url: engine.url});
		expectUnnoticed(await codex.exec('one'), 'Hello from b.');
		a.setScript(saying('a'));
		await engine.tell('/api/v1/actions', {action: 'dismiss', endpoint: 'codex/a/default'});
		expectUnnoticed(await codex.exec('resume', '--last', 'two'), 'Hello from b.');
		expect(sealedItems(b)).toBe(1);

		await engine.kill();
		const next = await startEngine({...setup, home: engine.home});
		codex.point(next.url);
		expectUnnoticed(await codex.exec('resume', '--last', 'three'), 'Hello from b.');
		expect(sealedItems(b)).toBe(2);
		expectNoRefusals(b);

		// A new session owes nothing to anybody: it goes to the better one.
		const other = makeCodex({url: next.url});
		expectUnnoticed(await other.exec('one'), 'Hello from a.');
		expectNoRefusals(a);
	});

	test('moves within its continuity domain when its provider dies, with all its state', async () => {
		const a = await startFar('a', down);
		// Two doors of one house: the same upstream state behind both.
		const [b, c] = [await startFar('team', saying('b')), await startFar('team', saying('c'))];
		const keys = 'continuity_domain = "team"';
		const engine = await startEngine({codex: [a, {name: 'b', url: b.url, keys}, {name: 'c', url: c.url, keys}]});
		const codex = makeCodex({url: engine.url});
		expectUnnoticed(await codex.exec('one'), 'Hello from b.');
		a.setScript(saying('a'));
		await engine.tell('/api/v1/actions', {action: 'dismiss', endpoint: 'codex/a/default'});
		b.setScript(down);
		expectUnnoticed(await codex.exec('resume', '--last', 'two'), 'Hello from c.');
		expect(sealedItems(c)).toBe(1);
		expectNoRefusals(c);
		// The first turn only: while the domain serves, nobody else is asked.
		expect(a.requests).toHaveLength(1);
		const {ledger} = await engine.finish();
		expect(ledger.map(({provider_id}) => provider_id)).toEqual(['b', 'c']);
		expect(ledger[1]?.retry?.route_attempts.at(-1)?.repairs ?? []).toEqual([]);
	});

	test('is repaired without an error when it must leave', async () => {
		const a = await startFar('a', saying('a'));
		const b = await startFar('b', saying('b'));
		const engine = await startEngine({codex: [a, b]});
		const codex = makeCodex({url: engine.url});
		expectUnnoticed(await codex.exec('one'), 'Hello from a.');
		a.setScript(down);
		expectUnnoticed(await codex.exec('resume', '--last', 'two'), 'Hello from b.');
		expect(sealedItems(b)).toBe(0);
		expectNoRefusals(b);
		expect(b.requests).toHaveLength(1);
		const {ledger} = await engine.finish();
		expect(ledger[1]?.retry?.route_attempts.at(-1)?.repairs?.length).toBeGreaterThan(0);
	});
});
