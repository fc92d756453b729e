import {cutText, fitText, widthOf, wrapText} from '../../base/text-width.ts';
import {allTokens, endings, promptTokens, type Tally} from '../../observe/usage/tally.ts';
import type {Grouping, UsageRow, UsageView} from '../../observe/usage/usage-view.ts';
import type {BrainView} from '../../event/route-view.ts';
import type {PaneBox} from '../layout.ts';
import {listOf} from '../store/selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {formatAge, formatClock, formatShare, nameOfEndpoint} from '../text/format.ts';
import {span, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import {detailPane, factLines, noteOf} from './pane.ts';
import {barText, chartLines, shareLines} from './usage-charts.ts';
import {coverageNotes, type CoverageNote} from './usage-coverage.ts';
import {
	formatCost,
	formatFirstByte,
	formatLeast,
	formatSpan,
	formatSpeed,
	formatTokens,
	formatUsd,
} from './usage-format.ts';

/* What stands beside the rows: budget and forecast, what the figures leave out, charts, shares, and the selected row. */

interface Room {
	readonly width: number;
	readonly height: number;
	readonly glyphs: Glyphs;
}

const labelCells = 9;

const label = (text: string): string => ` ${text.padEnd(labelCells - 1)}`;

const barCells = ({width}: Room): number => Math.max(6, Math.min(40, Math.floor((width - labelCells) * 0.4)));

/** The forecast with what it assumes, where that fits. */
const forecastWords = ({forecast}: UsageView, cells: number): string => {
	const {confidence, projectedNanoUsd, nanoUsdPerHour, windowMs, untilMs} = forecast;
	if (projectedNanoUsd === undefined || nanoUsdPerHour === undefined) {
		return confidence === 'disabled' ? '' : `no forecast: ${confidence}`;
	}

	const isPartial = confidence === 'partial pricing' ? ' at least' : '';
	const short = `forecast${isPartial} ${formatUsd(projectedNanoUsd)} by ${formatClock(untilMs).slice(0, 5)}`;
	const whole = `${short} (${formatUsd(nanoUsdPerHour)}/h in the last ${formatSpan(windowMs)})`;
	return whole.length <= cells ? whole : short;
};

/** Today's money; with a budget as a bar. */
const moneyLines = (view: UsageView, room: Room): readonly Line[] => {
	const {spentNanoUsd, isSpentPartial, budgetNanoUsd, projectedNanoUsd} = view.forecast;
	const spent = formatLeast(spentNanoUsd, isSpentPartial);
	const words = forecastWords(view, room.width - labelCells - (budgetNanoUsd === undefined ? 12 : 0));
	if (budgetNanoUsd === undefined) {
		return [[span(label('today'), 'muted'), span(spent, 'text', true), span(`  ${words}`, 'muted')]];
	}

	const share = budgetNanoUsd === 0 ? 1 : spentNanoUsd / budgetNanoUsd;
	const isOver = spentNanoUsd > budgetNanoUsd;
	const willBeOver = (projectedNanoUsd ?? 0) > budgetNanoUsd;
	const tone = isOver ? 'error' : willBeOver ? 'warn' : 'ok';
	const forecastLine: Line = [span(label(''), 'muted'), span(words, willBeOver ? 'warn' : 'muted')];
	return [
		[
			span(label('budget'), 'muted'),
			span(barText(share, barCells(room), room.glyphs), tone),
			span(` ${Math.floor(share * 100)}%`, tone, true),
			span(` ${spent} of ${formatUsd(budgetNanoUsd)} today`),
		],
		...(words === '' ? [] : [forecastLine]),
	];
};

const planLine = (balance: BrainView['balances'][number], nowMs: number, room: Room): Line | undefined => {
	const {quota, endpointKey} = balance;
	if (quota === undefined || quota.isUnlimited || quota.usedUsd === undefined || !((quota.limitUsd ?? 0) > 0)) {
		return undefined;
	}

	const share = quota.usedUsd / (quota.limitUsd ?? 1);
	const tone = share >= 0.95 ? 'error' : share >= 0.8 ? 'warn' : 'ok';
	const bar = barText(share, barCells(room), room.glyphs);
	const percent = ` ${Math.floor(share * 100)}%`;
	const name = ` ${nameOfEndpoint(endpointKey)} ${quota.period}`;
	const left = (quota.resetsAtMs ?? 0) - nowMs;
	const resets = left <= 0 ? '' : `, resets in ${formatAge(left)}`;
	const hasRoom = labelCells + barCells(room) + percent.length + widthOf(name + resets) <= room.width;
	return [
		span(label('plan'), 'muted'),
		span(bar, tone),
		span(percent, tone, true),
		span(hasRoom ? name + resets : name, 'muted'),
	];
};

const planLines = ({brain, nowMs}: ScreenState, room: Room): readonly Line[] =>
	(brain?.balances ?? [])
		.map(balance => planLine(balance, nowMs, room))
		.filter(line => line !== undefined)
		.slice(0, 4);

const noteLines = (notes: readonly CoverageNote[], {width}: Room): readonly Line[] =>
	notes.flatMap(({tone, text}) =>
		wrapText(text, width - 4).map((part, index): Line => [
			span(index === 0 && tone === 'warn' ? ' ! ' : '   ', tone, true),
			span(part, tone),
		]),
	);

const heading = (text: string): Line => [span(` ${text}`, 'accent', true)];

type What = 'Cost' | 'Tokens';

const chartTitle = ({period}: UsageView, what: What): string =>
	`${what} ${period.step === 'hour' ? 'an hour' : 'a day'}`;

const chartOf = ({bars}: UsageView, what: What, {width, height, glyphs}: Room): readonly Line[] =>
	chartLines({
		values: bars.map(({tally}) => (what === 'Cost' ? tally.nanoUsd : allTokens(tally))),
		labels: bars.map(bar => bar.label),
		top: what === 'Cost' ? formatUsd : formatTokens,
		tone: what === 'Cost' ? 'chart2' : 'chart1',
		...{width, height, glyphs},
	});

/** Cost where any is known, and tokens. */
const charts = (view: UsageView, height: number, room: Room): readonly Line[] => {
	const shown = view.total.nanoUsd > 0 ? (['Cost', 'Tokens'] as const) : (['Tokens'] as const);
	const rows = Math.max(2, Math.min(8, Math.floor(height / shown.length) - 3));
	return shown.flatMap((what, index) => {
		const lines = chartOf(view, what, {...room, height: rows});
		return lines.length === 0 ? [] : [...(index === 0 ? [] : [[]]), heading(chartTitle(view, what)), ...lines];
	});
};

const modelLines = ({models, total}: UsageView, {width, glyphs}: Room): readonly Line[] => {
	const used = models.filter(({tally}) => allTokens(tally) > 0);
	const all = allTokens(total);
	const shares = used.map(({label: name, tally}, index) => ({
		name,
		share: allTokens(tally) / Math.max(1, all),
		text: `${formatShare(allTokens(tally), all).padStart(4)} ${formatTokens(allTokens(tally)).padStart(6)} ${formatCost(tally).padStart(9)}`,
		tone: (['chart1', 'chart2', 'chart3', 'chart4', 'chart5', 'chart6'] as const)[index % 6] ?? 'chart1',
	}));
	return shares.length === 0 ? [] : [heading('Models'), ...shareLines(shares, width, glyphs)];
};

const errorLines = ({failures}: UsageView, {width, glyphs}: Room): readonly Line[] => {
	const most = Math.max(1, ...failures.map(({tally}) => tally.requests));
	const shares = failures.map(({label: code, about, tally}) => ({
		name: `${code} ${about}`,
		share: tally.requests / most,
		text: `${formatTokens(tally.requests).padStart(6)} tries ${formatTokens(tally.endings.failed).padStart(6)} seen`,
		tone: tally.endings.failed > 0 ? ('error' as const) : ('warn' as const),
	}));
	return shares.length === 0 ? [] : [heading('Errors'), ...shareLines(shares, width, glyphs)];
};

const aboutLabels: Readonly<Partial<Record<Grouping, string>>> = {
	provider: 'service',
	model: 'price',
	session: 'folder',
};

/** `40 ok, 1 cut`: what happened, and how often. */
const endingsText = ({endings: counts}: Tally): string =>
	endings
		.filter(ending => counts[ending] > 0)
		.map(ending => `${counts[ending]} ${ending}`)
		.join(', ');

const rowLines = ({grouping}: UsageView, row: UsageRow | undefined, {width}: Room): readonly Line[] => {
	if (row === undefined || grouping === 'error') {
		return [];
	}

	const {tally, about, label: name} = row;
	const tokens = `${formatTokens(tally.input)} fresh, ${formatTokens(tally.cacheRead)} cached, ${formatTokens(tally.cacheWrite)} put into the cache; ${formatTokens(tally.output)} out (${formatTokens(tally.reasoning)} reasoning)`;
	return [
		heading(name),
		...factLines(
			[
				[aboutLabels[grouping] ?? '', about],
				['ended', endingsText(tally)],
				['tokens', promptTokens(tally) + tally.output === 0 ? undefined : tokens],
				['cost', formatCost(tally)],
				[
					'time',
					`first byte ${formatFirstByte(tally)}, ${formatSpeed(tally)}, ${formatSpan(tally.durationMs)} in all, ${tally.retried} retried`,
				],
			],
			width,
		),
	];
};

const priceLines = ({prices}: UsageView, {width, glyphs}: Room): readonly Line[] => {
	const longest = Math.max(0, ...prices.map(({model}) => widthOf(model)));
	const cells = Math.min(longest, Math.floor(width * 0.4));
	const lines = prices.flatMap(({model, text}) =>
		wrapText(text ?? 'unknown', width - cells - 4).map((part, index): Line => [
			span(` ${fitText(index === 0 ? cutText(model, cells, glyphs.ellipsis) : '', cells)}  `),
			span(part, text === undefined ? 'warn' : 'muted'),
		]),
	);
	return lines.length === 0 ? [] : [heading('Prices'), ...lines];
};

/** The blocks one below the other, with a blank line between them where there is room for it. */
const stacked = (blocks: ReadonlyArray<readonly Line[]>, gap: readonly Line[]): readonly Line[] =>
	blocks.filter(block => block.length > 0).flatMap((block, index) => (index > 0 ? [...gap, ...block] : block));

const roomyRows = 16;

const chartHead = (view: UsageView): What => (view.total.nanoUsd > 0 ? 'Cost' : 'Tokens');

const roomyLines = (state: ScreenState, view: UsageView, room: Room): readonly Line[] => {
	const head = stacked(
		[[...moneyLines(view, room), ...planLines(state, room)], noteLines(coverageNotes(view), room)],
		[[]],
	);
	const height = Math.min(room.height - head.length, Math.floor(room.height * 0.55));
	return stacked([head, charts(view, height, room), ...moreLines(state, view, room)], [[]]);
};

/** With few rows: money, the weightiest warning in one line and a chart that fills the rest; all else is below. */
const compactLines = (state: ScreenState, view: UsageView, room: Room): readonly Line[] => {
	const notes = coverageNotes(view);
	const [first] = noteLines(notes, {...room, width: Number.POSITIVE_INFINITY});
	const head = [...moneyLines(view, room), ...(first === undefined ? [] : [first])];
	const what = chartHead(view);
	const chart = chartOf(view, what, {...room, height: Math.max(1, room.height - head.length - 1)});
	const below = [[...planLines(state, room)], noteLines(notes, room), ...moreLines(state, view, room)];
	return stacked([head, chart, ...below], []);
};

const moreLines = (state: ScreenState, view: UsageView, room: Room): ReadonlyArray<readonly Line[]> => [
	rowLines(view, listOf(state, 'usage').selected, room),
	modelLines(view, room),
	errorLines(view, room),
	priceLines(view, room),
];

/** Money, warnings and charts of the range, and all of the selected row. */
export const usageDetailPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {view, notice} = state.usagePage;
	const height = box.height - 2;
	return detailPane(state, box, {
		title: view === undefined ? 'Cost' : height >= roomyRows ? 'Cost and course' : chartTitle(view, chartHead(view)),
		note: box.isCollapsed ? noteOf(['Tab shows it', 'muted']) : [],
		glyphs,
		empty: notice ?? 'Reading the ledger.',
		lines: view && (width => (height >= roomyRows ? roomyLines : compactLines)(state, view, {width, height, glyphs})),
	});
};
