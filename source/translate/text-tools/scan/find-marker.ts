import {anyMarker, type TextFormat} from './formats.ts';
import type {Place} from './place.ts';

/** A candidate marker is held back, and a marker is, no longer than this, in characters (translation.md 5.3). */
const longestHold = 64;

/** A marker that stands in the text. */
export interface FoundMarker {
	readonly format: TextFormat;
	readonly opening: string;
}

/** Where a marker is looked for. */
export interface Spot {
	readonly place: Place;
	/** Directly behind a block that holds calls. */
	readonly isTail: boolean;
}

const mayStand = ({place: wanted}: TextFormat, {place, isTail}: Spot): boolean => {
	switch (wanted) {
		case 'anywhere': {
			return true;
		}

		case 'word': {
			return isTail || place.isAfterBlank;
		}

		case 'line': {
			return isTail || place.isLineStart;
		}

		case 'text': {
			return !isTail && place.isTextStart;
		}
	}
};

/** One look that sorts out most brackets: inside of a line only tokens and tags can stand. */
const mayBeAny = (text: string, at: number, {place, isTail}: Spot): boolean =>
	isTail || place.isLineStart || anyMarker.matchAt(text, at) > 0 || anyMarker.mayBegin(text, at);

/** The marker at a place of a text; `hold` where only more text can tell; undefined where there is none, and where it would be quoted. */
export const markerAt = (
	formats: readonly TextFormat[],
	{text, at}: {readonly text: string; readonly at: number},
	spot: Spot,
): FoundMarker | 'hold' | undefined => {
	if (spot.place.isQuoted || !mayBeAny(text, at, spot)) {
		return undefined;
	}

	const possible = formats.filter(format => mayStand(format, spot));
	for (const format of possible) {
		const length = format.opening.matchAt(text, at);
		if (length > 0 && length <= longestHold) {
			return {format, opening: text.slice(at, at + length)};
		}
	}

	const isShort = text.length - at <= longestHold;
	return isShort && possible.some(({opening}) => opening.mayBegin(text, at)) ? 'hold' : undefined;
};
