import type {Tally} from '../../observe/usage/tally.ts';
import type {Words} from '../language/words.ts';
import type {RequestRow} from '../store/request-costs.ts';

/* Numbers of usage: `1.2M`, `45.3K`, `1.5h`, `$1.42`. The page and the command share them. */

const steps: ReadonlyArray<readonly [size: number, unit: string]> = [
	[1e9, 'B'],
	[1e6, 'M'],
	[1e3, 'K'],
];

/** `980`, `45.3K`, `1.2M`, `3.0B`; at most six cells. Never rounds up to a thousand of a unit. */
export const formatTokens = (count: number): string => {
	for (const [size, unit] of steps) {
		if (count >= size * 0.999_95) {
			return `${(count / size).toFixed(1)}${unit}`;
		}
	}

	return String(Math.round(count));
};

/** `412ms`, `6.2s`, `12.3m`, `1.5h`, `3.0d`. */
export const formatSpan = (durationMs: number): string => {
	const ms = Math.max(0, durationMs);
	if (ms < 999.5) {
		return `${Math.round(ms)}ms`;
	}

	if (ms < 59_950) {
		return `${(ms / 1000).toFixed(1)}s`;
	}

	if (ms < 3_597_000) {
		return `${(ms / 60_000).toFixed(1)}m`;
	}

	return ms < 172_620_000 ? `${(ms / 3_600_000).toFixed(1)}h` : `${(ms / 86_400_000).toFixed(1)}d`;
};

/** `$0.00`, `<$0.0001`, `$0.0312`, `$1.42`, `$1234`, `$123.4K`. */
export const formatUsd = (nanoUsd: number): string => {
	const dollars = nanoUsd / 1e9;
	if (nanoUsd === 0) {
		return '$0.00';
	}

	if (dollars < 0.0001) {
		return '<$0.0001';
	}

	if (dollars < 0.099_95) {
		return `$${dollars.toFixed(4)}`;
	}

	if (dollars < 999.995) {
		return `$${dollars.toFixed(2)}`;
	}

	return dollars < 99_999.5 ? `$${Math.round(dollars)}` : `$${formatTokens(dollars)}`;
};

/** `$1.42`, or `$1.42+` where that is the least that it was. */
export const formatLeast = (nanoUsd: number, isIncomplete: boolean): string =>
	`${formatUsd(nanoUsd)}${isIncomplete ? '+' : ''}`;

/** `$0.0298`, `$0.0298+` where that is the least that a request cost; undefined where it is not known. */
export const costText = ({cost}: Pick<RequestRow, 'cost'>): string | undefined =>
	cost && formatLeast(cost.nanoUsd, cost.isPartial);

/** Whether something of it has no known cost: then what is known is the least that it was. */
export const isCostIncomplete = ({unpriced, partlyPriced, answers, withUsage}: Tally): boolean =>
	unpriced + partlyPriced > 0 || answers > withUsage;

/** `$1.42`; `$1.42+` where that is the least it was; the word for an unknown cost; `-` where there was nothing to pay for. */
export const formatCost = (tally: Tally, {unknownCost}: Pick<Words['usage'], 'unknownCost'>): string => {
	const isIncomplete = isCostIncomplete(tally);
	return tally.priced === 0 ? (isIncomplete ? unknownCost : '-') : formatLeast(tally.nanoUsd, isIncomplete);
};

/** `412ms`: the average time to the first byte; `-` where there is none. */
export const formatFirstByte = ({ttfbMs, ttfbs}: Tally): string => (ttfbs === 0 ? '-' : formatSpan(ttfbMs / ttfbs));

/** `42/s`: tokens written in a second; `-` where that is not known. */
export const formatSpeed = ({generatedTokens, generationMs}: Tally): string =>
	generatedTokens === 0 || generationMs === 0 ? '-' : `${formatTokens((generatedTokens / generationMs) * 1000)}/s`;
