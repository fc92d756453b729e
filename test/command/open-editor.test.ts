import {expect, test} from 'vitest';
import {editorCommand, openEditor} from '../../source/command/open-editor.ts';

test('an editor that takes a line gets it before the file, another the file alone, and its own arguments stay', () => {
	const place = {path: '/home/me/config.toml', line: 12};
	expect(editorCommand(['/usr/bin/vim'], place)).toEqual(['/usr/bin/vim', '+12', '/home/me/config.toml']);
	expect(editorCommand(['nano'], {...place, line: undefined})).toEqual(['nano', '/home/me/config.toml']);
	expect(editorCommand(['code', '-w'], place)).toEqual(['code', '-w', '/home/me/config.toml']);
});

test('$VISUAL goes before $EDITOR, which goes before vi; what cannot be started is passed over', async () => {
	const place = {path: '/tmp/none', line: undefined};
	const env = {VISUAL: '/no/such/visual', EDITOR: 'false'};
	expect(await openEditor(place, env)).toEqual({kind: 'failed', program: 'false', why: 1});
	expect(await openEditor(place, {VISUAL: 'true', EDITOR: 'false'})).toEqual({kind: 'closed', program: 'true'});
});

test('Ctrl+C ends no program that waits for its editor, and does again afterwards', async () => {
	const before = process.listeners('SIGINT');
	const ending = openEditor({path: '0.05', line: undefined}, {EDITOR: 'sleep'});
	expect(process.listeners('SIGINT')).not.toEqual(before);
	await ending;
	expect(process.listeners('SIGINT')).toEqual(before);
});
