import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {presets} from '../../../source/provider/presets/presets.ts';
import {chinese} from '../../../source/tui/language/chinese/chinese.ts';
import {configPhrases} from '../../../source/tui/language/chinese/config-phrases.ts';
import {lossPhrases} from '../../../source/tui/language/chinese/loss-phrases.ts';
import type {Phrase} from '../../../source/tui/language/chinese/phrases.ts';
import {settingNames} from '../../../source/tui/language/chinese/routes.ts';
import {english} from '../../../source/tui/language/english/english.ts';
import {endings} from '../../../source/tui/language/english/requests.ts';
import {attemptPhrases} from '../../../source/tui/language/chinese/reason-phrases.ts';

/* What the engine says in English stands in its source: each of these sentences must have its Chinese, and no phrase may outlive its sentence. */

const han = /\p{Script=Han}/u;
const root = new URL('../../../source/', import.meta.url).pathname;

const filesIn = (folder: string): readonly string[] =>
	readdirSync(path.join(root, folder), {recursive: true, encoding: 'utf8'})
		.filter(file => file.endsWith('.ts'))
		.map(file => `${folder}/${file}`);

const codeOf = (files: readonly string[]): string =>
	files.map(file => readFileSync(path.join(root, file), 'utf8')).join('\n');

const quoted = String.raw`'((?:[^'\\\n]|\\.)*)'|"([^"\n]*)"|${'`'}((?:[^${'`'}\\$]|\\.|\$\{[^{}]*\})*)${'`'}`;

/** The texts that stand behind `before` in the source, with 7 for what is put into them. */
const textsBehind = (code: string, before: string): readonly string[] =>
	[...code.matchAll(new RegExp(`${before}(?:${quoted})`, 'g'))].map(([, single, double, template]) =>
		(single ?? double ?? template ?? '').replaceAll(/\$\{[^{}]*\}/g, '7'),
	);

/** Pieces of phrases of which the source knows nothing. */
const withoutSource = (phrases: readonly Phrase[], code: string): readonly string[] =>
	phrases
		.flatMap(([said]) => said.split(/\{\w+[#!]?\}|\(s\)/))
		.map(piece => piece.trim())
		.filter(piece => /[a-z]{3} [a-z]{2}/.test(piece) && !code.includes(piece));

const said = (text: string): string => chinese.requests.said(text);

describe('what the bridge lost', () => {
	const code = codeOf([
		...filesIn('translate'),
		...filesIn('engine/memory'),
		'engine/translate-station.ts',
		'engine/attempt-station.ts',
	]);

	test('is said in Chinese, each sentence of its source', () => {
		const added = textsBehind(code, String.raw`\.add\(\s*(?:'[\w.-]+'|${'`'}[^${'`'}]*${'`'}),\s*`);
		const refused = textsBehind(code, String.raw`(?:'[\w-]+'|unreadable|unclosed|cut): (?=['"]A (?:call|block) in)`);
		const intents = textsBehind(code, String.raw`const text =\s*`).filter(text => / \w+ \w+ \w+ /.test(text));
		expect([added.length > 75, refused.length, intents.length > 2]).toEqual([true, 8, true]);
		const sentences = [...added, ...refused, ...intents].map(text =>
			text.replace('request: 7.', 'request: a tool is forced.'),
		);
		expect(sentences.filter(text => !han.test(said(text)))).toEqual([]);
		expect(withoutSource(lossPhrases, code)).toEqual(['encrypted reasoning item']);
	});

	test('has its Chinese on Trace also where several things were mended', () => {
		expect(said('left out, since moody cannot read it: 1 encrypted reasoning item')).toBe(
			'moody 读不了，已略去 1 项加密推理',
		);
		expect(
			said('images were left out, top_k was left out, the limit is called max_tokens: relay refused it otherwise'),
		).toBe('图片已略去、已略去 top_k、上限改称 max_tokens：否则 relay 会拒绝');
	});
});

describe('why an attempt was made, and what came of it', () => {
	const search = filesIn('engine/search');
	const code = codeOf([...search, ...filesIn('attempt'), ...filesIn('engine/reply'), ...filesIn('engine/bridge')]);

	test('is known by the very words of its source', () => {
		expect(withoutSource(attemptPhrases, codeOf(search))).toEqual([]);
		expect(attemptPhrases.filter(([reason]) => !han.test(said(reason.replace('{count#}', '3'))))).toEqual([]);
	});

	test('is said in Chinese, each reason of its source', () => {
		const reasons = [
			...textsBehind(code, String.raw`reason[:=]\s*`),
			...textsBehind(code, String.raw`reason = `),
			...textsBehind(code, String.raw`kind: 'garbage',\s*message: `),
			...textsBehind(code, String.raw`#timeOut\('[\w-]+', `),
			...textsBehind(code, String.raw`failed\('[\w-]+', `),
			...textsBehind(code, String.raw`'(?:moved-by-user|hedge-lost)': `),
			...textsBehind(code, String.raw`'(?:encrypted|previous-response|mend|mend-again)': `),
		].map(text => text.replace(/^7(?=[:,] | with )/, 'answered 503'));
		const known = reasons.filter(text => / /.test(text) && text !== '7 7');
		expect(known.length).toBeGreaterThan(30);
		expect(known.filter(text => !han.test(said(text)))).toEqual([]);
	});

	test('stands in Explain and in the facts of Trace as everywhere', () => {
		const sayings = [
			{
				code: 'attempt_hard',
				text: 'brittle: broke off: it closed the connection',
				values: {name: 'brittle', reason: 'broke off: it closed the connection'},
			},
		];
		expect(chinese.engine.step({mark: 'no', subject: 'attempt 1', text: 'x', sayings})).toBe(
			'brittle：中断：关闭了连接',
		);
	});
});

// Most begin with their key; some are about the whole file.
const isProblemSaid = (text: string): boolean =>
	['retry ', ''].some(key => han.test(chinese.engine.problem(`config.toml:3:1: ${key}${text}`)));

/** The legacy importer and the edits speak elsewhere. */
const isAnotherMatter = (file: string): boolean =>
	file.includes('legacy') || (file.startsWith('config/edit') && !file.endsWith('toml-editor.ts'));

describe('what is wrong with a configuration', () => {
	const code = codeOf(filesIn('config').filter(file => !isAnotherMatter(file)));

	test('is said in Chinese, each sentence of its source', () => {
		const sentences = textsBehind(code, String.raw`(?:\.e|ConfigE)rror\(\s*'[\w-]+',\s*`).map(text =>
			text.replace('takes 7.', 'takes a string.'),
		);
		expect(sentences.length).toBeGreaterThan(50);
		// What the legacy commands say reaches no screen.
		const apart = /is 3: commands are made|7, but this program reads/;
		const unknown = sentences.filter(text => !apart.test(text) && !isProblemSaid(text));
		expect(unknown).toEqual([]);
		expect(withoutSource(configPhrases, code)).toEqual([]);
	});

	test('keeps place, key and value as they are', () => {
		expect(
			chinese.engine.problem('config.toml:3:8: retry.sends is 99, but it takes a whole number from 1 to 64.'),
		).toBe('config.toml:3:8：retry.sends 是 99，应为 1 到 64 的整数。');
		expect(said('/home/me/config.toml:9: listen.auth takes an absolute path.')).toBe(
			'/home/me/config.toml:9：listen.auth 应为绝对路径。',
		);
		expect(chinese.engine.problem('relay.toml is a nice name')).toBe('relay.toml is a nice name');
	});
});

test('notes of conversations and of presets are said in Chinese, each of its source', () => {
	const code = codeOf([...filesIn('observe/transcript'), ...filesIn('observe/sessions'), 'observe/transcript.ts']);
	const notes = [
		...textsBehind(code, String.raw`item\('note', (?:isData \? )?`),
		...textsBehind(code, String.raw`missing: `),
	];
	expect(notes.length).toBeGreaterThan(10);
	expect(notes.filter(text => text !== '(7)' && !han.test(chinese.engine.note(text)))).toEqual([]);
	expect(chinese.engine.note('You ran out of luck')).toBe('You ran out of luck');
	const ofPresets = presets.flatMap(({note, terms}) => [note ?? [], terms ?? []].flat());
	expect(ofPresets.length).toBeGreaterThan(10);
	const ofCodex = textsBehind(codeOf(['command/init-offers.ts']), 'const left = ');
	expect(ofCodex).toHaveLength(1);
	expect([...ofPresets, ...ofCodex].filter(note => !han.test(chinese.wizard.presetNote(note)))).toEqual([]);
});

test('what keeps an incident open is said in Chinese, each text of its source', () => {
	const code = codeOf([...filesIn('watch/rules'), 'engine/brain/state-store.ts']);
	const texts = [
		...textsBehind(code, String.raw`text(?: =|:) (?:last === undefined \? )?`),
		...textsBehind(code, String.raw`onFault\(\s*`),
		'missing env RELAY_KEY (config.toml:9)',
		'stream-cut: broke off: it closed the connection (the client noticed)',
	].map(text => text.replace('7 7', '7 left out'));
	const known = texts.filter(text => / \w+ \w+/.test(text));
	expect(known.length).toBeGreaterThan(8);
	expect(known.filter(text => !han.test(said(text)))).toEqual([]);
});

test('the settings of a route and the sources of its keys have their Chinese', () => {
	const code = codeOf(['engine/brain/brain-view.ts']);
	const block = code.slice(code.indexOf('const settingsOf'), code.indexOf('const two'));
	const names = [...block.matchAll(/\['([a-z ]+)',/g)].map(([, name = '']) => name);
	expect(names.toSorted()).toEqual(Object.keys(settingNames).toSorted());
	expect(chinese.routes.setting('hedge after', '2s')).toBe('并行，静默满 2s');
	const labels = ['inline', 'client', 'none', 'env RELAY_KEY', 'missing env RELAY_KEY'];
	expect(labels.map(chinese.routes.keySource).filter(text => !han.test(text))).toEqual([]);
});

test('how a request ended that no attempt tells of is said in both languages, each kind of its source', () => {
	const code = codeOf(['engine/reply/ending-row.ts']);
	const kinds = new Set(textsBehind(code.slice(0, code.indexOf('export interface Row')), 'kind: '));
	expect([...kinds].toSorted()).toEqual(Object.keys(endings).toSorted());
	for (const kind of kinds) {
		expect(english.requests.said(kind)).toMatch(/ \w+ /);
		expect(said(kind)).toMatch(han);
	}
});
