import {expect, test} from 'vitest';
import type {TraceEntry} from '../../../source/event/view.ts';
import {frameLines} from '../../../source/tui/frame/frame.ts';
import {traceDetailPane} from '../../../source/tui/panes/trace-pane.ts';
import type {ScreenState} from '../../../source/tui/store/screen-state.ts';
import {plainOf} from '../../../source/tui/text/line.ts';
import {unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {sampleNowMs} from '../../support/sample-screen.ts';
import {sampleState} from '../../support/sample-state.ts';

const linesOf = (detail: TraceEntry['detail']): readonly string[] => {
	const entry = {
		...{sequence: 7, atMs: sampleNowMs, kind: 'body-translated', requestId: 'req_1', endpointKey: undefined},
		...{what: 'body changed', detail},
	};
	const state = {...sampleState('full', 'trace', [160, 48]), trace: [entry]};
	const box = {pane: 'detail', x: 0, y: 0, width: 70, height: 12, isCollapsed: false} as const;
	return traceDetailPane(state, box, unicodeGlyphs).map(plainOf);
};

test('a list among the fields of a decision has a line for each member, and an empty one none', () => {
	const losses = [
		{code: 'foreign-reasoning', count: 2, text: 'left out'},
		{code: 'image-omitted', count: 1, text: 'a marker stands where an image was'},
	];
	const lines = linesOf({attempt: 1, losses, overrides: []});
	expect(lines[3]).toMatch(/losses +code foreign-reasoning {2}count 2 {2}text left out/);
	expect(lines[4]).toMatch(/^│ +code image-omitted {2}count 1/);
	expect(lines.join('\n')).not.toMatch(/overrides|[[{}\]]/);
});

test('a record among the fields of a decision has a line for each value, however deep, and no JSON', () => {
	const record = {
		...{status_code: 200, ending: undefined, usage: {input_tokens: 3614, output_tokens: 61}},
		retry: {upstream_chain: ['relay-a', 'openai'], route_attempts: [{code: 'completed'}]},
	};
	const text = linesOf({record}).join('\n');
	expect(text).toMatch(/record +status_code {2}200 /);
	expect(text).toMatch(/ usage\.input_tokens {2}3614 /);
	expect(text).toMatch(/ retry\.upstream_chain {2}relay-a, openai /);
	expect(text).toMatch(/ retry\.route_attempts\.0\.code {2}completed /);
	expect(text).not.toMatch(/ending|[[{}\]"]/);
});

const drawn = (language: ScreenState['language']): string => {
	const record = {retry: {route_attempts: [{reason: 'broke off: it closed the connection'}]}};
	const entry = {
		...{sequence: 7, atMs: sampleNowMs, kind: 'reply-end', requestId: 'req_1', endpointKey: undefined},
		...{what: 'failed', detail: {record}},
	};
	const state = {...sampleState('full', 'trace', [160, 48]), language, trace: [entry]};
	return frameLines(state, unicodeGlyphs).map(plainOf).join('\n');
};

test('a decision has its name in the language of the screen, beside the one that the filter knows', () => {
	expect(drawn('en')).toMatch(/╭─ reply-end ─+ #7 ─╮/);
	expect(drawn('en')).toMatch(/ reply-end +failed/);
	expect(drawn('en')).toMatch(/reason {2}broke off: it closed/);
	expect(drawn('zh-CN')).toMatch(/╭─ 结束回答 ─+ reply-end {2}#7 ─╮/);
	expect(drawn('zh-CN')).toMatch(/ 结束回答 /);
	expect(drawn('zh-CN')).toMatch(/reason {2}中断：关闭了连接/);
});
