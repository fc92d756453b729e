import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {chinese} from '../../../source/tui/language/chinese/chinese.ts';
import {english} from '../../../source/tui/language/english/english.ts';
import {languageOf, languageOfEnvironment} from '../../../source/tui/language/words.ts';

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

const keysOf = (tree: Tree, above = ''): readonly string[] =>
	Object.entries(tree).flatMap(([key, value]) =>
		isTree(value) ? keysOf(value, `${above}${key}/`) : [`${above}${key}`],
	);

const screenFolder = new URL('../../../source/tui/', import.meta.url).pathname;

const readers = readdirSync(screenFolder, {recursive: true, encoding: 'utf8'})
	.filter(file => /\.tsx?$/.test(file) && !file.startsWith('language/'))
	.map(file => readFileSync(path.join(screenFolder, file), 'utf8'))
	.join('\n');

describe('the words of the screen', () => {
	test('every language has the same keys', () => {
		expect(keysOf(chinese).toSorted()).toEqual(keysOf(english).toSorted());
		expect(keysOf(english).length).toBeGreaterThan(50);
	});

	test('no key is there that nothing on the screen reads', () => {
		const unread = keysOf(english).filter(key => {
			const name = key.split('/').at(-1) ?? key;
			// Keys of commands and pages are computed; those of the rest are written where they are read.
			const isComputed = /^(commands|frame\/(titles|stubs))\//.test(key);
			return !isComputed && !new RegExp(`\\b${name}\\b`).test(readers);
		});
		expect(unread).toEqual([]);
	});

	test('every command of the catalogue is in the key table', () => {
		const unread = Object.keys(english.commands).filter(
			command => !readers.includes(`'${command}'`) && !command.startsWith('page.'),
		);
		expect(unread).toEqual([]);
	});

	test('Chinese is written in Chinese', () => {
		const latin = keysOf(chinese).filter(key => {
			const value = key.split('/').reduce<unknown>((tree, part) => (isTree(tree) ? tree[part] : undefined), chinese);
			return typeof value === 'string' && value.length > 3 && !/\p{Script=Han}/u.test(value);
		});
		expect(latin).toEqual([]);
	});

	test.each([
		['zh_CN.UTF-8', 'zh-CN'],
		['zh-Hans', 'zh-CN'],
		['en_GB.UTF-8', 'en'],
		['de_DE.UTF-8', undefined],
		['', undefined],
	])('the locale %s means %s', (locale, language) => {
		expect(languageOf(locale)).toBe(language);
	});

	test('the first locale variable that is set decides, and what is not spoken is English', () => {
		expect(languageOfEnvironment({LC_ALL: '', LC_MESSAGES: 'zh_CN.UTF-8', LANG: 'en_US.UTF-8'})).toBe('zh-CN');
		expect(languageOfEnvironment({LC_ALL: 'C', LANG: 'zh_CN.UTF-8'})).toBe('en');
		expect(languageOfEnvironment({})).toBe('en');
	});
});
