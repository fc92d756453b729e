import {keyOf} from '../input/key-layer.ts';
import {formMessage} from '../forms/form-pane.ts';
import {wordsOf} from '../language/words.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {activeList, listOf, selectedRequest, showsList} from '../store/selectors.ts';
import {formatClock} from '../text/format.ts';
import {chainOf, noteOfRequest} from '../panes/requests-pane.ts';
import {settingLine} from '../panes/settings-pane.ts';
import {searchLine} from '../panes/transcript-pane.ts';
import {fitLine, span, spreadLine, widthOfLine, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';

const editingLine = (state: ScreenState, text: string): Line => {
	const list = listOf(state, activeList(state));
	const {lists, messages: words} = wordsOf(state);
	return [
		span(` ${words.filter} /`, 'accent', true),
		span(text),
		span('_', 'focus', true),
		span(`   ${lists.matched(list.rows.length, list.total)}`, 'muted'),
		...(list.problem === undefined ? [] : [span(`   ${list.problem}`, 'error')]),
	];
};

/** Settings shows the whole path; here it would take the room of what is wrong. */
const withoutFolder = (problem: string): string => problem.replace(/^.*?\/(?=[^/]+\.\w+:\d)/, '');

const troubleLine = (state: ScreenState, glyphs: Glyphs): Line | undefined => {
	const {engine, staleness} = state;
	const {messages: words, engine: said} = wordsOf(state);
	if (engine?.state === 'restarting') {
		return [span(` ${glyphs.failed} ${words.engineRestarts}`, 'error', true)];
	}

	if (staleness !== undefined) {
		const since = engine === undefined ? '' : words.shownSince(formatClock(staleness.sinceMs));
		const trouble = words.engineTrouble(
			staleness.reason === undefined ? words.doesNotAnswer : said.answer(staleness.reason),
		);
		return [span(` ${glyphs.failed} ${since}${trouble}`, 'error', true)];
	}

	return engine?.configProblem === undefined
		? undefined
		: [span(` ${glyphs.failed} ${said.problem(withoutFolder(engine.configProblem))} ${words.lastGoodStays}`, 'error')];
};

const filterLine = (state: ScreenState): Line | undefined => {
	const list = listOf(state, activeList(state));
	if (list.filter === '' || !showsList(state)) {
		return undefined;
	}

	const words = wordsOf(state).messages;
	return list.problem === undefined
		? [
				span(` ${words.filter} /${list.filter}`, 'accent'),
				span(`   ${words.shownOfClears(list.rows.length, list.total)}`, 'muted'),
			]
		: [span(` ${words.filter} /${list.filter}   `, 'error'), span(list.problem, 'error')];
};

const alertLine = (state: ScreenState, glyphs: Glyphs): Line | undefined => {
	const {alerts, columns} = state;
	const words = wordsOf(state).messages;
	const [alert] = alerts;
	if (alert === undefined) {
		return undefined;
	}

	const isFailed = alert.state === 'fail';
	const more = alerts.length === 1 ? '' : `${words.more(alerts.length - 1)} `;
	const keys: Line = [
		span('  F', 'accent', true),
		span(` ${alert.repair === undefined ? words.showsHow : words.fixes}  `, 'muted'),
		span('Esc', 'accent', true),
		span(` ${words.later} ${more}`, 'muted'),
	];
	const text = ` ${isFailed ? glyphs.failed : '!'} ${wordsOf(state).doctor.said(alert.what)}`;
	return spreadLine([span(text, isFailed ? 'error' : 'warn', true)], keys, columns);
};

const offerLine = (state: ScreenState): Line | undefined => {
	const key = keyOf('wizard', state);
	if (state.setUp !== 'offered' || state.wizard !== undefined || key === undefined) {
		return undefined;
	}

	const {setsUp, isDemo} = wordsOf(state).wizard;
	const keys: Line = [span('Esc', 'accent', true), span(` ${wordsOf(state).messages.later} `, 'muted')];
	const line: Line = [span(` ${key}`, 'accent', true), span(` ${setsUp}`, 'info', true), span(`   ${isDemo}`, 'muted')];
	return spreadLine(line, keys, state.columns);
};

/** Why the selected request failed: small screens have no other place for it. */
const failureLine = (state: ScreenState, glyphs: Glyphs): Line | undefined => {
	const request = state.page === 'requests' ? selectedRequest(state) : undefined;
	if (request === undefined || (request.state !== 'failed' && request.state !== 'cut')) {
		return undefined;
	}

	const parts = [chainOf(request, glyphs), noteOfRequest(request, state) ?? ''].filter(part => part !== '');
	if (parts.length === 0) {
		return undefined;
	}

	const line: Line = [span(` ${glyphs.failed} ${parts.join('  ')}`, 'error')];
	// The filter itself stands in the frame of the list.
	const {filter, problem, rows, total} = listOf(state, 'requests');
	const {shownOfClears} = wordsOf(state).messages;
	const shown: Line = filter === '' ? [] : [span(`  ${shownOfClears(rows.length, total)} `, 'muted')];
	return problem === undefined ? spreadLine(line, shown, state.columns) : undefined;
};

const shownCrumbs = 3;

/** The pages that Esc leads back through, the nearest last; nothing where it leads nowhere. */
const crumbs = (state: ScreenState, glyphs: Glyphs): Line => {
	const {titles} = wordsOf(state).frame;
	const {history, page} = state;
	const names = [...history.slice(-shownCrumbs), page].map(each => titles[each]);
	return history.length === 0 ? [] : [span(`${names.join(` ${glyphs.arrow} `)} `, 'muted')];
};

const quietLine = (state: ScreenState, glyphs: Glyphs): Line => {
	const {engine} = state;
	const words = wordsOf(state).messages;
	if (engine === undefined) {
		return [span(` ${glyphs.half} ${words.waiting}`, 'warn')];
	}

	const facts = [
		engine.loopP99Ms === undefined ? undefined : words.loopP99(engine.loopP99Ms.toFixed(1)),
		engine.rssMb === undefined ? undefined : `${Math.round(engine.rssMb)}MB`,
		engine.droppedEvents === 0 ? undefined : words.droppedEvents(engine.droppedEvents),
		engine.configWarnings.length === 0
			? undefined
			: words.configWarnings(
					engine.configWarnings.length,
					wordsOf(state).engine.problem(engine.configWarnings[0] ?? ''),
				),
	].filter(fact => fact !== undefined);
	const quiet: Line = [span(` ${glyphs.healthy} ${words.engine}`, 'ok'), span(`  ${facts.join('  ')}`, 'muted')];
	return spreadLine(quiet, crumbs(state, glyphs), state.columns);
};

/** The row above the footer: a question, the filter being typed, news, trouble, the filter, an alert of the start, or how the engine is. */
export const messageRow = (state: ScreenState, glyphs: Glyphs): Line => {
	const {question, editing, message} = state;
	const {messages, explain} = wordsOf(state);
	if (question !== undefined) {
		const asked: Line = [span(` ${question.text} `, 'warn', true)];
		const whole: Line = [...asked, span(messages.yesOrNo, 'accent', true)];
		// The footer has the keys too; of what is asked nothing may be missing.
		return fitLine(widthOfLine(whole) > state.columns ? asked : whole, state.columns);
	}

	if (editing?.kind === 'command' && (message === undefined || message.untilMs <= state.nowMs)) {
		return fitLine([span(' :', 'accent', true), span(editing.text), span('_', 'focus', true)], state.columns);
	}

	if (editing?.kind === 'field') {
		return fitLine(
			[
				span(` ${explain.fields[editing.field]}: `, 'accent', true),
				span(editing.text),
				span('_', 'focus', true),
				span(`   ${explain.hints[editing.field]}`, 'muted'),
			],
			state.columns,
		);
	}

	if (editing?.kind === 'setting') {
		return fitLine(settingLine(state, editing), state.columns);
	}

	if (editing?.kind === 'search') {
		const {search, searchHint} = wordsOf(state).bodies;
		const typed = [span(` ${search} /`, 'accent', true), span(editing.text), span('_', 'focus', true)];
		return fitLine([...typed, span(`   ${searchHint}`, 'muted')], state.columns);
	}

	if (editing?.kind === 'find') {
		return fitLine(searchLine(state, editing.text), state.columns);
	}

	if (editing?.kind === 'filter') {
		return fitLine(editingLine(state, editing.text), state.columns);
	}

	const news: Line | undefined =
		message !== undefined && message.untilMs > state.nowMs ? [span(` ${message.text}`, message.tone, true)] : undefined;
	const line =
		news ??
		(state.form === undefined ? undefined : formMessage(state, state.form)) ??
		troubleLine(state, glyphs) ??
		failureLine(state, glyphs) ??
		filterLine(state) ??
		alertLine(state, glyphs) ??
		offerLine(state) ??
		quietLine(state, glyphs);
	return fitLine(line, state.columns, glyphs.ellipsis);
};
