import type {ScreenState} from '../store/screen-state.ts';
import {activeList, listOf} from '../store/selectors.ts';
import {formatClock} from '../text/format.ts';
import {settingLine} from '../panes/settings-pane.ts';
import {fitLine, span, spreadLine, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';

const editingLine = (state: ScreenState, text: string): Line => {
	const list = listOf(state, activeList(state));
	return [
		span(' filter /', 'accent', true),
		span(text),
		span('_', 'focus', true),
		span(`   ${list.rows.length} of ${list.total}`, 'muted'),
		list.problem === undefined ? span('   Enter keeps, Esc takes back', 'muted') : span(`   ${list.problem}`, 'error'),
	];
};

const troubleLine = (state: ScreenState, glyphs: Glyphs): Line | undefined => {
	const {engine, staleness} = state;
	if (engine?.state === 'restarting') {
		return [
			span(
				` ${glyphs.failed} The engine stopped and is being started again; requests wait for it. Nothing to do.`,
				'error',
				true,
			),
		];
	}

	if (staleness !== undefined) {
		const since = engine === undefined ? '' : `Shown is the state of ${formatClock(staleness.sinceMs)}. `;
		return [span(` ${glyphs.failed} ${since}The engine: ${staleness.reason}. Trying again.`, 'error', true)];
	}

	return engine?.configProblem === undefined
		? undefined
		: [span(` ${glyphs.failed} config: ${engine.configProblem} The last good one stays in use.`, 'error')];
};

const filterLine = (state: ScreenState): Line | undefined => {
	const list = listOf(state, activeList(state));
	if (list.filter === '') {
		return undefined;
	}

	return list.problem === undefined
		? [
				span(` filter /${list.filter}`, 'accent'),
				span(`   ${list.rows.length} of ${list.total} shown   Esc clears`, 'muted'),
			]
		: [span(` filter /${list.filter}   `, 'error'), span(list.problem, 'error')];
};

const alertLine = ({alerts, columns}: ScreenState, glyphs: Glyphs): Line | undefined => {
	const [alert] = alerts;
	if (alert === undefined) {
		return undefined;
	}

	const isFailed = alert.state === 'fail';
	const more = alerts.length === 1 ? '' : `${alerts.length - 1} more `;
	const keys: Line = [
		span('  F', 'accent', true),
		span(alert.repair === undefined ? ' shows how  ' : ' fixes  ', 'muted'),
		span('Esc', 'accent', true),
		span(` later ${more}`, 'muted'),
	];
	const text = ` ${isFailed ? glyphs.failed : '!'} ${alert.what}`;
	return spreadLine([span(text, isFailed ? 'error' : 'warn', true)], keys, columns);
};

const quietLine = (state: ScreenState, glyphs: Glyphs): Line => {
	const {engine} = state;
	if (engine === undefined) {
		return [span(` ${glyphs.half} waiting for the engine`, 'warn')];
	}

	const facts = [
		engine.loopP99Ms === undefined ? undefined : `loop p99 ${engine.loopP99Ms.toFixed(1)}ms`,
		engine.rssMb === undefined ? undefined : `${Math.round(engine.rssMb)}MB`,
		engine.droppedEvents === 0 ? undefined : `${engine.droppedEvents} screen events dropped`,
		engine.configWarnings.length === 0
			? undefined
			: `${engine.configWarnings.length} config warnings: ${engine.configWarnings[0] ?? ''}`,
	].filter(fact => fact !== undefined);
	return [span(` ${glyphs.healthy} engine`, 'ok'), span(`  ${facts.join('  ')}`, 'muted')];
};

/** The row above the footer: a question, the filter being typed, news, trouble, the filter, an alert of the start, or how the engine is. */
export const messageRow = (state: ScreenState, glyphs: Glyphs): Line => {
	const {question, editing, message} = state;
	if (question !== undefined) {
		return fitLine([span(` ${question.text} `, 'warn', true), span('y yes  n no', 'accent', true)], state.columns);
	}

	if (editing?.kind === 'command' && (message === undefined || message.untilMs <= state.nowMs)) {
		return fitLine([span(' :', 'accent', true), span(editing.text), span('_', 'focus', true)], state.columns);
	}

	if (editing?.kind === 'field') {
		return fitLine(
			[
				span(` ${editing.field}: `, 'accent', true),
				span(editing.text),
				span('_', 'focus', true),
				span('   Enter asks, Esc takes back', 'muted'),
			],
			state.columns,
		);
	}

	if (editing?.kind === 'setting') {
		return fitLine(settingLine(state, editing), state.columns);
	}

	if (editing?.kind === 'filter') {
		return fitLine(editingLine(state, editing.text), state.columns);
	}

	const news: Line | undefined =
		message !== undefined && message.untilMs > state.nowMs ? [span(` ${message.text}`, message.tone, true)] : undefined;
	const line =
		news ?? troubleLine(state, glyphs) ?? filterLine(state) ?? alertLine(state, glyphs) ?? quietLine(state, glyphs);
	return fitLine(line, state.columns, glyphs.ellipsis);
};
