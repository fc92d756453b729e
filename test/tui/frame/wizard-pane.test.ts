import {describe, expect, test} from 'vitest';
import {frameLines} from '../../../source/tui/frame/frame.ts';
import {languages} from '../../../source/tui/language/words.ts';
import {initialState, type ScreenState} from '../../../source/tui/store/screen-state.ts';
import {openedWizard, withView, type WizardState} from '../../../source/tui/store/wizard-state.ts';
import {plainOf, widthOfLine} from '../../../source/tui/text/line.ts';
import {TranscriptLayout} from '../../../source/tui/text/transcript-layout.ts';
import {unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {sampleNowMs, sampleSnapshot} from '../../support/sample-screen.ts';
import {sampleWizardView} from '../../support/sample-wizard.ts';

const stateOf = (
	given: Pick<ScreenState, 'columns' | 'rows' | 'language'>,
	change: Partial<WizardState>,
): ScreenState => {
	const start: ScreenState = {
		...initialState({
			...{nowMs: sampleNowMs, isReadOnly: false, themeName: 'midnight', themeNames: ['midnight', 'paper']},
			...{...given, layout: new TranscriptLayout()},
		}),
		...sampleSnapshot(sampleNowMs),
	};
	return {...start, wizard: {...withView(openedWizard(start), sampleWizardView), ...change}};
};

const looks: ReadonlyArray<readonly [name: string, change: Partial<WizardState>]> = [
	['looking', {view: undefined}],
	['upstreams', {}],
	['upstreams', {index: 26}],
	['upstreams', {index: 1, typing: 'A_RATHER_LONG_NAME_OF_A_VARIABLE'}],
	['upstreams', {problem: 'x'.repeat(300)}],
	['codex', {step: 'codex'}],
	['theme', {step: 'theme'}],
	['language', {step: 'language', index: 1}],
	['review', {step: 'review'}],
	['review', {step: 'review', text: `${'# long '.repeat(60)}\nversion = 5`, index: 99}],
	['written', {step: 'written'}],
];

describe.each(languages)('the wizard in %s', language => {
	test.each([
		[60, 15],
		[80, 24],
		[160, 48],
		[200, 60],
	])('fills %ix%i at every step, with its own keys below', (columns, rows) => {
		for (const [name, change] of looks) {
			const lines = frameLines(stateOf({columns, rows, language}, change), unicodeGlyphs);
			expect([name, lines.length]).toEqual([name, rows]);
			expect([name, lines.filter(line => widthOfLine(line) !== columns)]).toEqual([name, []]);
			const text = lines.map(plainOf).join('\n');
			expect(text).not.toMatch(/undefined|NaN/);
			expect(plainOf(lines.at(-1) ?? [])).toMatch(/Enter|Esc/);
		}
	});

	test('keeps the selected upstream in sight and marked', () => {
		for (const index of [0, 5, 13, 26]) {
			const text = frameLines(stateOf({columns: 80, rows: 24, language}, {index}), unicodeGlyphs)
				.map(plainOf)
				.join('\n');
			expect(text).toContain('▸ ');
			expect(text).toMatch(new RegExp(`▸ \\[.\\] ${sampleWizardView.offers[index]?.name}`));
		}
	});
});
