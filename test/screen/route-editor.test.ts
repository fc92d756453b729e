import {readFileSync, statSync, writeFileSync} from 'node:fs';
import {describe, expect, onTestFinished, test} from 'vitest';
import {RouteFileDesk} from '../../source/command/route-desk.ts';
import {homePaths} from '../../source/config/home.ts';
import {temporaryFolder} from '../support/folder.ts';
import {openScreen, type ScreenSetup} from '../support/screen.ts';

const original = `version = 5 # mine

# the cheap one
[codex.providers.relay-a]
base_url = "https://relay-a.example/v1" # east
auth_token = "plain-words-1"
unknown_key = "kept"

[codex.providers.relay-b]
base_url = "https://relay-b.example/v1"

[codex.providers.openai]
preset = "openai"

[codex.providers."中转站-东京"]
base_url = "https://tokyo.example/v1"

[codex.routing.routes.main]
strategy = "weighted"
children = ["relay-a", "relay-b", "openai", "中转站-东京"] # order
`;

const start = async (setup: ScreenSetup = {}) => {
	const folder = temporaryFolder();
	onTestFinished(() => folder[Symbol.dispose]());
	const home = homePaths(folder.path);
	writeFileSync(home.config, original, {mode: 0o600});
	const editLink = new RouteFileDesk({home, env: {}, bar: undefined, now: () => 1000});
	const screen = await openScreen({editLink, ...setup});
	await screen.type('1');
	await screen.until('relay-a');
	return {screen, home, file: () => readFileSync(home.config, 'utf8')};
};

describe('providers are edited on the page Routes', () => {
	test('a adds one from a preset: the preview is seen before y writes it', async () => {
		const {screen, file, home} = await start();
		await using _ = screen;
		await screen.type('a');
		await screen.until('Add a provider');
		await screen.until('▸ preset');
		await screen.type('\r');
		await screen.until('type to search');
		await screen.type('deeps');
		await screen.until(/▸ deepseek +DeepSeek/);
		await screen.type('\r');
		await screen.until(/name +deepseek/);
		await screen.until(/base_url +https:\/\/api\.deepseek\.com\S* \(preset\)/);
		await screen.type('y');
		await screen.until('+preset = "deepseek"');
		expect(file()).toBe(original);
		await screen.type('y');
		await screen.until('codex/deepseek is added, last in the route main. u takes it back.');
		expect(file()).toContain('[codex.providers.deepseek]\npreset = "deepseek"\n');
		expect(file()).toContain('"中转站-东京", "deepseek"] # order');
		expect(statSync(home.config).mode & 0o777).toBe(0o600);
		await screen.type('u');
		await screen.until('Taken back: "codex/deepseek is added');
		expect(file()).toBe(original);
	});

	test('e edits fields; comments and fields that are not shown stay, and the key is never shown', async () => {
		const {screen, file} = await start({columns: 160, rows: 40});
		await using _ = screen;
		await screen.type('e');
		await screen.until('Edit codex/relay-a');
		await screen.until(/auth_token +\(set, not shown\)/);
		await screen.until('Nothing is changed yet.');
		await screen.type('j\rTeam A\r');
		await screen.until('+alias = "Team A"');
		await screen.until(/\*alias +Team A/);
		await screen.until('1 changed');
		expect(screen.output.bytes).not.toContain('plain-words');
		await screen.type('y');
		await screen.until('codex/relay-a: alias is changed. u takes it back.');
		expect(file()).toBe(original.replace('unknown_key = "kept"\n', 'unknown_key = "kept"\nalias = "Team A"\n'));
	});

	test('a key that is typed is stars on the screen, and what the file may not say is told before it is written', async () => {
		const {screen, file} = await start({columns: 160, rows: 40});
		await using _ = screen;
		await screen.type('e');
		await screen.until(/auth_token +\(set/);
		await screen.type('jjjjjjjj\rsecret-42\r');
		await screen.until('+auth_token = "(hidden, new)"');
		expect(screen.output.bytes).not.toContain('secret-42');
		await screen.type('r');
		await screen.until('Nothing is changed yet.');
		await screen.type('g\u001B[B\u001B[B\u001B[B\r\u0015ftp://x\r');
		await screen.until('base_url');
		await screen.until('codex.providers.relay-a.base_url is not an http:// or https:// URL.');
		await screen.type('y');
		await screen.type('\u001B');
		await screen.until('Leave without writing? y yes  n no');
		await screen.type('y');
		await screen.until('PROVIDER');
		expect(file()).toBe(original);
	});

	test('Space switches off and on, K and J move, + and - weigh, u takes back one after the other', async () => {
		const {screen, file} = await start();
		await using _ = screen;
		await screen.type(' ');
		await screen.until('codex/relay-a is disabled. u takes it back.');
		await screen.type('J');
		await screen.until('The route codex/main tries relay-b, relay-a');
		await screen.type('+');
		await screen.until('relay-a weighs 2 in the route codex/main.');
		expect(file()).toContain(
			'children = ["relay-b", "relay-a", "openai", "中转站-东京"] # order\nweights = { relay-a = 2 }\n',
		);
		await screen.type('uu');
		await screen.until('Taken back: "The route codex/main tries');
		await screen.type('u');
		await screen.until('Taken back: "codex/relay-a is disabled."');
		expect(file()).toBe(original);
		await screen.type('K');
		await screen.until('relay-a is the first of the route codex/main already.');
	});

	test('A adds a copy with the changes of the form', async () => {
		const {screen, file} = await start({columns: 160, rows: 40});
		await using _ = screen;
		await screen.type('jA');
		await screen.until('Add a copy of codex/relay-b');
		await screen.until(/name +relay-b-2/);
		await screen.until('+[codex.providers.relay-b-2]');
		await screen.type('jjjj\u001B[B\r\u0015https://second.example/v1\r');
		await screen.until('+base_url = "https://second.example/v1"');
		await screen.type('y');
		await screen.until('codex/relay-b-2 is a copy of codex/relay-b');
		expect(file()).toContain('[codex.providers.relay-b-2]\nbase_url = "https://second.example/v1"\n');
	});

	test('Backspace names what it removes, and does it only after yes', async () => {
		const {screen, file} = await start({columns: 100});
		await using _ = screen;
		await screen.type('\u007F');
		await screen.until('Remove codex/relay-a from config.toml, also from the routes (5 lines)? y yes  n no');
		await screen.type('n');
		expect(file()).toBe(original);
		await screen.type('\u007F');
		await screen.until('Remove codex/relay-a');
		await screen.type('y');
		await screen.until('codex/relay-a is removed, from the routes too. u takes it back.');
		expect(file()).not.toContain('relay-a');
		expect(file()).toContain('# the cheap one');
	});

	test('what somebody else writes while the form is open stays: the change is shown anew', async () => {
		const {screen, file, home} = await start({columns: 160, rows: 40});
		await using _ = screen;
		await screen.type('e');
		await screen.until('Nothing is changed yet.');
		await screen.type('j\rTeam A\r');
		await screen.until('+alias = "Team A"');
		writeFileSync(home.config, `${original}# theirs\n`);
		await screen.type('y');
		await screen.until('was changed by another program in the meantime');
		expect(file()).toBe(`${original}# theirs\n`);
		await screen.until('+alias = "Team A"');
		await screen.type('y');
		await screen.until('codex/relay-a: alias is changed.');
		expect(file()).toContain('# theirs\n');
		writeFileSync(home.config, original);
		await screen.type('u');
		await screen.until('was changed after the last edit');
	});
});

describe('where nothing can be edited the keys say why', () => {
	test('the file is on another machine', async () => {
		const {screen} = await start({columns: 120, editLink: undefined});
		await using _ = screen;
		await screen.type('a');
		await screen.until('The config.toml of this engine is not on this machine.');
	});

	test('with a fault in the file', async () => {
		const {screen, home} = await start();
		await using _ = screen;
		writeFileSync(home.config, original.replace('= "https://relay-b', '= = "https://relay-b'));
		await screen.type('e');
		await screen.until('this is not valid TOML');
	});
});
