import {cutText, fitText, widthOf, wrapText} from '../../base/text-width.ts';
import {allTokens, endings, promptTokens, type Tally} from '../../observe/usage/tally.ts';
import type {Grouping, UsageRow, UsageView} from '../../observe/usage/usage-view.ts';
import type {BrainView} from '../../event/route-view.ts';
import {wordsOf, type Words} from '../language/words.ts';
import type {PaneBox} from '../layout.ts';
import {listOf} from '../store/selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {formatAge, formatClock, formatShare, nameOfEndpoint} from '../text/format.ts';
import {span, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import {detailPane, factLines, noteOf, type Fact} from './pane.ts';
import {barText, chartLines, shareLines} from './usage-charts.ts';
import {coverageNotes, type CoverageNote} from './usage-coverage.ts';
import {nameOfRow} from './usage-pane.ts';
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
	readonly words: Words;
}

const labelCells = 9;

const label = (text: string): string => ` ${fitText(text, labelCells - 1)}`;

const barCells = ({width}: Room): number => Math.max(6, Math.min(40, Math.floor((width - labelCells) * 0.4)));

/** The forecast with what it assumes, where that fits. */
const forecastWords = ({forecast}: UsageView, cells: number, words: Words['usageDetail']): string => {
	const {confidence, projectedNanoUsd, nanoUsdPerHour, windowMs, untilMs} = forecast;
	if (projectedNanoUsd === undefined || nanoUsdPerHour === undefined) {
		return confidence === 'disabled' ? '' : words.noForecast(words.confidences[confidence]);
	}

	const clock = formatClock(untilMs).slice(0, 5);
	const short = words.forecast(formatUsd(projectedNanoUsd), clock, confidence === 'partial pricing');
	const whole = short + words.rate(formatUsd(nanoUsdPerHour), formatSpan(windowMs));
	return widthOf(whole) <= cells ? whole : short;
};

/** Today's money; with a budget as a bar. */
const moneyLines = (view: UsageView, room: Room): readonly Line[] => {
	const {spentNanoUsd, isSpentPartial, budgetNanoUsd, projectedNanoUsd} = view.forecast;
	const spent = formatLeast(spentNanoUsd, isSpentPartial);
	const {usageDetail: words} = room.words;
	const said = forecastWords(view, room.width - labelCells - (budgetNanoUsd === undefined ? 12 : 0), words);
	if (budgetNanoUsd === undefined) {
		return [[span(label(words.labels.today), 'muted'), span(spent, 'text', true), span(`  ${said}`, 'muted')]];
	}

	const share = budgetNanoUsd === 0 ? 1 : spentNanoUsd / budgetNanoUsd;
	const isOver = spentNanoUsd > budgetNanoUsd;
	const willBeOver = (projectedNanoUsd ?? 0) > budgetNanoUsd;
	const tone = isOver ? 'error' : willBeOver ? 'warn' : 'ok';
	const forecastLine: Line = [span(label(''), 'muted'), span(said, willBeOver ? 'warn' : 'muted')];
	return [
		[
			span(label(words.labels.budget), 'muted'),
			span(barText(share, barCells(room), room.glyphs), tone),
			span(` ${Math.floor(share * 100)}%`, tone, true),
			span(` ${words.spentToday(spent, formatUsd(budgetNanoUsd))}`),
		],
		...(said === '' ? [] : [forecastLine]),
	];
};

const planLine = (balance: BrainView['balances'][number], nowMs: number, room: Room): Line | undefined => {
	const {quota, endpointKey} = balance;
	if (quota === undefined || quota.isUnlimited || quota.usedUsd === undefined || !((quota.limitUsd ?? 0) > 0)) {
		return undefined;
	}

	const {usageDetail: words, upstream} = room.words;
	const share = quota.usedUsd / (quota.limitUsd ?? 1);
	const tone = share >= 0.95 ? 'error' : share >= 0.8 ? 'warn' : 'ok';
	const bar = barText(share, barCells(room), room.glyphs);
	const percent = ` ${Math.floor(share * 100)}%`;
	const name = ` ${nameOfEndpoint(endpointKey)} ${upstream.period(quota.period)}`;
	const left = (quota.resetsAtMs ?? 0) - nowMs;
	const resets = left <= 0 ? '' : words.resetsIn(formatAge(left));
	const hasRoom = labelCells + barCells(room) + percent.length + widthOf(name + resets) <= room.width;
	return [
		span(label(words.labels.plan), 'muted'),
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

type What = 'cost' | 'tokens';

const chartTitle = ({period}: UsageView, what: What, {cost, tokens}: Words['usageDetail']): string =>
	what === 'cost' ? cost[period.step] : tokens[period.step];

const chartOf = ({bars}: UsageView, what: What, {width, height, glyphs}: Room): readonly Line[] =>
	chartLines({
		values: bars.map(({tally}) => (what === 'cost' ? tally.nanoUsd : allTokens(tally))),
		labels: bars.map(bar => bar.label),
		top: what === 'cost' ? formatUsd : formatTokens,
		tone: what === 'cost' ? 'chart2' : 'chart1',
		...{width, height, glyphs},
	});

/** Cost where any is known, and tokens. */
const charts = (view: UsageView, height: number, room: Room): readonly Line[] => {
	const shown = view.total.nanoUsd > 0 ? (['cost', 'tokens'] as const) : (['tokens'] as const);
	const rows = Math.max(2, Math.min(8, Math.floor(height / shown.length) - 3));
	return shown.flatMap((what, index) => {
		const lines = chartOf(view, what, {...room, height: rows});
		return lines.length === 0
			? []
			: [...(index === 0 ? [] : [[]]), heading(chartTitle(view, what, room.words.usageDetail)), ...lines];
	});
};

const modelLines = ({models, total}: UsageView, {width, glyphs, words}: Room): readonly Line[] => {
	const used = models.filter(({tally}) => allTokens(tally) > 0);
	const all = allTokens(total);
	const shares = used.map(({key, label: name, tally}, index) => ({
		name: key === '' ? words.usage.notKnown : name,
		share: allTokens(tally) / Math.max(1, all),
		text: `${formatShare(allTokens(tally), all).padStart(4)} ${formatTokens(allTokens(tally)).padStart(6)} ${fitText(formatCost(tally, words.usage), 9, 'right')}`,
		tone: (['chart1', 'chart2', 'chart3', 'chart4', 'chart5', 'chart6'] as const)[index % 6] ?? 'chart1',
	}));
	return shares.length === 0 ? [] : [heading(words.usageDetail.models), ...shareLines(shares, width, glyphs)];
};

const errorLines = ({failures}: UsageView, {width, glyphs, words: {usageDetail: words}}: Room): readonly Line[] => {
	const most = Math.max(1, ...failures.map(({tally}) => tally.requests));
	const shares = failures.map(({label: code, about, tally}) => ({
		name: `${code} ${about}`,
		share: tally.requests / most,
		text: words.failures(formatTokens(tally.requests).padStart(6), formatTokens(tally.endings.failed).padStart(6)),
		tone: tally.endings.failed > 0 ? ('error' as const) : ('warn' as const),
	}));
	return shares.length === 0 ? [] : [heading(words.errors), ...shareLines(shares, width, glyphs)];
};

/** What the second word of a row is. */
const aboutFact = ({grouping, prices}: UsageView, {key, about}: UsageRow, words: Words['usageDetail']): Fact => {
	const {service, price, folder} = words.facts;
	const labels: Readonly<Partial<Record<Grouping, string>>> = {provider: service, model: price, session: folder};
	const isUnpriced = grouping === 'model' && prices.some(({model, text}) => model === key && text === undefined);
	return [labels[grouping] ?? '', isUnpriced ? words.priceUnknown : about];
};

/** `40 ok, 1 cut`: what happened, and how often. */
const endingsText = ({endings: counts}: Tally, words: Words['usageDetail']): string =>
	endings
		.filter(ending => counts[ending] > 0)
		.map(ending => words.endings[ending](counts[ending]))
		.join(words.endingsBetween);

const rowLines = (
	view: UsageView,
	row: UsageRow | undefined,
	{width, words: {usage, usageDetail: words}}: Room,
): readonly Line[] => {
	const {grouping} = view;
	if (row === undefined || grouping === 'error') {
		return [];
	}

	const {tally} = row;
	const {facts, tokensIn, tokensOut} = words;
	const read = tokensIn(formatTokens(tally.input), formatTokens(tally.cacheRead), formatTokens(tally.cacheWrite));
	const tokens = read + tokensOut(formatTokens(tally.output), formatTokens(tally.reasoning));
	return [
		heading(nameOfRow(grouping, row, usage)),
		...factLines(
			[
				aboutFact(view, row, words),
				[facts.ended, endingsText(tally, words)],
				[facts.tokens, promptTokens(tally) + tally.output === 0 ? undefined : tokens],
				[facts.cost, formatCost(tally, usage)],
				[
					facts.time,
					words.speed(formatFirstByte(tally), formatSpeed(tally)) +
						words.time(formatSpan(tally.durationMs), tally.retried),
				],
			],
			width,
		),
	];
};

const priceLines = ({prices}: UsageView, {width, glyphs, words: {usageDetail: words}}: Room): readonly Line[] => {
	const longest = Math.max(0, ...prices.map(({model}) => widthOf(model)));
	const cells = Math.min(longest, Math.floor(width * 0.4));
	const lines = prices.flatMap(({model, text}) =>
		wrapText(text ?? words.unknownPrice, width - cells - 4).map((part, index): Line => [
			span(` ${fitText(index === 0 ? cutText(model, cells, glyphs.ellipsis) : '', cells)}  `),
			span(part, text === undefined ? 'warn' : 'muted'),
		]),
	);
	return lines.length === 0 ? [] : [heading(words.prices), ...lines];
};

/** The blocks one below the other, with a blank line between them where there is room for it. */
const stacked = (blocks: ReadonlyArray<readonly Line[]>, gap: readonly Line[]): readonly Line[] =>
	blocks.filter(block => block.length > 0).flatMap((block, index) => (index > 0 ? [...gap, ...block] : block));

const roomyRows = 16;

const chartHead = (view: UsageView): What => (view.total.nanoUsd > 0 ? 'cost' : 'tokens');

const roomyLines = (state: ScreenState, view: UsageView, room: Room): readonly Line[] => {
	const head = stacked(
		[[...moneyLines(view, room), ...planLines(state, room)], noteLines(coverageNotes(view, room.words.coverage), room)],
		[[]],
	);
	const height = Math.min(room.height - head.length, Math.floor(room.height * 0.55));
	return stacked([head, charts(view, height, room), ...moreLines(state, view, room)], [[]]);
};

/** With few rows: money, the weightiest warning in one line and a chart that fills the rest; all else is below. */
const compactLines = (state: ScreenState, view: UsageView, room: Room): readonly Line[] => {
	const notes = coverageNotes(view, room.words.coverage);
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
	const words = wordsOf(state);
	const {title, wholeTitle, tabShows} = words.usageDetail;
	const height = box.height - 2;
	return detailPane(state, box, {
		title:
			view === undefined
				? title
				: height >= roomyRows
					? wholeTitle
					: chartTitle(view, chartHead(view), words.usageDetail),
		note: box.isCollapsed ? noteOf([tabShows, 'muted']) : [],
		glyphs,
		empty: notice ?? words.usage.readingNow,
		lines:
			view && (width => (height >= roomyRows ? roomyLines : compactLines)(state, view, {width, height, glyphs, words})),
	});
};
