const units: Readonly<Record<string, number>> = {s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000};

/** The sentence that refuses a text which is no time. */
export const delayProblem = (text: string): string => `"${text}" is no time: write 90s, 10m, 2h or 1d.`;

/** `90s`, `10m`, `2h`, `1d` in milliseconds; {@link delayProblem} where it is something else. */
export const readDelay = (text: string): number | string => {
	const [, count = '', unit = ''] = /^\+?(\d{1,6})\s*([smhd])$/.exec(text.trim()) ?? [];
	const unitMs = units[unit];
	return unitMs === undefined ? delayProblem(text) : Number(count) * unitMs;
};
