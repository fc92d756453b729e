import {describe, expect, test} from 'vitest';
import {FakeWizard} from '../support/sample-wizard.ts';
import {openScreen} from '../support/screen.ts';

const escape = '\u001B';

describe('the wizard of the first start', () => {
	test('covers nothing: one line says that it is there, and the panes live behind it', async () => {
		await using screen = await openScreen({wizard: new FakeWizard()});
		await screen.until(/W sets up your providers +what you see is the demo.*Esc later/);
		expect(screen.text()).toContain('Routes');
		await screen.type('1');
		await screen.until('pin     ');
	});

	test('walks through every step, shows the exact text, writes it, and starts with it', async () => {
		const wizard = new FakeWizard();
		await using screen = await openScreen({wizard});
		await screen.type('W');
		await screen.until(/▸ \[1\] relay +中转站-东京 +from Codex RELAY_KEY is set/);
		await screen.type('jjj ');
		await screen.until(/▸ \[3\] deepseek/);
		await screen.type('\r');
		await screen.until(/Set up 2\/5: Codex/);
		await screen.type('j\r');
		await screen.until(/Set up 3\/5: theme/);
		await screen.type('G');
		await screen.type('\r');
		await screen.until(/Set up 4\/5: language/);
		expect(screen.settings.get('theme')).toBe('solarized');
		await screen.type('j');
		await screen.until('配置 4/5：语言');
		await screen.type('\r');
		expect(screen.settings.get('language')).toBe('zh-CN');
		await screen.until('preset/deepseek');
		expect(screen.lines().some(line => line.includes('login/chatgpt'))).toBe(true);
		expect(screen.text()).not.toContain('line 29');
		await screen.type('G');
		await screen.until('line 29');
		await screen.type('\r');
		await screen.until('以此启动');
		expect(wizard.calls).toEqual([
			'write codex/relay login/chatgpt preset/deepseek',
			'remember {"setUp":"done","switchesCodex":false}',
		]);
		await screen.type('\r');
		expect(wizard.calls.at(-1)).toBe('start again');
	});

	test('every step is skipped by Esc: nothing is written, nothing has changed, and it is not offered again', async () => {
		const wizard = new FakeWizard();
		await using screen = await openScreen({wizard});
		await screen.type('W');
		await screen.until('▸ [1] relay');
		await screen.type(escape);
		// No upstream was taken, so Codex is not asked about.
		await screen.until(/Set up 2\/3: theme/);
		await screen.type('k');
		await screen.type(escape);
		await screen.until(/Set up 3\/3: language/);
		await screen.type('j');
		await screen.until('配置 3/3');
		await screen.type(escape);
		await screen.until('The demo goes on');
		expect(wizard.calls).toEqual(['remember {"setUp":"skipped"}']);
		expect([...screen.settings.keys()]).toEqual([]);
		expect(screen.text()).not.toContain('what you see is the demo');
		await screen.type('W');
		await screen.until('▸ [1] relay');
	});

	test('Esc on the line itself is "later" for good', async () => {
		const wizard = new FakeWizard();
		await using screen = await openScreen({wizard});
		await screen.type(escape);
		await screen.until('The demo goes on; W sets up your providers');
		expect(wizard.calls).toEqual(['remember {"setUp":"skipped"}']);
	});

	test('takes the name of a variable, and neither shows nor takes what looks like a key', async () => {
		await using screen = await openScreen({wizard: new FakeWizard()});
		await screen.type('W');
		await screen.until('▸ [1] relay');
		await screen.type('j ');
		await screen.until(/▸ \[3\] old-chat .*has no name yet/);
		await screen.type('\r');
		await screen.until('old-chat needs a key');
		await screen.type('e');
		await screen.until('Variable with the key of old-chat: _');
		await screen.type(`${escape}[200~sk-secret-pasted${escape}[201~`);
		await screen.until('That is no name of a variable');
		expect(screen.output.bytes).not.toContain('sk-secret-pasted');
		expect(screen.lines().at(-1)).toMatch(/^ Enter uses it {2}Esc leaves it as it was *$/);
		await screen.type('sk-typed');
		await screen.until(/That is no name of a variable[\s\S]*of old-chat: \*{8}_/);
		await screen.type('\r');
		await screen.until('of old-chat: _');
		await screen.type('OLD_KEY\r');
		await screen.until(/▸ \[3\] old-chat .*OLD_KEY is not set/);
		await screen.type('\r');
		await screen.until('Set up 2/5');
	});

	test('says why nothing could be written, and can be left then', async () => {
		const wizard = new FakeWizard();
		wizard.fault = 'config.toml is there already.';
		await using screen = await openScreen({wizard, rows: 40, columns: 160});
		await screen.type('W');
		await screen.until('▸ [1] relay');
		for (const step of ['Set up 2/5', 'Set up 3/5', 'Set up 4/5', 'version = 5']) {
			await screen.type('\r');
			await screen.until(step);
		}

		await screen.type('\r');
		await screen.until('config.toml is there already.');
		await screen.type('q');
		await screen.until('The demo goes on');
	});

	test('where there is nothing to set up, W says so', async () => {
		await using screen = await openScreen();
		expect(screen.text()).not.toContain('sets up your providers');
		await screen.type('W');
		await screen.until('There is a configuration already');
	});
});
