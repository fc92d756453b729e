import {describe, expect, test} from 'vitest';
import {openScreen} from '../support/screen.ts';

describe('the keys of the page Routes', () => {
	test('v shows the graph and the list again; p pauses every running account and says whose, D ends cooldowns', async () => {
		await using screen = await openScreen();
		await screen.type('1');
		await screen.until('QUOTA');
		await screen.type('v');
		await screen.until(/pair {2}weighted/);
		await screen.type('v');
		await screen.until('PROVIDER');
		await screen.type('jp');
		await screen.until("No new request goes to relay-b's account default; p again resumes.");
		expect(screen.link.actions).toEqual([
			{type: 'account', service: 'codex', provider: 'relay-b', account: 'default', isPaused: true},
		]);
		await screen.type('D');
		await screen.until('The cooldowns of relay-b are over');
		expect(screen.link.actions.at(-1)).toEqual({type: 'dismiss', endpointKey: 'codex/relay-b/default'});
		await screen.type('jjp');
		await screen.until("Requests go to 中转站-东京's account default again.");
		expect(screen.link.actions.at(-1)).toMatchObject({provider: '中转站-东京', isPaused: false});
		await screen.type('D');
		await screen.until('中转站-东京 has no cooldown.');
		expect(screen.link.actions).toHaveLength(3);
	});

	test('a read-only screen may look at the graph and change nothing', async () => {
		await using screen = await openScreen({readOnly: true});
		await screen.type('1v');
		await screen.until(/pair {2}weighted/);
		for (const key of ['p', 'D']) {
			await screen.type(key);
			await screen.until('read-only');
		}

		expect(screen.link.actions).toEqual([]);
	});
});
