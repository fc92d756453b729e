import {fitText, widthOf, wrapText} from '../../base/text-width.ts';
import type {UpstreamOffer} from '../../event/wizard.ts';
import {showKey} from '../input/keys.ts';
import {languages, wordsOf, type Words} from '../language/words.ts';
import {topOf} from '../layout.ts';
import {framePane, noteOf} from '../panes/pane.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {askedSteps, isVariable, selectedOffer, variableOf, type WizardState} from '../store/wizard-state.ts';
import {fitLine, span, withLook, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';

/* The form of the first start: it takes the body while it is open, and the footer shows its keys. */

interface Room {
	readonly width: number;
	readonly height: number;
	readonly glyphs: Glyphs;
}

const paragraph = (text: string, width: number, tone: 'text' | 'muted' | 'error' | 'warn' = 'text'): readonly Line[] =>
	wrapText(text, Math.max(8, width - 2)).map(line => [span(` ${line}`, tone)]);

/** The rows around the selected one, with its marker. */
const listLines = (rows: readonly Line[], index: number, {width, height, glyphs}: Room): readonly Line[] => {
	const top = topOf(index, rows.length, height);
	return rows.slice(top, top + height).map((row, at): Line => {
		const isSelected = top + at === index;
		const line = fitLine(
			[span(isSelected ? ` ${glyphs.selected} ` : '   ', 'focus', true), ...row],
			width,
			glyphs.ellipsis,
		);
		return isSelected ? withLook(line, 'selection') : line;
	});
};

const keyState = (wizard: WizardState, offer: UpstreamOffer, words: Words['wizard']): Line => {
	const variable = variableOf(wizard, offer);
	if (offer.found === 'login' || !offer.needsKey) {
		return [span(offer.found === 'login' ? words.found.login : words.needsNoKey, 'muted')];
	}

	const isKnownSet = offer.isKeySet && variable === offer.keyVariable;
	return variable === undefined
		? [span(words.keyUnnamed, 'warn')]
		: isKnownSet
			? [span(words.keySet(variable), 'ok')]
			: [span(words.keyMissing(variable), 'muted')];
};

const titleCells = 22;

/** What Codex has says so within its title: what its key lacks is never cut. */
const foundTitle = ({title}: UpstreamOffer, {found}: Words['wizard']): Line => {
	const cells = titleCells - widthOf(found.codex) - 1;
	return [span(`${fitText(title, cells)} `, 'muted'), span(`${found.codex} `, 'info')];
};

const offerLine = (wizard: WizardState, offer: UpstreamOffer, words: Words['wizard']): Line => {
	const place = wizard.taken.findIndex(({id}) => id === offer.id);
	const mark = place < 0 ? '[ ]' : `[${place + 1}]`;
	return [
		span(fitText(mark, 4), place < 0 ? 'muted' : 'ok', place >= 0),
		span(`${fitText(offer.name, 16)} `, 'text', place >= 0),
		...(offer.found === 'codex' ? foundTitle(offer, words) : [span(`${fitText(offer.title, titleCells)} `, 'muted')]),
		...keyState(wizard, offer, words),
	];
};

interface Parts {
	readonly above: readonly Line[];
	/** Drawn in what is left. */
	readonly list: (height: number) => readonly Line[];
	readonly below: readonly Line[];
}

const stacked = ({above, list, below}: Parts, height: number): readonly Line[] => {
	const room = Math.max(1, height - above.length - below.length - 1);
	const shown = list(room);
	const gap = Array.from({length: Math.max(0, room - shown.length)}, (): Line => []);
	return [...above, [], ...shown, ...gap, ...below];
};

const upstreamLines = (wizard: WizardState, words: Words['wizard'], room: Room): readonly Line[] => {
	const {view, typing, problem} = wizard;
	const {width, height} = room;
	if (view === undefined) {
		return paragraph(problem ?? words.looking, width, problem === undefined ? 'muted' : 'error');
	}

	const offer = selectedOffer(wizard);
	const rows = view.offers.map(each => offerLine(wizard, each, words));
	const typed: readonly Line[] =
		typing === undefined || offer === undefined
			? []
			: [
					[
						span(` ${words.variable(offer.name)} `, 'accent', true),
						span(isVariable(typing) ? typing : '*'.repeat(widthOf(typing))),
						span('_', 'focus', true),
					],
				];
	const told =
		problem === undefined
			? typing === undefined && offer?.note !== undefined
				? paragraph(words.presetNote(offer.note), width, 'muted')
				: []
			: paragraph(problem, width, 'error');
	return stacked(
		{
			above: paragraph(words.upstreamsIntro, width),
			list: left => listLines(rows, wizard.index, {...room, height: left}),
			below: [...told.slice(0, 2), ...typed],
		},
		height,
	);
};

const choiceLines = (
	{intro, rows}: {readonly intro: string; readonly rows: readonly string[]},
	index: number,
	room: Room,
): readonly Line[] =>
	stacked(
		{
			above: paragraph(intro, room.width),
			list: height =>
				listLines(
					rows.map(row => [span(row)]),
					index,
					{...room, height},
				),
			below: [],
		},
		room.height,
	);

const reviewLines = (wizard: WizardState, words: Words['wizard'], room: Room): readonly Line[] => {
	const {text, problem, view} = wizard;
	if (text === undefined) {
		return paragraph(problem ?? words.looking, room.width, problem === undefined ? 'muted' : 'error');
	}

	const lines = text.split('\n').map((line): Line => [span(` ${line}`, line.startsWith('#') ? 'muted' : 'text')]);
	const intro = paragraph(words.reviewIntro(view?.path ?? ''), room.width);
	const told = problem === undefined ? [] : paragraph(problem, room.width, 'error');
	const height = Math.max(1, room.height - intro.length - told.length - 1);
	const top = Math.max(0, Math.min(wizard.index, lines.length - height));
	return [...intro, [], ...lines.slice(top, top + height), ...told];
};

const stepLines = (state: ScreenState, wizard: WizardState, room: Room): readonly Line[] => {
	const words = wordsOf(state).wizard;
	switch (wizard.step) {
		case 'upstreams': {
			return upstreamLines(wizard, words, room);
		}

		case 'codex': {
			const intro = words.codexIntro(wizard.view?.codexFile ?? '');
			return choiceLines({intro, rows: [words.codexYes, words.codexNo]}, wizard.index, room);
		}

		case 'theme': {
			return choiceLines({intro: words.themeIntro, rows: state.themeNames}, wizard.index, room);
		}

		case 'language': {
			const rows = languages.map(language => words.spoken[language]);
			return choiceLines({intro: words.languageIntro, rows}, wizard.index, room);
		}

		case 'review': {
			return reviewLines(wizard, words, room);
		}

		case 'written': {
			return paragraph(words.writtenIntro(wizard.view?.path ?? ''), room.width);
		}
	}
};

/** The form at the size of the body. */
export const wizardPane = (
	state: ScreenState,
	wizard: WizardState,
	{height, glyphs}: Pick<Room, 'height' | 'glyphs'>,
): readonly Line[] => {
	const words = wordsOf(state).wizard;
	const steps = askedSteps(wizard);
	const name = words.names[wizard.step];
	return framePane(
		{pane: 'facts', x: 0, y: 0, width: state.columns, height, isCollapsed: false},
		{
			title: wizard.step === 'written' ? name : words.title(steps.indexOf(wizard.step) + 1, steps.length, name),
			note: noteOf(wizard.taken.length === 0 ? undefined : [words.taken(wizard.taken.length), 'ok']),
			isFocused: true,
			glyphs,
			inside: (width, rows) => stepLines(state, wizard, {width, height: rows, glyphs}),
		},
	);
};

const keysOf = (
	wizard: WizardState,
	words: Words['wizard']['keys'],
): ReadonlyArray<readonly [key: string, does: string]> => {
	if (wizard.typing !== undefined) {
		return [
			['Enter', words.useName],
			['Esc', words.stopTyping],
		];
	}

	switch (wizard.step) {
		case 'upstreams': {
			return [
				['Space', words.take],
				['e', words.name],
				['Enter', words.goOn],
				['Esc', words.skip],
				['q', words.close],
			];
		}

		case 'review': {
			return [
				['Enter', words.write],
				['Esc', words.skipAll],
				[showKey('left'), words.back],
				['q', words.close],
			];
		}

		case 'written': {
			return [
				['Enter', words.start],
				['Esc', words.close],
			];
		}

		default: {
			return [
				['Enter', words.goOn],
				['Esc', words.skip],
				[showKey('left'), words.back],
				['q', words.close],
			];
		}
	}
};

/** The keys that the form takes, in place of the footer; what does not fit is left out. */
export const wizardFooter = (state: ScreenState, wizard: WizardState): Line => {
	let line: Line = [span(' ')];
	let cells = 1;
	for (const [key, does] of keysOf(wizard, wordsOf(state).wizard.keys)) {
		cells += widthOf(key) + widthOf(does) + 3;
		if (cells > state.columns) {
			break;
		}

		line = [...line, span(key, 'accent', true), span(` ${does}  `, 'muted')];
	}

	return fitLine(line, state.columns);
};
