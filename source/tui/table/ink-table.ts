import {createRequire, Module} from 'node:module';
import {createElement, type ComponentType} from 'react';
import {inkNamespace, renderToString} from '../ink.ts';
import {widthOf} from '../../base/text-width.ts';
import {gridLines, type GridRow} from './data-table.tsx';

/*
 * ink-table 3.1 is CommonJS and requires Ink, whose modules have a top-level await, so Node refuses (tui.md 1.2). The
 * adapter puts the Ink that is loaded already into CommonJS' cache before ink-table asks for it. It is used for printed
 * tables only: it costs twenty times our own table, and its widths are wrong for wide characters.
 */

interface InkTableProps {
	readonly data: readonly GridRow[];
	readonly columns?: readonly string[];
	readonly padding?: number;
}

const isComponent = (value: unknown): value is ComponentType<InkTableProps> => typeof value === 'function';

const loadTable = (): ComponentType<InkTableProps> => {
	const load = createRequire(import.meta.url);
	const file = load.resolve('ink');
	if (load.cache[file] === undefined) {
		const loaded = new Module(file);
		loaded.exports = inkNamespace;
		loaded.loaded = true;
		load.cache[file] = loaded;
	}

	const table: unknown = load('ink-table');
	const component: unknown = typeof table === 'object' && table !== null ? Reflect.get(table, 'default') : table;
	if (!isComponent(component)) {
		throw new TypeError('ink-table has no component as its default export; is another version installed?');
	}

	return component;
};

let table: ComponentType<InkTableProps> | undefined;

/** Draws rows with ink-table itself, as plain lines. The width of the terminal is not looked at. */
export const inkTableLines = (rows: readonly GridRow[], columns: readonly string[]): readonly string[] => {
	table ??= loadTable();
	const longest = gridLines(rows, columns)[0] ?? '';
	return renderToString(createElement(table, {data: rows, columns}), {columns: widthOf(longest) + 1}).split('\n');
};

const isAscii = (text: string): boolean => /^[\u0020-\u007E]*$/.test(text);

/** A table for a command's output: ink-table where it is right, our own grid as soon as a wide character is in it. */
export const printedTable = (rows: readonly GridRow[], columns: readonly string[]): string => {
	const isPlain = rows.every(row => columns.every(column => isAscii(String(row[column] ?? ''))));
	return (isPlain && columns.every(isAscii) ? inkTableLines : gridLines)(rows, columns).join('\n');
};
