import type {FittedCall, Refusal} from '../fit/fit-call.ts';

/** Why a block was no call, beside the reasons of its calls. */
export type BlockRefusal =
	| Refusal
	| 'unreadable'
	| 'unclosed'
	| 'quoted-from-request'
	| 'too-long'
	| 'not-at-the-end'
	| 'cut';

/** What a text comes to when it is over. */
export interface ScannerEnd {
	/** The rest of the text that is shown. */
	readonly shown: string;
	readonly calls: readonly FittedCall[];
	/** Something was kept back for good. */
	readonly hasRemoved: boolean;
}

/** How the held part of a text ends: as calls, as leftovers of structured calls, as text, or cut off by the length limit. */
export type EndOfText = 'calls' | 'leftovers' | 'text' | 'cut';
