import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {chinese} from '../../../source/tui/language/chinese/chinese.ts';
import {createPhraseBook} from '../../../source/tui/language/chinese/phrases.ts';
import {sentenceText} from '../../../source/tui/language/chinese/sentence-phrases.ts';
import {english} from '../../../source/tui/language/english/english.ts';
import {sampleChecks} from '../../support/sample-doctor.ts';

const han = /\p{Script=Han}/u;
const source = new URL('../../../source/', import.meta.url).pathname;

/** The texts of a file that have no conditions in them, with 7 for what is put into them. */
const textsOf = (file: string): readonly string[] => {
	const code = readFileSync(path.join(source, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*/gm, '');
	// Line by line: a template within a template must not turn inside out what follows it.
	return code
		.split('\n')
		.flatMap(line =>
			[...line.matchAll(/`((?:[^`$]|\$\{[^{}`'"]*\}|\$(?!\{))*)`|'([^']*)'|"([^"]*)"/g)].map(
				([, template, single, double]) => (template ?? single ?? double ?? '').replaceAll(/\$\{[^{}]*\}/g, '7'),
			),
		);
};

describe('a phrase book', () => {
	const say = createPhraseBook([
		['{name} is here', '{name}在这里'],
		['{count#} cat(s)', '{count} 只猫'],
		['a (b) is here', '某物在此'],
		['{name}: {text!}.', '{name}：{text}。'],
	]);

	test('puts what stood in the holes into the other language, and says it too where it is known', () => {
		expect(say('relay-a is here')).toBe('relay-a在这里');
		expect(say('2 cats is here')).toBe('2 只猫在这里');
		expect(say('1 cat')).toBe('1 只猫');
	});

	test('takes the most exact phrase, and none where a text that must be known is not', () => {
		expect(say('a (b) is here')).toBe('某物在此');
		expect(say('relay-a: 3 cats.')).toBe('relay-a：3 只猫。');
		expect(say('relay-a: 3 dogs.')).toBeUndefined();
		expect(say('many cats')).toBeUndefined();
	});

	test('fits the first and the last place that a phrase allows, and leaves no hole empty', () => {
		const book = createPhraseBook([
			['{key}: {before} -> {after} ({place}).', '{key}|{before}|{after}|{place}'],
			['{a} is {count#} ms', '{a}|{count}'],
			['{file}. Try again.', '{file}|'],
		]);
		expect(book('k: a -> b (c -> d (e).')).toBe('k|a|b|c -> d (e');
		expect(book('x is 1 ms is 20 ms')).toBe('x|1|20');
		expect(book('a.b. Try again. Try again.')).toBe('a.b. Try again|');
		expect(book(': a -> b (c).')).toBeUndefined();
		expect(book('. Try again.')).toBeUndefined();
	});

	test('takes no longer for a text that was made to fit nowhere', () => {
		const startMs = performance.now();
		const text = `${'a: '.repeat(200)}${'b -> '.repeat(140)}${'c ('.repeat(200)}`;
		expect(sentenceText(text)).toBe(text);
		expect(sentenceText(text.repeat(100))).toBe(text.repeat(100));
		const nested = createPhraseBook([
			['{a}: {b!}', '{a}：{b}'],
			['{a}:{b!}', '{a}：{b}'],
			['{b!} :{a}', '{a}：{b}'],
		]);
		expect(nested('x: '.repeat(600))).toBeUndefined();
		expect(performance.now() - startMs).toBeLessThan(1000);
	});
});

describe('what the doctor says in Chinese', () => {
	const files = readdirSync(path.join(source, 'doctor')).map(file => `doctor/${file}`);

	test('is every sentence and question of its checks', () => {
		const sentences = files.flatMap(textsOf).filter(text => / .*[.?]$/.test(text) && /^[A-Z7]/.test(text));
		// Told to a model, not to a person; and what is a name with its version in every language.
		const apart =
			/^(?:This is a test of a connection|Call the tool|Reports one word|(?:7|Node|codex-tui) 7\.$|7: 77\.$|7: 7\.$|7[,;] )/;
		const unknown = sentences.filter(text => !apart.test(text) && !han.test(chinese.doctor.said(text)));
		expect(sentences.length).toBeGreaterThan(80);
		expect(unknown).toEqual([]);
	});

	test('is every step of its walks', () => {
		const steps = files.flatMap(file =>
			[
				...readFileSync(path.join(source, file), 'utf8').matchAll(
					/\['(?:ok|warn|fail|skipped)', (?:'([^']+)'|`([^`$]+)`)\]/g,
				),
			].map(([, single, template]) => single ?? template ?? ''),
		);
		expect(steps.length).toBeGreaterThan(12);
		expect(steps.filter(text => !han.test(chinese.doctor.said(text)))).toEqual([]);
	});

	test('keeps names, numbers and commands as they are', () => {
		expect(chinese.doctor.said('relay-a (account eu): it takes the key and lists 12 models.')).toBe(
			'relay-a（账户 eu）：接受密钥，列出 12 个模型。',
		);
		expect(chinese.doctor.said('The home is yours alone: 4 folders and 8 files.')).toBe(
			'主目录只有你能访问：4 个目录和 8 个文件。',
		);
		const whats = sampleChecks.filter(({id}) => !id.startsWith('version.'));
		expect(whats.filter(({what}) => !han.test(chinese.doctor.said(what)))).toEqual([]);
		expect(sampleChecks.map(({what}) => english.doctor.said(what))).toEqual(sampleChecks.map(({what}) => what));
	});
});

describe('reasons in Chinese', () => {
	test('are those of connections that break', () => {
		const reasons = textsOf('attempt/transport-failure.ts').filter(text => /^(?:its?|no|nothing|a|the) .* /.test(text));
		expect(reasons.length).toBeGreaterThan(15);
		expect(reasons.filter(text => !han.test(chinese.requests.said(text)))).toEqual([]);
	});

	test.each([
		['answered 503: it is overloaded', '返回 503：过载'],
		['answered 401: it refused the key', '返回 401：拒绝了密钥'],
		['broke off: it closed the connection', '中断：关闭了连接'],
		['500: answered 500', '500：返回 500'],
		[
			'session s1: left out, since moody cannot read it: 2 encrypted reasoning items',
			'会话 s1：moody 读不了，已略去 2 项加密推理',
		],
		['failed over from relay-a/eu', '从 relay-a/eu 转移而来'],
		['You ran out of luck', 'You ran out of luck'],
	])('%s', (reason, said) => {
		expect(chinese.requests.said(reason)).toBe(said);
		expect(english.requests.said(reason)).toBe(reason);
	});
});
