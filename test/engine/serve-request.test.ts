import {expect, test} from 'vitest';
import {listen} from '../support/attempt.ts';
import {call, startEngine, until} from '../support/running-engine.ts';

test('one failed attempt counts once: the third request opens the breaker, not the second', async () => {
	await using far = await listen((_, response) => response.writeHead(503).end());
	await using engine = await startEngine({providers: [{name: 'a', url: `${far.origin}/v1`, key: 'sk-a'}]});
	for (let request = 0; request < 3; request++) {
		await call(engine, {client: 'codex', path: '/v1/responses'});
	}

	const changes = () => engine.events.filter(event => event.type === 'breaker-changed');
	await until('the breaker opened', () => changes().some(({phase}) => phase === 'open'));
	expect(changes().map(({phase, failures}) => [phase, failures])).toEqual([
		['closed', 1],
		['closed', 2],
		['open', 3],
	]);
});
