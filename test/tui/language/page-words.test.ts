import {describe, expect, test} from 'vitest';
import {readSettings} from '../../../source/command/config-show-read.ts';
import {chinese} from '../../../source/tui/language/chinese/chinese.ts';
import {settingTexts} from '../../../source/tui/language/chinese/setting-texts.ts';
import {english} from '../../../source/tui/language/english/english.ts';

const han = /\p{Script=Han}/u;

describe('what pages say of themselves in Chinese', () => {
	const settings = readSettings(
		{path: '/c.toml', text: 'version = 5\n'},
		{env: {}},
		{get: () => undefined, themes: ['midnight']},
	);

	test('every setting that has a sentence has one in Chinese, and none is there for a setting that is gone', () => {
		const told = settings.filter(({about}) => about !== undefined);
		expect(told.length).toBeGreaterThan(30);
		expect(told.filter(setting => !han.test(chinese.settings.about(setting) ?? '')).map(({key}) => key)).toEqual([]);
		const keys = new Set(told.map(({key}) => key));
		expect(Object.keys(settingTexts).filter(key => !keys.has(key))).toEqual([]);
	});

	test('why there is no file is said in both languages', () => {
		for (const instead of ['--demo', '--upstream'] as const) {
			expect(english.settings.note({note: 'No file.', instead})).toBe('No file.');
			expect(chinese.settings.note({note: 'No file.', instead})).toMatch(han);
		}
	});
});
