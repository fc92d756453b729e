const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** What the figures of usage do not contain, a sentence each. */
export const coverage = {
	filesLeft: (count: number) => `${counted(count, 'older file is', 'older files are')} still to be read.`,
	withoutPrice: (count: number, models: string) =>
		`${counted(count, 'answer has', 'answers have')} no known price and no part in the cost: ${models}.`,
	more: (names: readonly string[], count: number) => `${names.join(', ')}${count > 0 ? ` and ${count} more` : ''}`,
	withoutUsage: (count: number) =>
		`${counted(count, 'answer', 'answers')} told no tokens; tokens and cost are without ${count === 1 ? 'it' : 'them'}.`,
	partlyPriced: (count: number) =>
		`${counted(count, 'cost is', 'costs are')} priced in part (a tier, a long prompt or cached tokens without a price).`,
	discarded: (count: string) =>
		`${count} tokens of attempts that gave no answer are not in the figures; they may be billed.`,
	brokenLines: (count: number) => `${counted(count, 'line', 'lines')} of the ledger cannot be read.`,
	damaged: (files: readonly string[]) => `Damaged: ${files.join(', ')}.`,
	begins: (day: string, clock: string) => `The ledger begins ${day} ${clock}; what was before is not known.`,
};
