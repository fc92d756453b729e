import type {RequestView} from '../../event/view.ts';
import {wordsOf, type Words} from '../language/words.ts';
import {besideFrom, type PaneBox} from '../layout.ts';
import {focusOf, listOf, selectedRequest} from '../store/selectors.ts';
import type {RequestRow} from '../store/request-costs.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {type Column} from '../table/columns.ts';
import {formatClock, formatCount, formatDuration, formatShare, nameOfEndpoint} from '../text/format.ts';
import {span, type Line, type Span} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import {listNote} from './list-note.ts';
import {costText} from './usage-format.ts';
import {emptyLines, factLines, framePane, listPane, noteOf, type Fact} from './pane.ts';

/** A 200 that ended in an error is none that a person looks for. */
const failedStatus = ({statusCode}: RequestView): number | undefined =>
	statusCode !== undefined && statusCode >= 400 ? statusCode : undefined;

const stateSpan = (row: RequestView, glyphs: Glyphs, words: Words['requests']): Span => {
	switch (row.state) {
		case 'running': {
			const isWaiting = row.silentMs !== undefined || row.waitingSinceMs !== undefined;
			return span(`${glyphs.running} ${isWaiting ? words.waiting : words.live}`, isWaiting ? 'warn' : 'info');
		}

		case 'success': {
			return span(`${glyphs.done} ${row.statusCode ?? words.succeeded}`, 'ok');
		}

		case 'failed': {
			return span(`${glyphs.failed} ${failedStatus(row) ?? words.failed}`, 'error');
		}

		case 'cancelled': {
			return span(`${glyphs.down} ${words.left}`, 'muted');
		}

		default: {
			return span(`${glyphs.failed} ${words.cut}`, 'error');
		}
	}
};

/** The names of all upstreams that were tried, in order, each with its status or, where it failed without one, its code. */
export const chainOf = (row: RequestView, glyphs: Glyphs): string =>
	row.attempts
		.map(({endpointKey, outcome, status, code}) =>
			outcome === 'success' || outcome === 'running'
				? [nameOfEndpoint(endpointKey), status].filter(part => part !== undefined).join(' ')
				: `${nameOfEndpoint(endpointKey)} ${status !== undefined && status >= 400 ? status : (code ?? outcome)}`,
		)
		.join(` ${glyphs.arrow} `);

/** What the engine said of a request, in the language of the screen. */
export const noteOfRequest = ({note}: RequestView, state: ScreenState): string | undefined =>
	note && wordsOf(state).requests.said(note);

/** What is worth saying about a request in one phrase. */
const noteTextOf = (row: RequestView, state: ScreenState, glyphs: Glyphs): string =>
	row.silentSinceMs === undefined
		? (noteOfRequest(row, state) ?? (row.attempts.length > 1 ? chainOf(row, glyphs) : pathOf(row)))
		: silenceOf(row.silentSinceMs, state);

/** Who asks for no model is known by what it asks for. */
const pathOf = ({model, method, path}: RequestView): string => (model === undefined ? `${method} ${path}` : '');

/** `silent 94s`: in seconds, since every clock that may end a silence is one of seconds. */
const silenceOf = (sinceMs: number, state: ScreenState): string =>
	wordsOf(state).requests.silent(Math.max(0, Math.round((state.nowMs - sinceMs) / 1000)));

/** All that was read, as the page Usage counts it: Claude's API tells apart what came from the cache and what went into it, OpenAI's includes it. */
const inputOf = ({usage, service}: RequestView): number | undefined =>
	usage?.inputTokens === undefined || service !== 'claude'
		? usage?.inputTokens
		: usage.inputTokens + (usage.cachedInputTokens ?? 0) + (usage.cacheCreationInputTokens ?? 0);

// `+1` says that one other upstream was tried before this one: where there is no room for a note, a failover still shows.
const providerWord = (row: RequestView): string => {
	const others = row.attempts.length - 1;
	return others > 0 ? `${nameOfEndpoint(row.endpointKey)} +${others}` : nameOfEndpoint(row.endpointKey);
};

const costColumn = ({page, columns: width}: ScreenState, title: string): Column<RequestRow> => ({
	title,
	width: 8,
	align: 'right',
	// Beside the facts, which have the whole note, it comes before the note; elsewhere it is the first to go.
	drop: page === 'requests' && width >= besideFrom ? 6.5 : 10,
	cell: row => span(costText(row) ?? '-', row.cost === undefined ? 'muted' : 'text'),
});

const columnsOf = (state: ScreenState, glyphs: Glyphs): ReadonlyArray<Column<RequestRow>> => {
	const {requests: words} = wordsOf(state);
	const {columns} = words;
	return [
		{title: columns.time, width: 8, cell: row => span(formatClock(row.startedAtMs), 'muted')},
		{title: columns.status, width: 6, cell: row => stateSpan(row, glyphs, words)},
		{title: columns.provider, width: 14, grow: 2, most: 22, cell: row => span(providerWord(row))},
		{
			title: columns.model,
			width: 15,
			grow: 2,
			most: 24,
			drop: 4,
			cell: row => span(row.model ?? '-', row.model === undefined ? 'muted' : 'text'),
		},
		{
			title: columns.kind,
			width: 8,
			drop: 9,
			cell: row => span(row.kind === undefined ? '-' : words.kind(row.kind), 'muted'),
		},
		{title: columns.firstByte, width: 6, align: 'right', drop: 6, cell: row => span(formatDuration(row.ttfbMs))},
		{
			title: columns.duration,
			width: 6,
			align: 'right',
			cell: row =>
				span(
					formatDuration(row.durationMs ?? state.nowMs - row.startedAtMs),
					row.state === 'running' ? 'info' : 'text',
				),
		},
		{title: columns.input, width: 5, align: 'right', drop: 3, cell: row => span(formatCount(inputOf(row)))},
		{title: columns.output, width: 5, align: 'right', drop: 2, cell: row => span(formatCount(row.usage?.outputTokens))},
		{
			title: columns.cacheHit,
			width: 4,
			align: 'right',
			drop: 8,
			cell: row =>
				span(
					row.usage?.cachedInputTokens === undefined
						? '-'
						: formatShare(row.usage.cachedInputTokens, inputOf(row) ?? 0),
					'muted',
				),
		},
		costColumn(state, columns.cost),
		{
			// Half a sentence is noise: where less than this is left, the facts beside the list say it.
			title: columns.note,
			width: 20,
			grow: 4,
			drop: 7,
			cell: row => span(noteTextOf(row, state, glyphs), row.state === 'failed' ? 'error' : 'muted'),
		},
	];
};

/** What to do where there is no request: none has come through yet, or the filter of Requests hides them all. */
export const howToBegin = (state: ScreenState): ReadonlyArray<string | undefined> => {
	const {none, listens, demoBegins, begin} = wordsOf(state).requests;
	const {url, isDemo} = state.engine ?? {};
	if (state.requests.length > 0) {
		return [wordsOf(state).requests.allHidden(state.lists.requests.filter)];
	}

	return [none, url && listens(url), isDemo === true ? demoBegins : begin];
};

/** The pane of requests, newest first. */
export const requestsPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const list = listOf(state, 'requests');
	const {requests: words} = wordsOf(state);
	const isFocused = focusOf(state) === 'requests';
	const follow = noteOf(
		list.isFollowing && list.total > 0 ? [`${wordsOf(state).lists.follow} ${glyphs.followUp}`, 'info'] : undefined,
	);
	return listPane(box, {
		title: words.title,
		note: listNote(state, list, {extra: follow}),
		isFocused,
		glyphs,
		...{rows: list.rows, selected: list.index},
		columns: () => columnsOf(state, glyphs),
		empty: list.total > 0 ? [words.noMatch] : howToBegin(state),
	});
};

const tokensOf = (row: RequestRow, words: Words['requests']): string => {
	const {usage, state} = row;
	const {tokensLater, tokensUntold, tokensIn, tokensOut} = words;
	if (usage === undefined) {
		return state === 'running' ? tokensLater : tokensUntold;
	}

	const read = tokensIn(formatCount(inputOf(row)), formatCount(usage.cachedInputTokens));
	const reasoning = usage.reasoningTokens === undefined ? undefined : formatCount(usage.reasoningTokens);
	const cost = costText(row);
	return `${read}  ${tokensOut(formatCount(usage.outputTokens), reasoning)}${cost === undefined ? '' : `  ${cost}`}`;
};

/** How long it has waited for places; one that waits counts on. */
const waitedOf = ({waitedMs, waitingSinceMs}: RequestView, nowMs: number): string | undefined =>
	waitedMs === undefined && waitingSinceMs === undefined
		? undefined
		: formatDuration((waitedMs ?? 0) + Math.max(0, nowMs - (waitingSinceMs ?? nowMs)));

const requestFacts = (row: RequestRow, state: ScreenState, glyphs: Glyphs): readonly Fact[] => {
	const {requests: words} = wordsOf(state);
	const {facts} = words;
	const at = stateSpan(row, glyphs, words);
	const firstByte = row.ttfbMs === undefined ? words.noByteYet : words.firstByte(formatDuration(row.ttfbMs));
	return [
		[
			facts.call,
			`${row.method} ${row.path}  ${row.kind === undefined ? '' : words.kind(row.kind)}  ${row.client ?? ''}`,
		],
		[facts.route, chainOf(row, glyphs)],
		[
			facts.status,
			`${at.text}  ${row.silentSinceMs === undefined ? (noteOfRequest(row, state) ?? '') : silenceOf(row.silentSinceMs, state)}`,
			at.tone,
		],
		[
			facts.timing,
			words.timing(
				firstByte,
				formatDuration(row.durationMs ?? state.nowMs - row.startedAtMs),
				waitedOf(row, state.nowMs),
			),
		],
		[facts.tokens, tokensOf(row, words)],
		[facts.reply, words.reply(formatCount(row.replyEvents), formatCount(row.replyBytes))],
		[facts.model, `${row.model ?? '-'}  ${row.effort ?? ''}`],
		[facts.session, row.sessionId],
	];
};

/** Facts of the selected request beside its conversation, on large terminals. */
export const requestFactsPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {requests: words} = wordsOf(state);
	const row = selectedRequest(state);
	return framePane(box, {
		title: words.detail,
		note: row === undefined ? [] : noteOf([row.requestId, 'muted']),
		isFocused: false,
		glyphs,
		inside: (width, height) =>
			row === undefined
				? emptyLines([words.nothingSelected], width, height)
				: factLines(requestFacts(row, state, glyphs), width),
	});
};
