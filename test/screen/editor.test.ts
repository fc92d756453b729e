import {expect, test} from 'vitest';
import type {EditorEnd, EditorPlace} from '../../source/event/editor.ts';
import {FakeSettings} from '../support/sample-settings.ts';
import {openScreen} from '../support/screen.ts';

test('e on Settings lends the terminal to the editor at the line of the value, and the screen comes back whole', async () => {
	const places: EditorPlace[] = [];
	const closed = Promise.withResolvers<EditorEnd>();
	await using screen = await openScreen({
		settingsLink: new FakeSettings(),
		columns: 120,
		openEditor: place => {
			places.push(place);
			return closed.promise;
		},
	});
	await screen.type('9');
	await screen.until('listen.port');
	await screen.type('j');
	const before = screen.output.bytes.length;
	await screen.type('e');
	expect(places).toEqual([{path: '/home/me/.codex-tui/config.toml', line: 4}]);
	expect(screen.output.terminal.buffer.active.type).toBe('normal');
	expect(screen.output.bytes.slice(before)).toContain('\u001B[?1000l');
	const lent = screen.output.bytes.length;
	await screen.type('q');
	expect(screen.output.bytes.slice(lent)).not.toContain('Settings');
	closed.resolve({kind: 'closed', program: 'vi'});
	// Here nobody read the q meanwhile, as an editor would: it asks whether to quit.
	await screen.until('Quit?');
	await screen.type('n');
	await screen.until('vi is closed; what was saved counts at once.');
	expect(screen.output.terminal.buffer.active.type).toBe('alternate');
	expect(screen.output.bytes.slice(lent)).toContain('\u001B[?1000h');
	expect(screen.lines()[1]).toContain('9 Settings');
});

test('a read-only screen opens no editor, and says so', async () => {
	await using screen = await openScreen({settingsLink: new FakeSettings(), readOnly: true});
	await screen.type('9');
	await screen.until('listen.port');
	await screen.type('e');
	await screen.until('This screen is read-only: it opens no editor.');
});
