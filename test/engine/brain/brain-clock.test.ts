import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {Pools} from '../../../source/attempt/pools.ts';
import {actOnBrain} from '../../../source/engine/brain/brain-actions.ts';
import {Brain} from '../../../source/engine/brain/brain.ts';
import {openStateStore} from '../../../source/engine/brain/state-store.ts';
import {Cleaner} from '../../../source/engine/cleaner.ts';
import {limits} from '../../../source/wire/limits.ts';
import {fakeClock} from '../../support/clock.ts';
import {configOf, endpoint} from '../../support/endpoint.ts';
import {temporaryFolder} from '../../support/folder.ts';

/** A brain with one endpoint, whose clock the test moves. */
const openBrain = () => {
	const folder = temporaryFolder();
	const clock = fakeClock();
	const credentials = {env: {}, readClientKey: () => undefined};
	const store = openStateStore(path.join(folder.path, 'state.db'), clock.now, () => undefined);
	const idleSocketMs = limits.upstreamIdleSocketMs;
	const pools = new Pools({connectMs: 100, idleSocketMs, headerBytes: limits.upstreamHeaderBytes});
	const one = endpoint('a');
	const config = configOf(one);
	const brain = new Brain({
		...{clock, store, credentials, pools},
		cleaner: new Cleaner('local-token-0123', credentials),
		announce: () => undefined,
		config: () => config,
		usageProvidersPath: path.join(folder.path, 'usage_providers.json'),
		onFault: () => undefined,
	});
	onTestFinished(async () => {
		await brain.close();
		await pools.close();
		store.close();
		folder[Symbol.dispose]();
	});
	brain.configure(config);
	return {brain, clock, config, one};
};

test('a cooldown that is asked for is measured by the clock of the engine, and by no other', async () => {
	const {brain, clock, config, one} = openBrain();
	const {key: endpointKey, accounts} = one;
	const account = accounts[0].label;
	const coolDown = (untilMs: number): Promise<void> =>
		actOnBrain(brain, {type: 'cool-down', endpointKey, account, untilMs, reason: 'later'}, config);
	await expect(coolDown(clock.now())).rejects.toMatchObject({code: 'bad-time'});
	const untilMs = clock.now() + 60_000;
	await coolDown(untilMs);
	expect(brain.book.health.actions()).toMatchObject([{endpointKey, expiresAtMs: untilMs}]);
});

test.each([-86_400_000, 86_400_000])(
	'a clock that is set by %d ms leaves pins, cooldowns, overrides and ties of sessions what they were',
	async jumpMs => {
		const {brain, clock, config, one} = openBrain();
		const {key: endpointKey, accounts, baseUrl} = one;
		const untilMs = clock.now() + 3_600_000;
		const account = accounts[0].label;
		brain.pins.pin('codex', {endpointKey, mode: 'prefer', untilMs});
		await actOnBrain(brain, {type: 'cool-down', endpointKey, account, untilMs, reason: 'later'}, config);
		brain.continuity.overrides.set('codex', 's1', {effort: 'low'});
		brain.continuity.affinities.recordSuccess({
			...{service: 'codex', sessionId: 's1', identitySource: 'header', endpoint: one, account},
			...{graphKey: '', routePath: [], failedBefore: undefined},
		});
		clock.setWall(clock.now() + jumpMs);
		expect(brain.pins.of('codex')?.untilMs).toBe(untilMs + jumpMs);
		expect(brain.book.health.actions()).toMatchObject([{endpointKey, expiresAtMs: untilMs + jumpMs}]);
		expect(brain.continuity.overrides.of('codex', 's1')).toMatchObject({usedAtMs: clock.now()});
		expect(brain.continuity.affinities.affinityOf('codex', 's1')).toMatchObject({
			...{baseUrl, lastSelectedAtMs: clock.now()},
		});
	},
);
