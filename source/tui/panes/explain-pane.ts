import {fitText, widthOf, wrapText} from '../../base/text-width.ts';
import type {ExplainStep, ExplainView} from '../../event/explain.ts';
import {wordsOf, type Words} from '../language/words.ts';
import type {PaneBox} from '../layout.ts';
import {focusOf} from '../store/selectors.ts';
import {whatIfFields, type ScreenState, type WhatIfField} from '../store/screen-state.ts';
import {span, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import type {Tone} from '../theme/theme.ts';
import {emptyLines, framePane, noteOf} from './pane.ts';

const toneOf: Readonly<Record<ExplainStep['mark'], Tone>> = {chosen: 'ok', yes: 'text', no: 'muted', note: 'accent'};

const glyphOf = (mark: ExplainStep['mark'], glyphs: Glyphs): string => {
	switch (mark) {
		case 'chosen':
		case 'yes': {
			return glyphs.done;
		}

		case 'no': {
			return glyphs.failed;
		}

		case 'note': {
			return glyphs.dot;
		}
	}
};

/** What steps are drawn with. */
interface Drawing {
	readonly words: Words['explain'];
	readonly engine: Words['engine'];
	readonly glyphs: Glyphs;
	/** What the first of those that could serve is called. */
	readonly chosen: string;
}

/** What became of a candidate once it was asked; it is no candidate itself. */
const isAttempt = ({subject}: ExplainStep): boolean => /^attempt \d+$/.test(subject);

/** First in the plan, and yet not asked when its turn came: it chose nobody. */
const wasPassed = ({sayings}: ExplainStep): boolean => sayings?.some(({code}) => code === 'not_asked') ?? false;

const subjectCells = {least: 8, most: 22} as const;

/** The steps of an explanation, numbered, each with its reason wrapped beside it and the place in the file at its end. */
const stepLines = (
	steps: readonly ExplainStep[],
	width: number,
	{engine, glyphs, chosen}: Drawing,
): readonly Line[] => {
	const longest = Math.max(0, ...steps.map(({subject}) => widthOf(engine.subject(subject))));
	const cells = Math.min(subjectCells.most, Math.max(subjectCells.least, longest + 1));
	const numberCells = String(steps.length).length + 1;
	const lead = numberCells + 3 + cells;
	return steps.flatMap((step, index) => {
		const isChosen = step.mark === 'chosen' && !wasPassed(step);
		const tone = toneOf[isChosen || step.mark !== 'chosen' ? step.mark : 'yes'];
		const text = engine.step(step);
		const said = isChosen && !isAttempt(step) ? `${text} ${glyphs.dot} ${chosen}` : text;
		const place = step.location === undefined ? '' : `  ${step.location}`;
		const wrapped = wrapText(said + place, Math.max(10, width - lead - 1));
		return wrapped.map((line, at): Line => {
			const head =
				at === 0
					? `${(isAttempt(step) ? '' : String(index + 1)).padStart(numberCells)} ${glyphOf(step.mark, glyphs)} ${fitText(engine.subject(step.subject), cells)}`
					: ' '.repeat(lead);
			return [span(head, at === 0 ? tone : 'text', isChosen && at === 0), span(line, tone, isChosen && at === 0)];
		});
	});
};

const chainOf = ({steps}: ExplainView, {words, glyphs}: Drawing): string => {
	const names = steps
		.filter(step => (step.mark === 'chosen' || step.mark === 'yes') && !isAttempt(step))
		.map(({subject}) => subject);
	return names.length === 0 ? words.nobody : names.join(` ${glyphs.arrow} `);
};

/** Why the explained request went where it went, or where the next one would go. */
export const explainPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {explain: words, engine} = wordsOf(state);
	const {answer, notice, requestId, top} = state.explain;
	// Where the first one failed, another has served.
	const hasFailed = answer?.steps.some(step => isAttempt(step) && step.mark === 'no') === true;
	const drawing = {words, engine, glyphs, chosen: hasFailed ? words.askedFirst : words.chosen};
	return framePane(box, {
		title: words.title,
		note: noteOf([requestId ?? words.nextRequest, 'muted']),
		isFocused: focusOf(state) === 'explain',
		glyphs,
		inside: (width, height) => {
			if (answer === undefined) {
				return emptyLines([notice === undefined ? words.asking : engine.answer(notice)], width, height);
			}

			const lines: readonly Line[] = [
				[span(` ${engine.question(answer)}`, 'text', true)],
				[],
				...stepLines(answer.steps, width, drawing),
				[],
				[
					span(` ${words.inOrder}`, 'muted'),
					span(chainOf(answer, drawing), answer.chosen === undefined ? 'error' : 'text'),
				],
			];
			const shown = lines.length > height ? lines.filter(line => line.length > 0) : lines;
			return shown.slice(Math.max(0, Math.min(top, shown.length - height)));
		},
	});
};

const fieldLine = (state: ScreenState, field: WhatIfField, glyphs: Glyphs): Line => {
	const {fields, hints} = wordsOf(state).explain;
	const {form, field: selected} = state.explain;
	const {editing} = state;
	const isSelected = field === selected && focusOf(state) === 'whatif';
	const isTyped = editing?.kind === 'field' && editing.field === field;
	const text = isTyped ? editing.text : form[field];
	const marker = isSelected ? glyphs.selected : ' ';
	return [
		span(`${marker} ${fitText(fields[field], 9)}`, isSelected ? 'focus' : 'muted', isSelected),
		text === '' && !isTyped ? span(hints[field], 'muted') : span(text),
		...(isTyped ? [span('_', 'focus', true)] : []),
	];
};

const resultLines = (state: ScreenState, width: number, glyphs: Glyphs): readonly Line[] => {
	const {explain: words, engine} = wordsOf(state);
	const drawing = {words, engine, glyphs, chosen: words.chosen};
	const {answer, imagined, formProblem} = state.explain;
	if (formProblem !== undefined) {
		return [[span(`  ${engine.answer(formProblem)}`, 'error')]];
	}

	if (imagined === undefined) {
		return [[span(`  ${words.fillIn}`, 'muted')]];
	}

	const was = answer === undefined || answer.chosen === imagined.chosen ? '' : `   ${words.was(answer.chosen)}`;
	return [
		[
			span(`  ${fitText(words.result, 9)}`, 'muted'),
			span(chainOf(imagined, drawing), imagined.chosen === undefined ? 'error' : 'ok', true),
			span(was, 'warn'),
		],
		[],
		...stepLines(imagined.steps, width, drawing),
	];
};

/** The form of the what-if with its result. */
export const whatIfPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] =>
	framePane(box, {
		title: wordsOf(state).explain.whatIf,
		note: noteOf([wordsOf(state).explain.editWithEnter, 'muted']),
		isFocused: focusOf(state) === 'whatif',
		glyphs,
		inside: (width, height) => {
			const all = [...whatIfFields.map(field => fieldLine(state, field, glyphs)), ...resultLines(state, width, glyphs)];
			const at = whatIfFields.indexOf(state.explain.field);
			// With few rows the selected field and the result stay in view.
			return all.length <= height || height > whatIfFields.length
				? all
				: [...all.slice(Math.max(0, at - height + 2), at + 1), ...all.slice(whatIfFields.length)];
		},
	});
