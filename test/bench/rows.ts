/* The goals of performance.md 6 as data: what is measured, against whom, and how far two equal programs differ in it. */

/** The screen under a thousand events a second: asked for together as `UI`. */
export const paceRows = ['UI-CPU', 'UI-KEY', 'UI-MEM', 'UI-LOOP'] as const;

/** The rows that the bench can measure. */
export const measuredRows = [
	'P1',
	'P2',
	'P5',
	'P6',
	'P7',
	'P8',
	'P9',
	'P10',
	'P11',
	'P12',
	'P13',
	'P15',
	'P15T',
	'P16',
	'P16V',
	'PLAN',
	...paceRows,
] as const;

/** One of {@link measuredRows}. */
export type RowId = (typeof measuredRows)[number];

/** One goal. Less is better in all of them. */
export interface Figure {
	readonly row: RowId;
	readonly title: string;
	/** The target it is a ratio to; `itself` for an absolute figure. */
	readonly against:
		| 'nginx'
		| 'undici-pipe'
		| 'http-pipe'
		| 'claude-code-router'
		| 'codex-relay'
		| 'no screen'
		| 'itself';
	/** What the numbers are: a plain ratio, percent of one core, microseconds, milliseconds, or megabytes. */
	readonly unit: 'ratio' | '% of a core' | 'us' | 'ms' | 'MB';
	readonly must: number;
	readonly moonshot: number;
	/** The factor by which two identical programs differ in this figure; `--check` allows `must` times this. */
	readonly spread: number;
	readonly spreadReason: string;
}

/*
 * The reasons of the spreads. Single processes differ more (performance.md 7: 2x coalesced, 1.1x paced and first byte);
 * these are for the median of three instances, from runs of this bench with a peer as its own subject.
 */
const coalescedReason = 'two equal programs came out 0.99 to 1.05 apart, single instances of them up to 1.16';
const pacedReason = 'two equal programs came out 0.98 to 1.03 apart, and 1.1x was seen in earlier measurements';
const firstByteReason = 'two equal programs came out 1.03 to 1.07 apart, and 1.1x was seen in earlier measurements';
const tailReason = 'a p99 on shared cores: two equal programs came out up to 1.6 apart when neighbours were busy';
const memoryReason =
	'resident size grows by pages already mapped or not: equal Node processes came out up to 1.3 apart';

const startReason = 'wall time of a whole start: the same program came out up to 1.5 apart when neighbours were busy';

/** The goals that the bench measures, in the order of the table. */
export const figures: readonly Figure[] = [
	{
		row: 'P1',
		title: 'coalesced pass-through, CPU per event',
		against: 'nginx',
		unit: 'ratio',
		must: 2,
		moonshot: 1,
		spread: 1.25,
		spreadReason: coalescedReason,
	},
	{
		row: 'P2',
		title: 'coalesced pass-through, CPU per event',
		against: 'undici-pipe',
		unit: 'ratio',
		must: 0.85,
		moonshot: 0.4,
		spread: 1.25,
		spreadReason: coalescedReason,
	},
	{
		row: 'P5',
		title: 'paced 64 streams x 5 ms, CPU per event',
		against: 'nginx',
		unit: 'ratio',
		must: 2.8,
		moonshot: 1.5,
		spread: 1.1,
		spreadReason: pacedReason,
	},
	{
		row: 'P5',
		title: 'paced 64 streams x 5 ms, CPU per event',
		against: 'http-pipe',
		unit: 'ratio',
		must: 0.85,
		moonshot: 0.6,
		spread: 1.1,
		spreadReason: pacedReason,
	},
	{
		row: 'P6',
		title: 'time to first byte p50, 40 KB body',
		against: 'nginx',
		unit: 'ratio',
		must: 2.3,
		moonshot: 1.5,
		spread: 1.1,
		spreadReason: firstByteReason,
	},
	{
		row: 'P6',
		title: 'time to first byte p50, 40 KB body',
		against: 'http-pipe',
		unit: 'ratio',
		must: 0.95,
		moonshot: 0.7,
		spread: 1.1,
		spreadReason: firstByteReason,
	},
	{
		row: 'P7',
		title: 'time to first byte p50, 1 MB body',
		against: 'nginx',
		unit: 'ratio',
		must: 1.7,
		moonshot: 1.3,
		spread: 1.1,
		spreadReason: firstByteReason,
	},
	{
		row: 'P8',
		title: 'time to first byte p50, 1 MB, Responses to Chat',
		against: 'claude-code-router',
		unit: 'ratio',
		must: 0.1,
		moonshot: 0.05,
		spread: 1.1,
		spreadReason: firstByteReason,
	},
	{
		row: 'P9',
		title: 'Chat to Responses, coalesced, CPU per event',
		against: 'nginx',
		unit: 'ratio',
		must: 5,
		moonshot: 3,
		spread: 1.25,
		spreadReason: coalescedReason,
	},
	{
		row: 'P10',
		title: 'event delay p99 with the screen 200x60',
		against: 'no screen',
		unit: 'ratio',
		must: 1.5,
		moonshot: 1.1,
		spread: 1.6,
		spreadReason: tailReason,
	},
	{
		row: 'P11',
		title: 'event delay p99, paced 64 streams x 5 ms',
		against: 'nginx',
		unit: 'ratio',
		must: 2,
		moonshot: 1.2,
		spread: 1.6,
		spreadReason: tailReason,
	},
	{
		row: 'P12',
		title: 'memory per idle open stream, 1,000 open',
		against: 'nginx',
		unit: 'ratio',
		must: 2,
		moonshot: 1.2,
		spread: 1.3,
		spreadReason: memoryReason,
	},
	{
		row: 'P13',
		title: 'CPU with 1,000 streams idle',
		against: 'itself',
		unit: '% of a core',
		must: 0.5,
		moonshot: 0.05,
		spread: 1,
		spreadReason: 'schedstat counts only the process itself',
	},
	{
		row: 'P16',
		title: 'start to the first frame, 200x60',
		against: 'itself',
		unit: 'ms',
		must: 400,
		moonshot: 250,
		spread: 1.5,
		spreadReason: startReason,
	},
	{
		row: 'P16V',
		title: 'start to the end of --version',
		against: 'itself',
		unit: 'ms',
		must: 120,
		moonshot: 60,
		spread: 1.5,
		spreadReason: startReason,
	},
	{
		row: 'P15',
		title: 'Chat to Responses, coalesced, CPU per event',
		against: 'codex-relay',
		unit: 'ratio',
		must: 1,
		moonshot: 0.8,
		spread: 1.25,
		spreadReason: coalescedReason,
	},
	{
		row: 'P15T',
		title: 'time to first byte p50, 1 MB, Responses to Chat',
		against: 'codex-relay',
		unit: 'ratio',
		must: 1,
		moonshot: 0.8,
		spread: 1.1,
		spreadReason: firstByteReason,
	},
	{
		row: 'PLAN',
		title: 'plan() p50, the slowest strategy over 50 providers x 4 accounts',
		against: 'itself',
		unit: 'us',
		must: 50,
		moonshot: 20,
		spread: 1.5,
		spreadReason: 'wall time of a few microseconds: up to 1.5 apart when neighbours were busy',
	},
	{
		row: 'UI-CPU',
		title: 'CPU of the screen 200x60, 10 fps, 1,000 events/s',
		against: 'itself',
		unit: '% of a core',
		must: 60,
		moonshot: 30,
		spread: 1.2,
		spreadReason: 'schedstat of its thread; slower where neighbours share the caches',
	},
	{
		row: 'UI-KEY',
		title: 'key to the frame that answers it, p95, meanwhile',
		against: 'itself',
		unit: 'ms',
		must: 50,
		moonshot: 35,
		spread: 2,
		spreadReason: tailReason,
	},
	{
		row: 'UI-MEM',
		title: 'growth of memory after the first 20 s, meanwhile',
		against: 'itself',
		unit: 'MB',
		must: 16,
		moonshot: 0,
		spread: 1.5,
		spreadReason: 'when V8 collects is its own choice',
	},
	{
		row: 'UI-LOOP',
		title: "delay of the engine's loop p99, meanwhile",
		against: 'itself',
		unit: 'ms',
		must: 10,
		moonshot: 3,
		spread: 1.6,
		spreadReason: tailReason,
	},
];
