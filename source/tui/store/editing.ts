import type {ListName, WhatIfField} from './screen-state.ts';
import type {TranscriptSearching} from './transcript-state.ts';

/** What is being typed: a list's filter, a field of the form, or a command, and what stood there before. */
export type Editing =
	| {readonly kind: 'filter'; readonly list: ListName; readonly text: string; readonly before: string}
	| {readonly kind: 'field'; readonly field: WhatIfField; readonly text: string; readonly before: string}
	/** What is looked for in a body. */
	| {readonly kind: 'search'; readonly text: string; readonly before: string}
	| TranscriptSearching
	/** A value of the page Settings. */
	| {readonly kind: 'setting'; readonly key: string; readonly text: string; readonly before: string}
	/** `index` is the selected one of the commands that fit. */
	| {readonly kind: 'command'; readonly text: string; readonly before: string; readonly index: number};
