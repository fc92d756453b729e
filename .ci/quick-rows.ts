import {knownWidth} from '../source/base/cell-width.ts';

/*
 * The bundle's short way from Ink's tree to the terminal's text. Ink paints every cell of every frame into a grid and reads the grid back: at
 * 200x60 more than half of a frame's time. Our screen is rows of finished text, one below the other, of which nothing lies over another; there
 * the grid says what the rows say. Whatever is not exactly that goes Ink's way.
 */

/** The part of Ink's nodes (ink/build/dom.d.ts) that is looked at. */
export interface InkNode {
	readonly nodeName: string;
	readonly nodeValue?: string;
	readonly style: Readonly<Record<string, unknown>>;
	readonly childNodes?: readonly InkNode[];
	readonly staticNode?: unknown;
	readonly internal_transform?: ((text: string, row: number) => string) | undefined;
	readonly yogaNode?: InkBox | undefined;
}

/** The part of Yoga's nodes that is looked at; cells. */
interface InkBox {
	readonly getComputedWidth: () => number;
	readonly getComputedHeight: () => number;
	readonly getComputedLeft: () => number;
	readonly getComputedTop: () => number;
	readonly getDisplay: () => number;
}

/** What Ink's renderer makes of a tree (ink/build/renderer.d.ts). */
export interface InkFrame {
	readonly output: string;
	readonly outputHeight: number;
	readonly staticOutput: string;
}

type Render = (root: InkNode, isScreenReader: boolean) => InkFrame;

// oxlint-disable-next-line no-control-regex -- escapes are what is looked for
const colours = /\u001B\[[\d;]*m/g;

/** What a box may say of itself without moving, framing or colouring its rows. */
const plainStyles = new Set([
	...['flexDirection', 'flexWrap', 'flexGrow', 'flexShrink', 'width', 'height'],
	...['overflow', 'overflowX', 'overflowY'],
]);

/** Whether a text is colours and characters that stand alone in their cells: in such a text Ink's sanitizer finds nothing to change. */
export const isPlainRow = (text: string): boolean => knownWidth(text.replace(colours, '')) !== undefined;

const textOf = ({nodeName, style, childNodes, internal_transform: transform}: InkNode): string | undefined => {
	const [child] = childNodes ?? [];
	const isRow = nodeName === 'ink-text' && style['textWrap'] === 'truncate-end' && childNodes?.length === 1;
	// A text with a colour of its own changes what it is given.
	const text = isRow && (transform === undefined || transform('x', 0) === 'x') ? child?.nodeValue : undefined;
	return text === '' || text?.includes('\n') === true ? undefined : text;
};

/** The box of rows that is the whole screen, where the tree is that. */
const rowBoxOf = ({yogaNode, childNodes, staticNode}: InkNode): InkNode | undefined => {
	const [box] = childNodes ?? [];
	const inner = box?.yogaNode;
	if (yogaNode === undefined || inner === undefined || staticNode !== undefined || childNodes?.length !== 1) {
		return undefined;
	}

	const isWhole = inner.getComputedLeft() === 0 && inner.getComputedTop() === 0 && inner.getDisplay() === 0;
	const fits = inner.getComputedWidth() === yogaNode.getComputedWidth();
	const isPlain = Object.entries(box?.style ?? {}).every(
		([name, value]) => value === undefined || plainStyles.has(name),
	);
	return isWhole && fits && isPlain && box?.nodeName === 'ink-box' ? box : undefined;
};

/** Ink's own way for one row: the tree with that row alone, moved up to the top. */
const singleRow = (root: InkNode, box: InkNode, index: number): InkNode => ({
	nodeName: 'ink-root',
	style: {},
	childNodes: [{...box, childNodes: box.childNodes?.slice(index, index + 1) ?? []}],
	yogaNode: {
		getComputedWidth: () => root.yogaNode?.getComputedWidth() ?? 0,
		getComputedHeight: () => 1,
		getComputedLeft: () => 0,
		getComputedTop: () => -index,
		getDisplay: () => 0,
	},
});

/** Ink's renderer, which is asked only for what has no shorter way. Rows with rare characters go through it, once for each text. */
export const createQuickRenderer = (render: Render): Render => {
	let remembered = new Map<string, string>();

	const quickFrame = (root: InkNode): InkFrame | undefined => {
		const box = rowBoxOf(root);
		const columns = root.yogaNode?.getComputedWidth() ?? 0;
		const height = root.yogaNode?.getComputedHeight() ?? 0;
		if (box?.childNodes === undefined || box.childNodes.length > height) {
			return undefined;
		}

		const lines: string[] = [];
		const next = new Map<string, string>();
		for (const [index, node] of box.childNodes.entries()) {
			const text = textOf(node);
			const place = node.yogaNode;
			if (text === undefined || place?.getComputedTop() !== index || place.getComputedLeft() !== 0) {
				return undefined;
			}

			const cells = knownWidth(text.replace(colours, ''));
			if (cells !== undefined && cells <= columns) {
				lines.push(text.trimEnd());
				continue;
			}

			const key = `${columns} ${text}`;
			const line = remembered.get(key) ?? render(singleRow(root, box, index), false).output;
			next.set(key, line);
			lines.push(line);
		}

		remembered = next;
		return {output: lines.join('\n') + '\n'.repeat(height - lines.length), outputHeight: height, staticOutput: ''};
	};

	return (root, isScreenReader) => (isScreenReader ? undefined : quickFrame(root)) ?? render(root, isScreenReader);
};
