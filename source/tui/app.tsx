import {memo, useEffect, useSyncExternalStore} from 'react';
import {Box, Text, useApp, useInput, usePaste} from './ink.ts';
import {frameLines} from './frame/frame.ts';
import type {ReaderView} from './frame/reader-lines.ts';
import {dispatchKey, dispatchPaste} from './input/dispatch.ts';
import {keyNamesOf} from './input/keys.ts';
import type {ScreenStore} from './store/screen-store.ts';
import type {ThemeBook} from './theme/theme-book.ts';

interface RowProps {
	readonly text: string;
}

/** One row of the screen is one text: Ink lays out and paints a text far cheaper than a box per cell (tui.md D4). */
const Row = memo(function Row({text}: RowProps) {
	return <Text wrap="truncate-end">{text}</Text>;
});

/** What the screen is made of. */
export interface AppProps {
	readonly store: ScreenStore;
	readonly themes: ThemeBook;
	/** Given: the screen is read aloud. */
	readonly reader: ReaderView | undefined;
	/** Runs while the terminal belongs to the shell. */
	readonly whileSuspended: () => Promise<void>;
	/** Runs something that has the terminal for itself meanwhile. */
	readonly lend: (work: () => Promise<void>) => Promise<void>;
}

/** The whole screen: reads the store, paints its lines, and hands every key to the key table. */
export function App({store, themes, reader, whileSuspended, lend}: AppProps) {
	const state = useSyncExternalStore(store.subscribe, store.published);
	const {painter, glyphs} = useSyncExternalStore(themes.subscribe, themes.look);
	const {suspendTerminal} = useApp();
	useInput((input, key) => {
		for (const name of keyNamesOf(input, key)) {
			dispatchKey(name, store);
		}
	});
	usePaste(text => dispatchPaste(text, store));
	useEffect(() => {
		store.terminal.connect({
			suspend: () => void suspendTerminal(whileSuspended),
			lend: work => suspendTerminal(() => lend(work)),
			redraw: () => void suspendTerminal(() => undefined),
		});
		return () => store.terminal.connect(undefined);
	}, [store, suspendTerminal, whileSuspended, lend]);

	return (
		<Box flexDirection="column" width={state.columns} height={state.rows} overflow="hidden">
			{(reader?.linesOf(state) ?? frameLines(state, glyphs).map(painter.paint)).map((line, row) => (
				// Rows are places on the screen: their index is their identity.
				// oxlint-disable-next-line react/no-array-index-key
				<Row key={row} text={line} />
			))}
		</Box>
	);
}
