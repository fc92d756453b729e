import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {sanitizeLine} from '../../../source/base/sanitize.ts';
import {plainOf, widthOfLine} from '../../../source/tui/text/line.ts';
import {linesOfRows, rowsOfMarkdown} from '../../support/transcript-rows.ts';
import {propertyRuns} from '../../support/property-runs.ts';

const shown = (text: string, width = 40): string[] =>
	linesOfRows(rowsOfMarkdown(text), width).map(line => plainOf(line).trimEnd());

const tonesIn = (text: string): ReadonlyArray<readonly [string, string | undefined, boolean]> =>
	rowsOfMarkdown(text).flatMap(({spans}) =>
		spans.map(({text: part, tone, bold, italic}) => [part, tone, bold === true || italic === true] as const),
	);

describe('Markdown', () => {
	test('with more marks of emphasis than anybody writes stays text', () => {
		const startMs = performance.now();
		expect(shown('**a_ '.repeat(1200), 6000)).toEqual(['**a_ '.repeat(1200).trimEnd()]);
		expect(shown('**a** '.repeat(150), 6000)).toEqual(['a '.repeat(150).trimEnd()]);
		expect(performance.now() - startMs).toBeLessThan(800);
	});

	test.each([
		['# One\n\ntext', ['# One', '', 'text']],
		['a **b** _c_ `d` ~~e~~ <b>f</b> \\* &lt;g&gt; &amp;', ['a b c d e <b>f</b> * <g> &']],
		['one\ntwo', ['one', 'two']],
		['- a\n- b\n  - c\n    deep', ['- a', '- b', '  - c', '    deep']],
		['3. a\n4. b\n\n   more', ['3. a', '4. b', '', '   more']],
		['- [x] done\n- [ ] open', ['- [x] done', '- [ ] open']],
		['> said\n> > again', ['> said', '> > again']],
		['```js\nlet a = 1;\n```', ['│ js', '│ let a = 1;']],
		['    indented\n    code', ['│ indented', '│ code']],
		['a\n\n---\n\nb', ['a', '', '─'.repeat(24), '', 'b']],
		['![alt](https://x.test/a.png)', ['(image alt: https://x.test/a.png)']],
		['', ['']],
	])('%j is shown as lines', (text, lines) => {
		expect(shown(text)).toEqual(lines);
	});

	test('a link is shown with its address, and an address alone once', () => {
		expect(shown('[docs](https://x.test/d "title") and <https://y.test> and me@z.test', 80)).toEqual([
			'docs (https://x.test/d) and https://y.test and me@z.test',
		]);
	});

	test('words have tones: headings, bold, code, links, quotes', () => {
		expect(tonesIn('# H')).toContainEqual(['H', 'accent', true]);
		expect(tonesIn('**b**')).toEqual([['b', 'text', true]]);
		expect(tonesIn('_i_')).toEqual([['i', 'text', true]]);
		expect(tonesIn('`c`')).toEqual([['c', 'tool', false]]);
		expect(tonesIn('[l](https://x.test)')).toEqual([
			['l', 'info', false],
			[' (https://x.test)', 'muted', false],
		]);
		expect(tonesIn('> q')).toEqual([['q', 'muted', false]]);
	});

	test('a table is aligned where it fits, and told cell by cell where it does not', () => {
		const table = '| name | 数量 |\n|:--|--:|\n| 中转站 | 7 |\n| `b` | 12 |';
		expect(shown(table)).toEqual(['name   │ 数量', '───────┼─────', '中转站 │    7', 'b      │   12']);
		expect(shown('| n | m |\n|--|--|\n| 中转站东京大阪 | 7 |\n| x | 8 |', 16)).toEqual([
			'- n: 中转站东京',
			'    大阪',
			'  m: 7',
			'- n: x',
			'  m: 8',
		]);
	});

	test('what is nested a thousand times, or no Markdown at all, is shown as it was written', () => {
		expect(shown(`${'> '.repeat(3000)}x`, 80).join('')).toContain('> > >');
		const broken = rowsOfMarkdown('**a**', () => {
			throw new Error('a fault of the lexer');
		});
		expect(linesOfRows(broken, 20).map(plainOf)).toEqual(['**a**']);
	});
});

/** What a terminal would act on, in every place where Markdown puts a text somewhere else. */
const evils = [
	'\u001B]52;c;eA==\u0007',
	'\u001B[2J',
	'\u009B31m',
	'&#27;[2J',
	'&#x1b;]0;x&#7;',
	'&#8238;',
	'\u202E',
	'\u200B',
	'&#x9b;31m',
];
const frames: ReadonlyArray<(evil: string) => string> = [
	evil => evil,
	evil => `# ${evil}`,
	evil => `**${evil}** _${evil}_ ~~${evil}~~`,
	evil => `\`${evil}\``,
	evil => `[${evil}](https://x.test/${evil} "${evil}")`,
	evil => `![${evil}](${evil})`,
	evil => `<https://x.test/${evil}>`,
	evil => `\`\`\`${evil}\n${evil}\n\`\`\``,
	evil => `| ${evil} | b |\n|--|--|\n| ${evil} | ${evil} |`,
	evil => `- ${evil}\n  1. ${evil}`,
	evil => `> ${evil}`,
	evil => `<div>${evil}</div>`,
	evil => `[a]: https://x.test/${evil} "${evil}"`,
	evil => `- [${evil}] x`,
];

describe('SEC-17 Markdown from anybody', () => {
	test('shows no terminal command, bidi control or hidden character, wherever it stands and however it is spelled', () => {
		for (const evil of evils) {
			for (const frame of frames) {
				for (const width of [20, 80]) {
					for (const line of linesOfRows(rowsOfMarkdown(frame(evil)), width)) {
						expect(plainOf(line)).toBe(sanitizeLine(plainOf(line)));
					}
				}
			}
		}
	});

	test('never throws, never writes over the edge, and is as clean as a sanitized text', () => {
		const piece = fc.constantFrom(
			...evils,
			...[
				'# ',
				'- ',
				'1. ',
				'> ',
				'`',
				'```',
				'**',
				'_',
				'[',
				'](',
				')',
				'|',
				'\n',
				'\n\n',
				'|--|',
				'    ',
				'\t',
				'<b>',
				'&#27;',
				'字',
				'😀',
				'e\u0301',
				'word ',
			],
		);
		fc.assert(
			fc.property(fc.array(piece, {maxLength: 40}), fc.integer({min: 12, max: 90}), (pieces, width) => {
				for (const line of linesOfRows(rowsOfMarkdown(pieces.join('')), width)) {
					expect(widthOfLine(line)).toBeLessThanOrEqual(width);
					expect(plainOf(line)).toBe(sanitizeLine(plainOf(line)));
				}
			}),
			propertyRuns(300),
		);
	});
});
