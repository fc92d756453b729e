/** A goal that this bench names and does not measure. */
export interface UnmeasuredRow {
	readonly row: string;
	readonly title: string;
	readonly must: string;
	readonly moonshot: string;
	readonly why: string;
}

/** The other goals of performance.md 6, each with what is missing for it. */
export const unmeasuredRows: readonly UnmeasuredRow[] = [
	{
		row: 'P4',
		title: "coalesced CPU per event vs Portkey's gateway",
		must: '<= 0.15',
		moonshot: '<= 0.05',
		why: '@portkey-ai/gateway is not installed',
	},
	{
		row: 'P9',
		title: "translated stream, coalesced, CPU per event vs Portkey's gateway",
		must: '<= 0.35',
		moonshot: '<= 0.2',
		why: '@portkey-ai/gateway is not installed',
	},
	{
		row: 'P14',
		title: 'all features on vs pure pass-through, CPU per event',
		must: '<= 1.25',
		moonshot: '<= 1.1',
		why: 'the engine has no switch that turns its features off',
	},
	{
		row: 'P15',
		title: 'pass-through vs codex-helper (Rust)',
		must: 'level',
		moonshot: 'ahead',
		why: 'it is not installed',
	},
];
