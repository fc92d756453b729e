import {chmodSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {makeHome, product, productEnv} from '../support/engine.ts';
import {firstInLine} from '../support/first-in-line.ts';
import {openPty} from '../support/pty.ts';

test('A9: the editor gets the file and all keys, and the screen is whole afterwards', {timeout: 40_000}, async () => {
	const home = makeHome({codex: [{name: 'alpha', url: 'http://127.0.0.1:9'}]});
	const editor = path.join(home, 'vim');
	// It reads from the terminal itself, so that keys which the screen took instead would be missing.
	writeFileSync(editor, '#!/bin/sh\necho "EDITS $*"\nread -r typed\necho "$typed" > "$(dirname "$0")/typed"\n');
	chmodSync(editor, 0o700);
	const screen = openPty({
		command: [...firstInLine, ...product('start', '--no-switch', '--port', '0')],
		env: {...productEnv(home, path.join(home, 'codex')), EDITOR: editor},
		columns: 120,
		rows: 30,
	});
	onTestFinished(() => screen[Symbol.asyncDispose]());
	await screen.until('codex-tui');
	screen.type('9');
	await screen.until('listen.port');
	screen.type('e');
	await screen.until(/EDITS .*config\.toml/);
	screen.type('quiet 29 q\r');
	await screen.until('is closed; what was saved counts at once.');
	expect(readFileSync(path.join(home, 'typed'), 'utf8')).toBe('quiet 29 q\n');
	expect(screen.lines()[1]).toContain('9 Settings');
	screen.type('8');
	await screen.until('8 Doctor');
	screen.type('q');
	expect((await screen.ended).exitCode).toBe(0);
});
