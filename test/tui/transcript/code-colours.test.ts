import {describe, expect, test} from 'vitest';
import {plainOf} from '../../../source/tui/text/line.ts';
import {CodeColours} from '../../../source/tui/transcript/code-colours.ts';

const colourOnce = async (lang: string, code: string) => {
	const {promise, resolve} = Promise.withResolvers<void>();
	const colours = new CodeColours(resolve);
	expect(colours.peek(lang, code)).toBeUndefined();
	colours.want(lang, code);
	await promise;
	return colours;
};

describe('code', () => {
	test('gets its colours after it was shown, line by line, and stays the text that it was', async () => {
		const code = 'const a = "x"; // why\n/* one\n two */ return 中文;';
		const lines = (await colourOnce('ts', code)).peek('ts', code) ?? [];
		expect(lines.map(plainOf).join('\n')).toBe(code);
		expect(lines[0]).toContainEqual({text: 'const', tone: 'chart4', bold: undefined});
		expect(lines[0]).toContainEqual({text: '"x"', tone: 'chart2', bold: undefined});
		expect(lines[1]).toEqual([{text: '/* one', tone: 'muted', bold: undefined}]);
		expect(lines[2]?.[0]).toEqual({text: ' two */', tone: 'muted', bold: undefined});
	});

	test('that grows keeps the colours of its whole lines until the new ones are there', async () => {
		const colours = await colourOnce('js', 'let a;\nlet b');
		const lines = colours.peek('js', 'let a;\nlet bcd;\nlet e');
		expect(lines?.map(plainOf)).toEqual(['let a;']);
		expect(colours.isSettled('js', 'let a;\nlet bcd;\nlet e')).toBe(false);
		expect(colours.peek('js', 'var a;\nlet b')).toBeUndefined();
	});

	test('of an unknown language, without one, or too long stays plain', async () => {
		const colours = await colourOnce('klingon', 'x');
		expect(colours.peek('klingon', 'x')).toBeUndefined();
		expect(colours.isSettled('klingon', 'x')).toBe(true);
		expect(colours.isSettled('', 'x')).toBe(true);
		expect(colours.isSettled('js', 'x'.repeat(30_000))).toBe(true);
		// Ten seconds in the grammar of ini.
		expect(colours.isSettled('ini', `a = 1\n${'a'.repeat(7000)}\n`)).toBe(true);
		expect(colours.isSettled('ini', 'a'.repeat(7000))).toBe(true);
		expect(colours.isSettled('ini', 'a = 1\n'.repeat(100))).toBe(false);
	});

	test('stays plain where the grammars cannot be loaded', async () => {
		let asked = 0;
		const colours = new CodeColours(
			() => undefined,
			async () => {
				asked++;
				throw new Error('not installed');
			},
		);
		colours.want('js', 'a');
		await new Promise(resolve => setImmediate(resolve));
		colours.want('js', 'b');
		expect([asked, colours.isSettled('js', 'b')]).toEqual([1, true]);
	});
});
