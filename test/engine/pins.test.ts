import path from 'node:path';
import {expect, test} from 'vitest';
import {Pins} from '../../source/engine/pins.ts';
import {openStateStore} from '../../source/engine/state-store.ts';
import type {EngineEvent} from '../../source/event/catalogue.ts';
import {fakeClock} from '../support/clock.ts';
import {temporaryFolder} from '../support/folder.ts';

test('a pin is announced, survives a restart, and ends when it is cleared', () => {
	using folder = temporaryFolder();
	const clock = fakeClock();
	const events: EngineEvent[] = [];
	const store = openStateStore(path.join(folder.path, 'state.db'), clock.now, () => undefined);
	const create = (): Pins => new Pins(store, event => events.push(event), clock.now);
	const pin = {endpointKey: 'codex/a/default', mode: 'prefer', setAtMs: clock.now()};
	create().set('codex', 'codex/a/default', 'prefer');
	expect(events).toEqual([{type: 'pin-changed', atMs: clock.now(), service: 'codex', pin}]);
	const second = create();
	expect([second.of('codex'), second.of('claude')]).toEqual([pin, undefined]);
	second.announceAll();
	expect(events).toHaveLength(2);
	second.clear('codex');
	expect(events.at(-1)).toMatchObject({pin: undefined});
	expect(create().of('codex')).toBeUndefined();
	store.set('pin', 'codex', {endpointKey: 7});
	expect(create().of('codex')).toBeUndefined();
	store.close();
});
