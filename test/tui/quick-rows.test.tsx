import {PassThrough} from 'node:stream';
import xterm from '@xterm/headless';
import * as fc from 'fast-check';
import {Box, render, Text} from 'ink';
import type {ReactNode} from 'react';
import {afterEach, describe, expect, test} from 'vitest';
import {createQuickRenderer, isPlainRow, type InkFrame, type InkNode} from '../../.ci/quick-rows.ts';
// What the bundle wraps; Ink does not export it.
import inkRenderer from '../../node_modules/ink/build/renderer.js';
import inkSanitizer from '../../node_modules/ink/build/sanitize-ansi.js';
import {fitLine, type Line} from '../../source/tui/text/line.ts';
import {ThemeBook} from '../../source/tui/theme/theme-book.ts';
import {propertyRuns} from '../support/property-runs.ts';
import {shippedThemes} from '../support/screen.ts';

const columns = 24;
const height = 4;
/** The other one has a background of its own. */
const painters = ['midnight', 'paper'].map(
	name => new ThemeBook(shippedThemes(), name, {depth: 24, isAscii: false}).look().painter,
);

const inkFrame = (root: InkNode): InkFrame => Reflect.apply(inkRenderer, undefined, [root, false]);

/** Ink's tree of what is given, after its layout. */
class Tree {
	root: InkNode | undefined;
	readonly #output = Object.assign(new PassThrough(), {columns, rows: height, isTTY: true});
	readonly #instance = render(<></>, {stdout: Reflect.apply(Object, undefined, [this.#output]), patchConsole: false});

	show(rows: ReactNode, frame: {readonly borderStyle?: 'single'} = {}): InkNode {
		this.#output.resume();
		const take = (box: object | null): void => {
			if (box !== null) {
				this.root = Reflect.get(box, 'parentNode');
			}
		};
		this.#instance.rerender(
			<Box ref={take} flexDirection="column" width={columns} height={height} overflow="hidden" {...frame}>
				{rows}
			</Box>,
		);
		if (this.root === undefined) {
			throw new Error('Ink made no tree.');
		}

		return this.root;
	}

	showRows(texts: readonly string[]): InkNode {
		return this.show(
			texts.map((text, row) => (
				// oxlint-disable-next-line react/no-array-index-key -- rows are places, as in the app
				<Text key={row} wrap="truncate-end">
					{text}
				</Text>
			)),
		);
	}

	close(): void {
		this.#instance.unmount();
	}
}

const trees: Tree[] = [];
afterEach(() => {
	for (const tree of trees.splice(0)) {
		tree.close();
	}
});

const openTree = (): Tree => {
	const tree = new Tree();
	trees.push(tree);
	return tree;
};

/** Every cell as a terminal draws it: what stands in it, and how. */
const cellsOf = async (output: string): Promise<readonly string[]> => {
	const terminal = new xterm.Terminal({cols: columns, rows: height, allowProposedApi: true, convertEol: true});
	await new Promise<void>(resolve => {
		terminal.write(output, resolve);
	});
	return Array.from({length: columns * height}, (_, index) => {
		const cell = terminal.buffer.active.getLine(Math.floor(index / columns))?.getCell(index % columns);
		const look = [
			cell?.getFgColor(),
			cell?.getBgColor(),
			cell?.isBold(),
			cell?.isItalic(),
			cell?.isDim(),
			cell?.isInverse(),
		];
		return `${cell?.getChars() || ' '} ${look.join(' ')}`;
	});
};

const piece = fc.oneof(
	fc.string({unit: fc.constantFrom('a', 'b', ' ', '1', '│', '▸', '─', 'é', '漢', '字', '。'), maxLength: 9}),
	fc.constantFrom('🙂', '👩‍💻 ok', 'e\u0301', '\u200B', '   ', '\u001B[2Jx', 'ſẞ'),
);
const line: fc.Arbitrary<Line> = fc.array(
	fc.record({
		text: piece,
		tone: fc.constantFrom('text', 'muted', 'error', 'accent', undefined),
		bold: fc.boolean(),
		italic: fc.boolean(),
		look: fc.constantFrom('selection', 'header', undefined),
	}),
	{maxLength: 6},
);

describe("the bundle's short way from Ink's tree to the terminal", () => {
	test('draws every cell as Ink draws it, whatever stands in the rows', async () => {
		const tree = openTree();
		const quick = createQuickRenderer(inkFrame);
		const rows = fc.array(line, {minLength: height, maxLength: height});
		await fc.assert(
			fc.asyncProperty(rows, fc.constantFrom(...painters), async (lines, {paint}) => {
				const root = tree.showRows(lines.map(spans => paint(fitLine(spans, columns))));
				const [ours, theirs] = [quick(root, false), inkFrame(root)];
				expect(ours.outputHeight).toBe(theirs.outputHeight);
				expect(ours.output.split('\n')).toHaveLength(theirs.output.split('\n').length);
				expect(await cellsOf(ours.output)).toEqual(await cellsOf(theirs.output));
			}),
			propertyRuns(60),
		);
	});

	test('asks Ink for nothing in a frame of plain rows, and once for a row with rare characters', () => {
		let asked = 0;
		const quick = createQuickRenderer(root => {
			asked++;
			return inkFrame(root);
		});
		const tree = openTree();
		expect(quick(tree.showRows(['one', '\u001B[31mtwo\u001B[0m │ 漢']), false).output).toBe(
			'one\n\u001B[31mtwo\u001B[0m │ 漢\n\n',
		);
		expect(asked).toBe(0);
		const rare = tree.showRows(['one', '🙂 two', 'three']);
		expect(quick(rare, false).output).toBe('one\n🙂 two\nthree\n');
		expect(quick(rare, false).output).toBe('one\n🙂 two\nthree\n');
		expect(asked).toBe(1);
	});

	test.each([
		['a row that is too long for its box', ['x'.repeat(columns + 5), 'b']],
		['an empty row, which Ink gives no height', ['a', '', 'c']],
		['more rows than there is room for', ['a', 'b', 'c', 'd', 'e']],
		['a row with a line break', ['a\nb', 'c']],
	])('leaves %s to Ink', (_, rows) => {
		const root = openTree().showRows(rows);
		expect(createQuickRenderer(inkFrame)(root, false)).toEqual(inkFrame(root));
	});

	test.each([
		[
			'a text with a colour of its own',
			<Text key="a" bold wrap="truncate-end">
				a
			</Text>,
			{},
		],
		[
			'a frame around the rows',
			<Text key="a" wrap="truncate-end">
				a
			</Text>,
			{borderStyle: 'single'} as const,
		],
		[
			'a row of two columns',
			<Box key="a">
				<Text wrap="truncate-end">a</Text>
				<Text wrap="truncate-end">b</Text>
			</Box>,
			{},
		],
	])('leaves %s to Ink', (_, rows, frame) => {
		const root = openTree().show(rows, frame);
		expect(createQuickRenderer(inkFrame)(root, false)).toEqual(inkFrame(root));
	});

	test("passes Ink's sanitizer by only where it would change nothing", () => {
		const text = fc.array(
			fc.oneof(
				piece,
				fc.constantFrom('\u001B[1m', '\u001B[m', '\u001B[38;2;1;2;3m', '\u001B[4:3m', '\u009B1m', '\u0007', '\u0301'),
			),
		);
		fc.assert(
			fc.property(text, pieces => {
				const whole = pieces.join('');
				expect(isPlainRow(whole) ? inkSanitizer(whole) : whole).toBe(whole);
			}),
			propertyRuns(300),
		);
	});
});
