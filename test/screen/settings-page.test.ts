import {describe, expect, test} from 'vitest';
import {FakeSettings, sampleSettings} from '../support/sample-settings.ts';
import {openScreen} from '../support/screen.ts';

describe('the page Settings', () => {
	test('lists every value with its default and the place that it comes from, by 9 and by F10', async () => {
		await using screen = await openScreen({settingsLink: new FakeSettings(), columns: 160, rows: 40});
		await screen.type('9');
		await screen.until(/listen\.port +3300 \(file: 3400\) +3211 +config\.toml:4/);
		await screen.until(/history\.store +disk +memory +env CODEX_TUI_HI/);
		await screen.until('codex.providers.deepseek.auth');
		await screen.type('0');
		await screen.type('\u001B[21~');
		await screen.until(/app\.theme +midnight +remembered/);
	});

	test('the selected value is told at length, with the whole path', async () => {
		await using screen = await openScreen({settingsLink: new FakeSettings()});
		await screen.type('9');
		await screen.until('app.theme');
		await screen.type('j');
		await screen.until('/home/me/.codex-tui/config.toml:4');
		await screen.until(/file says +3400/);
		await screen.until(/counts +at the next start/);
	});

	test('the filter finds by name, value and source', async () => {
		await using screen = await openScreen({settingsLink: new FakeSettings()});
		await screen.type('9');
		await screen.until('app.theme');
		await screen.type('/from:file\r');
		await screen.until(`/from:file  3 of ${sampleSettings.length}`);
		await screen.type('/\u0015nothing\r');
		await screen.until('No setting matches the filter');
		expect(screen.text()).not.toContain('deepseek');
	});

	test('Enter takes a typed value, shows the change, and writes it only after yes', async () => {
		const settings = new FakeSettings();
		await using screen = await openScreen({settingsLink: settings});
		await screen.type('9');
		await screen.until('app.theme');
		await screen.type('j\r');
		await screen.until('listen.port: 3400_');
		await screen.type('\u00154000\r');
		await screen.until('listen.port: old -> 4000 (config.toml:4). Write it? y yes  n no');
		await screen.type('n');
		expect(settings.calls).toEqual(['plan listen.port 4000']);
		await screen.type('\r\u00154001\r');
		await screen.until('-> 4001');
		await screen.type('y');
		await screen.until('It is written; u takes it back.');
		await screen.type('u');
		await screen.until('It is as it was.');
		expect(settings.calls).toEqual(['plan listen.port 4000', 'plan listen.port 4001', 'apply', 'undo']);
	});

	test('Esc takes a value back that was being typed; what is refused is said with its sentence', async () => {
		const settings = new FakeSettings();
		settings.refusal = 'listen.port is 99999, but it takes a whole number from 0 to 65535.';
		await using screen = await openScreen({settingsLink: settings});
		await screen.type('9');
		await screen.until('app.theme');
		await screen.type('j\r');
		await screen.until('Enter shows the change');
		await screen.type('\u001B');
		await screen.until('● engine');
		expect(settings.calls).toEqual([]);
		await screen.type('\r9\r');
		await screen.until('but it takes a whole number from 0 to 65535.');
		expect(settings.calls).toEqual(['plan listen.port 34009']);
	});

	test('words are chosen with Tab, and the theme is shown at once when it is written', async () => {
		const settings = new FakeSettings();
		await using screen = await openScreen({settingsLink: settings});
		await screen.type('9');
		await screen.until('app.theme');
		await screen.type('\r');
		await screen.until('app.theme: paper_');
		await screen.type('\t');
		await screen.until('app.theme: mono_');
		const before = screen.output.bytes.length;
		await screen.type('\r');
		await screen.until('Write it?');
		await screen.type('y');
		await screen.until('It is written;');
		expect(settings.calls).toEqual(['plan app.theme mono', 'apply']);
		// Mono has no colours: what was painted since has none of them.
		await screen.type('jk');
		expect(screen.output.bytes.slice(before).split('It is written').at(-1)).not.toContain('[38;2;');
	});

	test('what wins over the file, what is not changed here, and a read-only screen say why not', async () => {
		const settings = new FakeSettings();
		await using screen = await openScreen({settingsLink: settings, columns: 120});
		await screen.type('9');
		await screen.until('app.theme');
		await screen.type('jjj\r');
		await screen.until('env CODEX_TUI_HISTORY_STORE wins over the file');
		await screen.type('jj\r');
		await screen.until('It stands at /home/me/.codex-tui/config.toml:12: change it there.');
		await using shown = await openScreen({settingsLink: settings, readOnly: true});
		await shown.type('9');
		await shown.until('app.theme');
		await shown.type('\r');
		await shown.until('it may not change settings');
		expect(settings.calls).toEqual([]);
	});

	test('a fault of the file stands below the last good values, and forbids changes of the file', async () => {
		const settings = new FakeSettings();
		const fault = '/home/me/.codex-tui/config.toml:3:1: listen.port is a string.';
		settings.view = {...settings.view, fault};
		await using screen = await openScreen({settingsLink: settings, columns: 120});
		await screen.type('9');
		await screen.until(/✖ \/home\/me\/\.codex-tui\/config\.toml:3:1: listen\.port is a string\./);
		await screen.until('Shown is the last good one.');
		await screen.type('j\r');
		await screen.until('The file has a fault');
		settings.view = {...settings.view, settings: []};
		await screen.until('Mend the file; it is read again at once.');
	});

	test('the demo says that there is no file; without a link the page says what to type instead', async () => {
		const settings = new FakeSettings();
		const note = 'No file: the built-in demo upstreams serve.';
		settings.view = {...settings.view, path: undefined, note};
		await using screen = await openScreen({settingsLink: settings});
		await screen.type('9');
		await screen.until(note);
		await screen.type('j\r');
		await screen.until('There is no config.toml in use');
		await using far = await openScreen();
		await far.type('9');
		await far.until('codex-tui config show');
	});
});
