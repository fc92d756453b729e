import {expect, test} from 'vitest';
import type {ExplainStep} from '../../../source/event/explain.ts';
import {explainPane, whatIfPane} from '../../../source/tui/panes/explain-pane.ts';
import {plainOf} from '../../../source/tui/text/line.ts';
import {unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {sampleState} from '../../support/sample-state.ts';

const linesOf = (attempts: readonly ExplainStep[]): string => {
	const state = sampleState('full', 'explain', [160, 48]);
	const {answer} = state.explain;
	const steps: readonly ExplainStep[] = [{mark: 'chosen', subject: 'relay-a', text: 'first'}, ...attempts];
	const shown = {...state, explain: {...state.explain, top: 0, answer: answer && {...answer, steps}}};
	const box = {pane: 'explain', x: 0, y: 0, width: 80, height: 20, isCollapsed: false} as const;
	return explainPane(shown, box, unicodeGlyphs).map(plainOf).join('\n');
};

const attempt = (mark: ExplainStep['mark'], count: number): ExplainStep => ({
	...{mark, subject: `attempt ${count}`, text: 'what came of it'},
});

test('the first candidate is called chosen only where no attempt failed: else another one has served', () => {
	expect(linesOf([attempt('chosen', 1)])).toContain('first · chosen');
	const failed = linesOf([attempt('no', 1), attempt('chosen', 2)]);
	expect(failed).toContain('first · asked first');
	expect(failed).not.toContain('chosen');
});

test('the form says in the language of the screen what the engine refuses', () => {
	const state = sampleState('full', 'explain', [160, 48]);
	const formProblem = 'There is no provider or endpoint "xyz"; there are busy, calm.';
	const shown = {...state, language: 'zh-CN', explain: {...state.explain, formProblem}} as const;
	const box = {pane: 'whatif', x: 0, y: 0, width: 80, height: 12, isCollapsed: false} as const;
	const text = whatIfPane(shown, box, unicodeGlyphs).map(plainOf).join('\n');
	expect(text).toContain('没有供应商或端点 "xyz"；现有 busy, calm。');
});
