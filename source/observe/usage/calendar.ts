/* Days and hours of the machine's time zone. A day has 23, 24 or 25 hours; only `Date` knows which. */

/** The ranges that the page Usage goes through with `[` and `]`, the shortest first. */
export const rangeNames = ['today', 'yesterday', 'week', 'month', 'all'] as const;

/** One of {@link rangeNames}; `week`, `month` and `all` are the last 7, 30 and 60 days with today. */
export type RangeName = (typeof rangeNames)[number];

/** What a view is about: wall clock, the end is not in it. */
export interface Period {
	readonly fromMs: number;
	readonly toMs: number;
	/** One bar of its charts. */
	readonly step: 'hour' | 'day';
}

/** One bar of a chart. */
export interface Bin {
	readonly fromMs: number;
	readonly toMs: number;
	/** `08` for an hour, `11-21` for a day. */
	readonly label: string;
}

const hourMs = 3_600_000;

/** Midnight before a moment, or where the clocks skip midnight the first moment of its day. */
export const startOfDay = (atMs: number): number => {
	const date = new Date(atMs);
	return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
};

/** The start of the day that is so many days later. */
export const addDays = (atMs: number, days: number): number => {
	const date = new Date(atMs);
	return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
};

/** The last `days` days, today among them. */
export const lastDays = (days: number, nowMs: number): Period => ({
	fromMs: addDays(nowMs, 1 - days),
	toMs: addDays(nowMs, 1),
	step: days <= 2 ? 'hour' : 'day',
});

/** How many days each range has; `yesterday` is one that is over. */
const daysOf: Readonly<Record<RangeName, number>> = {today: 1, yesterday: 1, week: 7, month: 30, all: 60};

/** The period of a range. */
export const periodOf = (range: RangeName, nowMs: number): Period =>
	range === 'yesterday'
		? {fromMs: addDays(nowMs, -1), toMs: startOfDay(nowMs), step: 'hour'}
		: lastDays(daysOf[range], nowMs);

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-11-21` in local time. */
export const dayText = (atMs: number): string => {
	const date = new Date(atMs);
	return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

/** `08:00` in local time, the hour that a moment is in. */
export const hourText = (atMs: number): string => `${two(new Date(atMs).getHours())}:00`;

/** The bars of a period: real hours (the hour that is lived twice has two), or days. */
export const binsOf = ({fromMs, toMs, step}: Period): readonly Bin[] => {
	const bins: Bin[] = [];
	for (let start = fromMs; start < toMs;) {
		const end = Math.min(toMs, step === 'hour' ? start + hourMs : addDays(start, 1));
		const label = step === 'hour' ? hourText(start).slice(0, 2) : dayText(start).slice(5);
		bins.push({fromMs: start, toMs: end, label});
		start = end;
	}

	return bins;
};
