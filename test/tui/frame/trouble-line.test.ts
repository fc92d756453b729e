import {expect, test} from 'vitest';
import {frameLines} from '../../../source/tui/frame/frame.ts';
import {languages} from '../../../source/tui/language/words.ts';
import type {ScreenState} from '../../../source/tui/store/screen-state.ts';
import {plainOf} from '../../../source/tui/text/line.ts';
import {unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {sampleState} from '../../support/sample-state.ts';

const rowOf = (language: ScreenState['language'], change: Partial<NonNullable<ScreenState['engine']>>): string => {
	const state = sampleState('full', 'dash', [80, 24]);
	const engine = state.engine && {...state.engine, ...change};
	return plainOf(frameLines({...state, language, engine}, unicodeGlyphs).at(-2) ?? []);
};

test.each(languages)('that the engine starts again is said whole at 80 columns, in %s', language => {
	expect(rowOf(language, {state: 'restarting'})).toMatch(/(?:Nothing to do\.|无需操作。) *$/);
});

test('what is wrong with the configuration is seen at 80 columns, not only the folder of its file', () => {
	const place = '/home/me/.codex-tui/config.toml:16:1';
	const configProblem = `${place}: codex.providers.relay2.base_url is not an http:// or https:// URL.`;
	expect(rowOf('en', {configProblem})).toContain(
		'✖ config.toml:16:1: codex.providers.relay2.base_url is not an http://',
	);
	expect(rowOf('zh-CN', {configProblem})).toContain('✖ config.toml:16:1：codex.providers.relay2.base_url 不是 http://');
});
