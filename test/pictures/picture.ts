import {Resvg} from '@resvg/resvg-js';
import xterm, {type IBufferCell} from '@xterm/headless';

/*
 * A terminal's screen as a picture: the bytes go through a real terminal emulator, its cells become an SVG, that becomes a PNG.
 * Frames and blocks are drawn as shapes, since fonts leave gaps between them.
 */

/** A screen in cells. */
export interface ScreenSize {
	readonly columns: number;
	readonly rows: number;
}

const fontSize = 16;
const cell = {width: 9.64, height: 20};
const margin = 8;
/** What a terminal draws with where no colour is told; a dark one, also for light themes, which state what they need. */
const base = {paper: '#101418', ink: '#d0d6dc'};
const basic = [
	...['#1c2126', '#e0575b', '#5fbf6a', '#d9b44a', '#5a9be6', '#b87bd8', '#4fc1c4', '#c8ced4'],
	...['#5c6670', '#ff7a7e', '#7fe08a', '#ffd56a', '#7db8ff', '#d79bf5', '#74e0e3', '#ffffff'],
];

const hex = (value: number): string => `#${value.toString(16).padStart(6, '0')}`;

const level = (step: number): number => (step === 0 ? 0 : 55 + 40 * step);

/** xterm's 256 colours: 16 basic ones, a cube of six levels, 24 greys. */
const paletteColour = (index: number): string => {
	if (index < 16) {
		return basic[index] ?? base.ink;
	}

	if (index >= 232) {
		return hex((8 + (index - 232) * 10) * 0x01_01_01);
	}

	const at = index - 16;
	return hex(level(Math.floor(at / 36)) * 0x1_00_00 + level(Math.floor(at / 6) % 6) * 0x1_00 + level(at % 6));
};

const coloursOf = (at: IBufferCell): {readonly front: string; readonly back: string} => {
	const {ink, paper} = base;
	const front = at.isFgDefault() ? ink : at.isFgRGB() ? hex(at.getFgColor()) : paletteColour(at.getFgColor());
	const back = at.isBgDefault() ? paper : at.isBgRGB() ? hex(at.getBgColor()) : paletteColour(at.getBgColor());
	return at.isInverse() ? {front: back, back: front} : {front, back};
};

const rectangle = (
	box: readonly [x: number, y: number, width: number, height: number],
	fill: string,
	opacity = '',
): string => {
	const [x, y, width, height] = box.map(value => value.toFixed(2));
	return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"${opacity}/>`;
};

/** Which arms a frame character has: up, down, left, right. */
const arms: Readonly<Record<string, string>> = {
	'│': 'UD',
	'─': 'LR',
	'╭': 'DR',
	'╮': 'DL',
	'╰': 'UR',
	'╯': 'UL',
	'┌': 'DR',
	'┐': 'DL',
	'└': 'UR',
	'┘': 'UL',
	'├': 'UDR',
	'┤': 'UDL',
	'┬': 'LRD',
	'┴': 'LRU',
	'┼': 'UDLR',
};

const drawFrame = (
	directions: string,
	x: number,
	y: number,
): readonly (readonly [number, number, number, number])[] => {
	const [middleX, middleY] = [x + cell.width / 2, y + cell.height / 2];
	const boxes: Readonly<Record<string, readonly [number, number, number, number]>> = {
		U: [middleX - 0.6, y, 1.2, cell.height / 2 + 0.6],
		D: [middleX - 0.6, middleY - 0.6, 1.2, cell.height / 2 + 0.9],
		L: [x, middleY - 0.6, cell.width / 2 + 0.6, 1.2],
		R: [middleX - 0.6, middleY - 0.6, cell.width / 2 + 0.9, 1.2],
	};
	return directions.split('').flatMap(direction => (boxes[direction] === undefined ? [] : [boxes[direction]]));
};

const escapeXml = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const drawGlyph = (at: IBufferCell, [x, y]: readonly [x: number, y: number]): string => {
	const text = at.getChars();
	const {front} = coloursOf(at);
	const opacity = at.isDim() ? ' opacity="0.55"' : '';
	const frame = arms[text];
	if (frame !== undefined) {
		return drawFrame(frame, x, y)
			.map(box => rectangle(box, front, opacity))
			.join('');
	}

	const eighths = (text.codePointAt(0) ?? 0) - 0x25_80;
	if (eighths >= 1 && eighths <= 8) {
		const height = (cell.height * eighths) / 8;
		return rectangle([x, y + cell.height - height, cell.width + 0.3, height], front, opacity);
	}

	if (text.trim() === '' || at.isInvisible()) {
		return '';
	}

	const style = `${at.isBold() ? ' font-weight="bold"' : ''}${at.isItalic() ? ' font-style="italic"' : ''}${opacity}`;
	const wide = at.getWidth() === 2 ? ` textLength="${(cell.width * 2).toFixed(2)}"` : '';
	return `<text x="${x.toFixed(2)}" y="${(y + cell.height * 0.77).toFixed(2)}" fill="${front}"${style}${wide}>${escapeXml(text)}</text>`;
};

/** The picture of a screen as PNG bytes; `bytes` is what a terminal of this size was sent. */
export const drawPicture = async (bytes: string, {columns, rows}: ScreenSize): Promise<Buffer> => {
	const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
	await new Promise<void>(resolve => {
		terminal.write(bytes, resolve);
	});
	const picture = drawTerminal(terminal);
	terminal.dispose();
	return picture;
};

/** The picture of what stands on a terminal now, as PNG bytes. */
export const drawTerminal = (terminal: InstanceType<typeof xterm.Terminal>): Buffer => {
	const {cols: columns, rows} = terminal;
	const backs: string[] = [];
	const glyphs: string[] = [];
	for (let row = 0; row < rows; row++) {
		const line = terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row);
		for (let column = 0; column < columns; column++) {
			const at = line?.getCell(column);
			if (at === undefined || at.getWidth() === 0) {
				continue;
			}

			const [x, y] = [margin + column * cell.width, margin + row * cell.height];
			const {back} = coloursOf(at);
			if (back !== base.paper) {
				backs.push(rectangle([x, y, cell.width * at.getWidth() + 0.5, cell.height + 0.5], back));
			}

			glyphs.push(drawGlyph(at, [x, y]));
		}
	}

	const [width, height] = [Math.ceil(columns * cell.width + 2 * margin), rows * cell.height + 2 * margin];
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans Mono, Noto Sans Mono CJK SC, Noto Sans CJK SC, monospace" font-size="${fontSize}" shape-rendering="crispEdges"><rect width="${width}" height="${height}" fill="${base.paper}"/>${backs.join('')}${glyphs.join('')}</svg>`;
	return new Resvg(svg, {font: {loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans Mono'}}).render().asPng();
};
