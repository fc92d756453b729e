import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import {describe, expect, onTestFinished, test} from 'vitest';
import {createPathProbe} from '../../../source/engine/bridge/path-probe.ts';
import {isJsonObject, parseJsonObject, type JsonObject} from '../../../source/wire/json-value.ts';
import {propertyRuns} from '../../support/property-runs.ts';
import {output, user, call} from '../codec/items.ts';
import {play} from './intent.ts';
import type {SynthesisSettings} from '../../../source/translate/text-tools/intent/synthesise.ts';

/* Intent recovery, level 3 (translation.md 5.5): what is made of a model's words, and above all what is not. */

const first = 'Let me look.';
const known = 'https://example.org/report';
const history: readonly JsonObject[] = [
	user(`See ${known} please.`),
	call('c1'),
	output('c1', 'see http://docs.example.com/a'),
];

/** The command that is made of a text; undefined: none, `echo`: the constant one. */
const commandOf = (text: string, settings: Partial<SynthesisSettings> = {}, input = history): string | undefined => {
	const {events} = play({level: 3, input, settings, answers: [{text: first}, {text}]});
	const made = events.flatMap(event => (event.type === 'item-close' && event.item.type === 'call' ? [event.item] : []));
	expect(made.length).toBeLessThanOrEqual(1);
	const payload = parseJsonObject(made[0]?.payload);
	const cmd = isJsonObject(payload) ? payload['cmd'] : undefined;
	expect(Object.keys(payload ?? {cmd}).filter(key => key !== 'cmd')).toEqual([]);
	return typeof cmd === 'string' ? (cmd.startsWith('printf') ? 'echo' : cmd) : undefined;
};

const fetched = (url: string): string =>
	`curl -fsSL --proto '=https,http' --max-redirs 3 --max-time 20 --max-filesize 2000000 -- '${url}' | head -c 20000`;

describe('addresses', () => {
	test('104: an <explore_agent> with an address in nested JSON is fetched, with guards', () => {
		const block = `<explore_agent>messages: [{"content":"{\\"url\\":\\"https:\\/\\/example.org\\/report\\"}"}]</explore_agent>`;
		expect(commandOf(block)).toBe(fetched(known));
	});

	test('L3.1: an address that the user or a tool has named is fetched, one that nobody named is not', () => {
		expect(commandOf(`I will fetch ${known}.`)).toBe(fetched(known));
		expect(commandOf('I will fetch http://docs.example.com/a now')).toBe(fetched('http://docs.example.com/a'));
		expect(commandOf('I will fetch https://evil.example/x')).toBe('echo');
		expect(commandOf('I will fetch https://evil.example/x', {anyUrl: true})).toBe(fetched('https://evil.example/x'));
	});

	test.each([
		'http://127.0.0.1:8080/x',
		'http://2130706433/x',
		'http://0x7f.1/x',
		'http://localhost/x',
		'http://[::1]/x',
		'http://169.254.169.254/latest/meta-data',
		'http://10.1.2.3/x',
		'http://172.20.0.1/x',
		'http://192.168.0.1/x',
		'http://100.64.0.1/x',
		'http://intranet/x',
		'http://printer.local/x',
		'https://user:pass@example.org/x',
	])('%s is not fetched on the word of a tool, whatever is allowed', url => {
		const input = [user('Go.'), call('c1'), output('c1', `visit ${url}`)];
		expect(commandOf(`I will fetch ${url}`, {anyUrl: true}, input)).toBe('echo');
	});

	test('a private address that the user typed is fetched', () => {
		const url = 'http://127.0.0.1:8080/x';
		expect(commandOf(`I will fetch ${url}`, {}, [user(`Try ${url}`)])).toBe(fetched(url));
	});

	test('L2: a wish for more rights is never granted: an address in it is fetched, else the constant line', () => {
		expect(commandOf(`<require_escalation>I need ${known}</require_escalation>`)).toBe(fetched(known));
		expect(commandOf('<require_escalation>let me run sudo `ls`</require_escalation>')).toBe('echo');
	});

	test('L3.4: without an address the last one that the user typed', () => {
		expect(commandOf('I will fetch the page now.')).toBe(fetched(known));
		expect(commandOf('I will fetch the page now.', {}, [user('Go.')])).toBe('echo');
	});
});

const root = (): string => {
	const folder = mkdtempSync(path.join(tmpdir(), 'codex-tui-probe-'));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	mkdirSync(path.join(folder, 'src'));
	for (const name of ['src/main.ts', '.env', 'auth.json', 'id_rsa']) {
		writeFileSync(path.join(folder, name), 'x');
	}

	symlinkSync('/etc/hostname', path.join(folder, 'outside.txt'));
	symlinkSync('.env', path.join(folder, 'harmless.txt'));
	return folder;
};

describe('paths', () => {
	test('L3.2: a file or folder in the working directory is shown', () => {
		const probe = createPathProbe(root());
		expect(commandOf('I will read src/main.ts next.', {probe})).toBe("head -c 20000 -- 'src/main.ts'");
		expect(commandOf('Let me explore ./src/ first.', {probe})).toBe("ls -la -- './src/'");
	});

	test.each([
		'.env',
		'auth.json',
		'./id_rsa',
		'../x.txt',
		'/etc/passwd',
		'outside.txt',
		'harmless.txt',
		'missing.ts',
		'src/*.ts',
	])('%s is not shown', name => {
		expect(commandOf(`I will read ${name} next.`, {probe: createPathProbe(root())})).toBe('echo');
	});
});

describe('commands', () => {
	test.each([
		'ls -la src',
		'git status',
		'git log --oneline',
		'rg foo | head -5',
		'find . -name "*.ts"',
		'node -v',
		'git branch -a',
	])('L3.3: `%s` only reads and is run', command => {
		expect(commandOf(`I will run \`${command}\` now.`)).toBe(command);
	});

	test.each([
		'rm -rf /',
		'tree -ao out.txt',
		'tree -R -L 1',
		'file -vC -m magic',
		'git diff --outpu=x',
		'git log --ext-dif',
		'npm install',
		'ls; rm x',
		'ls && rm x',
		'ls || rm x',
		'cat $(which ls)',
		'cat a > b',
		'ls | sh',
		'find . -delete',
		'find . -exec rm {} +',
		'git branch -D main',
		'git branch topic',
		'git diff --output=x',
		'git push',
		'rg --pre sh x',
		'node -e 1',
		'cat .env',
		'cat ~/.ssh/id_rsa',
	])('L3.3: `%s` is not run', command => {
		expect(commandOf(`I will run \`${command}\` now.`)).toBe('echo');
	});

	test('any_command lifts the list of programs, never the ban on the shell’s signs', () => {
		expect(commandOf('I will run `npm test` now.', {anyCommand: true})).toBe('npm test');
		expect(commandOf('I will run `npm test; rm x` now.', {anyCommand: true})).toBe('echo');
		expect(commandOf('I will run `cat .env` now.', {anyCommand: true})).toBe('echo');
	});

	test.each([
		'I should never run `rm -rf /`.',
		'I should never run `ls`.',
		'I will not run `ls` here.',
		'We must not do that. I should avoid to run `ls`.',
		'To list files you run `ls`.',
		'The documentation says: run `git status`.',
		'I cannot run `ls`: that is refused by policy.',
		'Do not run `ls`.',
	])('103: "%s" makes no call', text => {
		expect(commandOf(text)).toBeUndefined();
	});

	test('no text makes a command with signs of the shell in it', () => {
		const words = fc.constantFrom(
			'I will run ',
			'`ls',
			'`',
			';',
			'$(',
			'"',
			"'",
			'cat a',
			' | ',
			'> x',
			'\n',
			known,
			'https://evil.example/',
			' read ',
			'rm',
		);
		fc.assert(
			fc.property(fc.array(words, {maxLength: 10}), fc.boolean(), (parts, anyCommand) => {
				const command = commandOf(parts.join(''), {anyCommand, anyUrl: true}) ?? 'echo';
				const inner = command.replace(/^curl .* -- '[^']*' \| head -c 20000$/, 'curl');
				expect(inner).not.toMatch(/[;&$()<>`\n]/);
			}),
			propertyRuns(500),
		);
	});
});
