import {expect, test} from 'vitest';
import {openScreen} from '../support/screen.ts';

test('L switches title, footer and help while the screen runs, and is remembered', async () => {
	await using screen = await openScreen();
	expect(screen.lines()[1]).toContain('0 Dash');
	expect(screen.lines().at(-1)).toContain('? help  q quit');
	await screen.type('L');
	await screen.until('界面语言：简体中文。');
	expect(screen.lines()[1]).toContain('0 总览');
	expect(screen.lines().at(-1)).toContain('? 帮助  q 退出');
	expect(screen.settings.get('language')).toBe('zh-CN');
	await screen.type('?');
	await screen.until('本页');
	expect(screen.text()).toContain('按键 · 总览');
	expect(screen.text()).toContain('Esc 关闭');
	await screen.type('L');
	await screen.until('This page');
	expect(screen.lines()[1]).toContain('0 Dash');
	expect(screen.settings.get('language')).toBe('en');
});

test('the language of the command line wins over that of the environment, and the palette takes another', async () => {
	await using screen = await openScreen({
		initialLanguage: 'zh-CN',
		environment: {TERM: 'xterm-256color', LANG: 'en_US.UTF-8'},
	});
	expect(screen.lines()[1]).toContain('0 总览');
	await screen.type(':');
	await screen.type('lang en\r');
	await screen.until('The screen speaks English.');
	expect(screen.lines()[1]).toContain('0 Dash');
	await screen.type(':');
	await screen.type('theme paper\r');
	await screen.until('Theme paper.');
	expect(screen.settings.get('theme')).toBe('paper');
});
