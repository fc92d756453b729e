import {describe, test} from 'vitest';
import {openScreen} from '../support/screen.ts';

describe('the keys of keys.json', () => {
	test('are taken at the start and again when the file changes; a fault is said with its line, and the default stays', async () => {
		let text = '{"language.next": ["Ä"]}';
		let changed: (() => void) | undefined;
		await using screen = await openScreen({
			rows: 40,
			keys: {
				path: '/home/u/.codex-tui/keys.json',
				read: () => text,
				onChange: listener => {
					changed = listener;
					return () => undefined;
				},
			},
		});
		await screen.type('?');
		await screen.until(/Ä +language/);
		text = '{"language.next": ["Ö"],\n"quit": []}';
		changed?.();
		await screen.until('keys.json:2: "quit" must keep the key q');
		await screen.until(/Ö +language/);
	});
});
