import type {RequestView} from '../../event/view.ts';
import {wordsOf} from '../language/words.ts';
import type {PaneBox} from '../layout.ts';
import {focusOf, listOf, selectedRequest} from '../store/selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {tableLines, type Column} from '../table/columns.ts';
import {formatClock, formatCount, formatDuration, formatShare, nameOfEndpoint} from '../text/format.ts';
import {span, type Line, type Span} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import {listNote} from './list-note.ts';
import {emptyLines, factLines, framePane, noteOf} from './pane.ts';

const stateSpan = (row: RequestView, glyphs: Glyphs): Span => {
	switch (row.state) {
		case 'running': {
			return span(
				`${glyphs.running} ${row.silentMs === undefined ? 'live' : 'wait'}`,
				row.silentMs === undefined ? 'info' : 'warn',
			);
		}

		case 'success': {
			return span(`${glyphs.done} ${row.statusCode ?? 'ok'}`, 'ok');
		}

		case 'failed': {
			return span(`${glyphs.failed} ${row.statusCode ?? 'err'}`, 'error');
		}

		case 'cancelled': {
			return span(`${glyphs.down} left`, 'muted');
		}

		default: {
			return span(`${glyphs.failed} cut`, 'error');
		}
	}
};

/** The names of all upstreams that were tried, in order, each failed one with its status or code. */
export const chainOf = (row: RequestView, glyphs: Glyphs): string =>
	row.attempts
		.map(({endpointKey, outcome, status, code}) =>
			outcome === 'success' || outcome === 'running'
				? nameOfEndpoint(endpointKey)
				: `${nameOfEndpoint(endpointKey)} ${status !== undefined && status >= 400 ? status : (code ?? outcome)}`,
		)
		.join(` ${glyphs.arrow} `);

/** What is worth saying about a request in one phrase. */
const noteTextOf = (row: RequestView, nowMs: number, glyphs: Glyphs): string =>
	row.silentSinceMs === undefined
		? (row.note ?? (row.attempts.length > 1 ? chainOf(row, glyphs) : ''))
		: silenceOf(row.silentSinceMs, nowMs);

/** `silent 94s`: in seconds, since every clock that may end a silence is one of seconds. */
const silenceOf = (sinceMs: number, nowMs: number): string =>
	`silent ${Math.max(0, Math.round((nowMs - sinceMs) / 1000))}s`;

const inputOf = ({usage}: RequestView): number | undefined => usage?.inputTokens;

// `+1` says that one other upstream was tried before this one: where there is no room for a note, a failover still shows.
const providerWord = (row: RequestView): string => {
	const others = row.attempts.length - 1;
	return others > 0 ? `${nameOfEndpoint(row.endpointKey)} +${others}` : nameOfEndpoint(row.endpointKey);
};

const columnsOf = (nowMs: number, glyphs: Glyphs): ReadonlyArray<Column<RequestView>> => [
	{title: 'TIME', width: 8, cell: row => span(formatClock(row.startedAtMs), 'muted')},
	{title: 'STATUS', width: 6, cell: row => stateSpan(row, glyphs)},
	{title: 'PROVIDER', width: 14, grow: 2, most: 22, cell: row => span(providerWord(row))},
	{
		title: 'MODEL',
		width: 15,
		grow: 2,
		most: 24,
		drop: 4,
		cell: row => span(row.model ?? row.path, row.model === undefined ? 'muted' : 'text'),
	},
	{title: 'KIND', width: 8, drop: 9, cell: row => span(row.kind ?? '-', 'muted')},
	{title: 'TTFB', width: 6, align: 'right', drop: 6, cell: row => span(formatDuration(row.ttfbMs))},
	{
		title: 'DUR',
		width: 6,
		align: 'right',
		cell: row =>
			span(formatDuration(row.durationMs ?? nowMs - row.startedAtMs), row.state === 'running' ? 'info' : 'text'),
	},
	{title: 'IN', width: 5, align: 'right', drop: 3, cell: row => span(formatCount(inputOf(row)))},
	{title: 'OUT', width: 5, align: 'right', drop: 2, cell: row => span(formatCount(row.usage?.outputTokens))},
	{
		title: 'HIT',
		width: 4,
		align: 'right',
		drop: 8,
		cell: row =>
			span(
				row.usage?.cachedInputTokens === undefined ? '-' : formatShare(row.usage.cachedInputTokens, inputOf(row) ?? 0),
				'muted',
			),
	},
	{
		// Half a sentence is noise: where less than this is left, the facts beside the list say it.
		title: 'NOTE',
		width: 20,
		grow: 4,
		drop: 7,
		cell: row => span(noteTextOf(row, nowMs, glyphs), row.state === 'failed' ? 'error' : 'muted'),
	},
];

/** What to do when nothing has come through yet. */
export const howToBegin = (state: ScreenState): ReadonlyArray<string | undefined> => [
	'No request has come through yet.',
	state.engine?.url === undefined ? undefined : `The proxy listens on ${state.engine.url}`,
	state.engine?.isDemo === true
		? 'The demo sends its first one within two seconds.'
		: 'Point Codex at it:  codex-tui switch on   and type in Codex.',
];

/** The pane of requests, newest first. */
export const requestsPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const list = listOf(state, 'requests');
	const isFocused = focusOf(state) === 'requests';
	const follow = noteOf(
		list.isFollowing && list.total > 0 ? [`${wordsOf(state).lists.follow} ${glyphs.followUp}`, 'info'] : undefined,
	);
	return framePane(box, {
		title: 'Requests',
		note: listNote(state, list, follow),
		isFocused,
		glyphs,
		inside: (width, height) =>
			list.rows.length === 0
				? emptyLines(
						list.total > 0 ? ['No request matches the filter. Esc clears it.'] : howToBegin(state),
						width,
						height,
					)
				: tableLines({
						columns: columnsOf(state.nowMs, glyphs),
						rows: list.rows,
						selected: list.index,
						isFocused,
						glyphs,
						width,
						height,
					}),
	});
};

const tokensOf = ({usage, state}: RequestView): string =>
	usage === undefined
		? state === 'running'
			? 'told at the end of the reply'
			: 'not told by the upstream'
		: `in ${formatCount(usage.inputTokens)} (cached ${formatCount(usage.cachedInputTokens)})  out ${formatCount(usage.outputTokens)}  reasoning ${formatCount(usage.reasoningTokens)}`;

/** Facts of the selected request beside its conversation, on large terminals. */
export const requestFactsPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const row = selectedRequest(state);
	return framePane(box, {
		title: 'Request',
		note: row === undefined ? [] : noteOf([row.requestId, 'muted']),
		isFocused: false,
		glyphs,
		inside: (width, height) =>
			row === undefined
				? emptyLines(['Nothing is selected.'], width, height)
				: factLines(
						[
							['call', `${row.method} ${row.path}  ${row.kind ?? ''}  ${row.client ?? ''}`],
							['route', chainOf(row, glyphs)],
							[
								'status',
								`${stateSpan(row, glyphs).text}  ${row.silentSinceMs === undefined ? (row.note ?? '') : silenceOf(row.silentSinceMs, state.nowMs)}`,
								stateSpan(row, glyphs).tone,
							],
							[
								'timing',
								`${row.ttfbMs === undefined ? 'no byte yet' : `first byte ${formatDuration(row.ttfbMs)}`}, all ${formatDuration(row.durationMs ?? state.nowMs - row.startedAtMs)}`,
							],
							['tokens', tokensOf(row)],
							['reply', `${formatCount(row.replyEvents)} events, ${formatCount(row.replyBytes)} bytes`],
							['model', `${row.model ?? '-'}  ${row.effort ?? ''}`],
							['session', row.sessionId],
						],
						width,
					),
	});
};
