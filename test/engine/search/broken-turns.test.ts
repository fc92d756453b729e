import {expect, test} from 'vitest';
import {BrokenTurns} from '../../../source/engine/search/broken-turns.ts';
import {identify} from '../../../source/identify/identify.ts';
import {findServedPath} from '../../../source/identify/paths.ts';

const callOf = (turnId: string) => {
	const target = findServedPath('/v1/responses');
	if (!target) {
		throw new Error('the path is served');
	}

	return identify({
		method: 'POST',
		path: '/v1/responses',
		query: '',
		target,
		headers: {'x-codex-turn-metadata': JSON.stringify({turn_id: turnId})},
		body: Buffer.from('{"stream":true}'),
	});
};

test('a turn remembers all endpoints that broke off its answers, other turns none', () => {
	const broken = new BrokenTurns(() => 0);
	broken.add(callOf('t1'), 'codex/a/default');
	broken.add(callOf('t1'), 'codex/b/default');
	expect([...broken.of(callOf('t1'))]).toEqual(['codex/a/default', 'codex/b/default']);
	expect(broken.of(callOf('t2')).size).toBe(0);
});

test('after five minutes it is forgotten', () => {
	let nowMs = 0;
	const broken = new BrokenTurns(() => nowMs);
	broken.add(callOf('t1'), 'codex/a/default');
	nowMs = 300_001;
	expect(broken.of(callOf('t1')).size).toBe(0);
});
