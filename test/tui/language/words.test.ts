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

const screenFiles = readdirSync(screenFolder, {recursive: true, encoding: 'utf8'}).filter(
	file => /\.tsx?$/.test(file) && !file.startsWith('language/'),
);

const textOf = (file: string): string => readFileSync(path.join(screenFolder, file), 'utf8');

/** The code of the screen, a text for each file: what may read a word. */
const readers = screenFiles.map(textOf);

/** A name is read as `.name`, taken apart as `{name}`, or every name beside it is computed: `above[…]`. */
const reads = (code: string, name: string, above: string): boolean =>
	new RegExp(`\\.${name}\\b|[{,]\\s*${name}\\s*[,}:]|\\b${above}\\[`).test(code);

/** The code of the files that read a section. */
const readersOf = (section: string, files: readonly string[]): string => {
	const isRead = new RegExp(
		`(wordsOf\\([^;]*\\)|\\bwords)\\.${section}\\b|\\{[^{}]*\\b${section}\\b[^{}]*\\}(: Words\\b| = wordsOf)|Words\\['${section}'\\]`,
	);
	return files.filter(file => /\bwordsOf\b|\bWords\b/.test(file) && isRead.test(file)).join('\n');
};

/** Keys whose section no file reads, or of which the files that read the section name no part. */
const unreadKeys = (tree: Tree, files: readonly string[]): readonly string[] =>
	Object.entries(tree).flatMap(([section, words]) => {
		const code = readersOf(section, files);
		return keysOf(isTree(words) ? words : {}, `${section}/`).filter(key => {
			const [, ...names] = key.split('/');
			return !names.every((name, index) => reads(code, name.replace('.', '\\.'), names[index - 1] ?? section));
		});
	});

describe('the words of the screen', () => {
	test('every language has the same keys', () => {
		expect(keysOf(chinese).toSorted()).toEqual(keysOf(english).toSorted());
		expect(keysOf(english).length).toBeGreaterThan(50);
	});

	test('no key is there that nothing on the screen reads', () => {
		expect(unreadKeys(english, readers)).toEqual([]);
	});

	test('a key that only files of other sections name is found', () => {
		const reader = `const {sessions: words} = wordsOf(state);\nconst {columns} = words;\ntitle: columns.folder, note: words.live`;
		const stranger = 'const {routes: words} = wordsOf(state);\ntitle: words.columns.effort, empty: words.none';
		const tree = {
			sessions: {columns: {folder: 'FOLDER', effort: 'EFFORT'}, live: 'live', none: 'none'},
			pages: {title: 'Pages'},
		};
		expect(unreadKeys(tree, [reader, stranger])).toEqual(['sessions/columns/effort', 'sessions/none', 'pages/title']);
	});

	test('every command of the catalogue is in the key table', () => {
		const unread = Object.keys(english.commands).filter(
			command => !readers.some(code => code.includes(`'${command}'`)) && !command.startsWith('page.'),
		);
		expect(unread).toEqual([]);
	});

	test('no file of the frame, the keys and the store says a sentence of its own', () => {
		const said = screenFiles
			.filter(file => /^(frame|input|store)\/|^(layout|main)\./.test(file))
			.flatMap(file => {
				// Commands of the palette are typed, the same in every language.
				const typed = /(?:text: |entry\()(['`])[a-z].*?\1/g;
				const code = textOf(file)
					.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|^import .*|'This page'/gm, '')
					.replaceAll(typed, '');
				const texts = code.replaceAll(/\$\{[^{}]*\}/g, '').match(/(['`])(?:(?!\1).)*?[a-z]{2} [a-z]{2}.*?\1/gi);
				return (texts ?? []).map(text => `${file}: ${text}`);
			});
		expect(said).toEqual([]);
	});

	test('Chinese is written in Chinese', () => {
		const latin = keysOf(chinese).filter(key => {
			const value = key.split('/').reduce<unknown>((tree, part) => (isTree(tree) ? tree[part] : undefined), chinese);
			return typeof value === 'string' && value.length > 3 && !/\p{Script=Han}/u.test(value);
		});
		expect(latin).toEqual([]);
	});

	test('Chinese uses no sign that is one cell wide here and two cells wide in a Chinese terminal', () => {
		const folder = path.join(screenFolder, 'language/chinese');
		const signs = readdirSync(folder).flatMap(file =>
			(readFileSync(path.join(folder, file), 'utf8').match(/.*[“”‘’—…·×→≥≤].*/g) ?? []).map(line => `${file}: ${line}`),
		);
		expect(signs).toEqual([]);
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
