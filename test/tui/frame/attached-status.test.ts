import {describe, expect, test} from 'vitest';
import {dispatchKey} from '../../../source/tui/input/dispatch.ts';
import {footerRow} from '../../../source/tui/frame/footer-row.ts';
import {frameLines} from '../../../source/tui/frame/frame.ts';
import {statusRow} from '../../../source/tui/frame/status-row.ts';
import {languages, type Language} from '../../../source/tui/language/words.ts';
import {initialState, type ScreenState} from '../../../source/tui/store/screen-state.ts';
import {TranscriptLayout} from '../../../source/tui/text/transcript-layout.ts';
import {plainOf, widthOfLine} from '../../../source/tui/text/line.ts';
import {unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {recordControls} from '../../support/controls.ts';
import {sampleNowMs, sampleSnapshot} from '../../support/sample-screen.ts';

const attached = (change: Partial<ScreenState> = {}): ScreenState => ({
	...initialState({
		...{columns: 80, rows: 24, nowMs: sampleNowMs, isReadOnly: true, themeName: 'midnight'},
		layout: new TranscriptLayout(),
	}),
	...sampleSnapshot(sampleNowMs),
	attached: {where: ':4211'},
	...change,
});

const words = {
	en: {
		readOnly: /attached :4211 read-only/,
		mayAct: /attached :4211 may act/,
		stale: 'stale since 12:04:00',
		leave: 'q leave',
	},
	'zh-CN': {readOnly: /已附加 :4211 只读/, mayAct: /已附加 :4211 可操作/, stale: '12:04:00 起无更新', leave: 'q 离开'},
} as const satisfies Record<Language, object>;

describe('the frame of an attached screen', () => {
	test.each(languages)('says whose engine it is, what may be done and that leaving ends nothing, in %s', language => {
		const status = (change: Partial<ScreenState>): string =>
			plainOf(statusRow(attached({...change, language}), unicodeGlyphs));
		expect(status({})).toMatch(words[language].readOnly);
		expect(status({isReadOnly: false})).toMatch(words[language].mayAct);
		const staleness = {sinceMs: sampleNowMs - 31_000, reason: 'it does not answer'};
		expect(status({staleness})).toContain(words[language].stale);
		expect(plainOf(footerRow(attached({language})))).toContain(words[language].leave);
	});

	test.each([
		['en', 'State of 12:04:00. Trying again. The engine: it does not answer (connect E'],
		['zh-CN', '显示的是 12:04:00 的状态。正在重试。引擎：没有响应（connect E'],
	] as const)('says first that it tries again, then why, in %s', (language, wanted) => {
		const reason = 'it does not answer (connect ENOENT /home/me/.codex-tui/control.sock)';
		const staleness = {sinceMs: sampleNowMs - 31_000, reason};
		const rows = frameLines(attached({language, columns: 160, staleness}), unicodeGlyphs).map(plainOf);
		expect(rows.at(-2)).toContain(wanted);
	});

	test.each([60, 80, 160])('keeps that at %i columns, whatever else there is no room for', columns => {
		const row = statusRow(attached({columns}), unicodeGlyphs);
		expect(plainOf(row)).toContain('attached :4211 read-only');
		expect(widthOfLine(row)).toBe(columns);
	});

	test.each(languages)('a key that needs the right to act says how to get it, in %s', language => {
		const recorder = recordControls(attached({language}));
		dispatchKey('o', recorder);
		expect(recorder.state().message?.text).toContain('codex-tui attach --allow-actions');
		expect(recorder.actions).toEqual([]);
	});

	test('a key that would not work for another reason says that one', () => {
		const recorder = recordControls(attached({requests: []}));
		dispatchKey('i', recorder);
		expect(recorder.state().message?.text).toBe('No request is selected.');
	});

	test('a screen with an engine of its own says nothing of the kind', () => {
		const own = attached({attached: undefined});
		expect(plainOf(statusRow(own, unicodeGlyphs))).not.toContain('attached');
		expect(plainOf(footerRow(own))).not.toContain('leave');
	});
});
