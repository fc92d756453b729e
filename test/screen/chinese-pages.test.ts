import {describe, expect, test} from 'vitest';
import {widthOf} from '../../source/base/text-width.ts';
import {frameLines} from '../../source/tui/frame/frame.ts';
import {chinese} from '../../source/tui/language/chinese/chinese.ts';
import {english} from '../../source/tui/language/english/english.ts';
import {pageNames, panesOfPage, type PageName, type ScreenState} from '../../source/tui/store/screen-state.ts';
import {plainOf} from '../../source/tui/text/line.ts';
import {unicodeGlyphs} from '../../source/tui/theme/glyphs.ts';
import {requestKinds} from '../../source/wire/names.ts';
import {sampleState, type Fill} from '../support/sample-state.ts';
import {sampleTranscript} from '../support/sample-transcript.ts';

const sizes = [
	[80, 24],
	[160, 48],
] as const;

const chineseState = (fill: Fill, page: PageName, size: readonly [number, number]): ScreenState => ({
	...sampleState(fill, page, size),
	language: 'zh-CN',
});

/** Every pane of a page with the focus and zoomed, so that all that it says is seen. */
const framesOf = (fill: Fill, page: PageName, size: readonly [number, number]): readonly (readonly string[])[] => {
	const state = chineseState(fill, page, size);
	const zoomed = panesOfPage[page].map(pane => ({...state, focus: {...state.focus, [page]: pane}, isZoomed: true}));
	return [state, ...zoomed].map(each => frameLines(each, unicodeGlyphs).map(plainOf));
};

/** All texts in a value. */
const textsIn = (value: unknown): readonly string[] =>
	typeof value === 'string'
		? [value]
		: typeof value === 'object' && value !== null
			? Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)])
			: [];

/**
 * What the data says: names, ids, and what upstreams and people said. Sentences of the program itself are not in it: what an incident, a check or
 * a setting says has its Chinese.
 */
const dataOf = ({routes, sessions, requests, incidents, trace, explain, ...rest}: ScreenState): string =>
	textsIn({
		...{routes, sessions, answer: explain.answer, imagined: explain.imagined},
		// What the engine says of a request and of a decision has its Chinese, its kind too.
		requests: requests.map(request => ({
			...{...request, note: undefined, kind: undefined},
			attempts: request.attempts.map(attempt => ({...attempt, reason: undefined})),
		})),
		trace: trace.map(({detail}) => detail),
		...{engine: rest.engine, brain: rest.brain, usage: rest.usage, view: rest.usagePage.view},
		incidents: incidents.map(({evidence, rule, scope}) => [evidence, rule, scope]),
		checks: rest.checks.map(({id, where, steps}) => [id, where, steps?.map(({name}) => name)]),
		settings: rest.settings.map(({key, stated, origin}) => [key, stated, origin]),
		...{sessionPage: rest.sessionPage, conversation: sampleTranscript('req_1'), commands: ['codex-tui switch on']},
	}).join('\n');

/** Whether a run of words is the data's own; two cells of a row may stand side by side. */
const isFrom = (data: string, run: string): boolean =>
	data.includes(run) ||
	[...run.matchAll(/ /g)].some(({index}) => data.includes(run.slice(0, index)) && data.includes(run.slice(index + 1)));

const valuesIn = (value: unknown): readonly string[] =>
	typeof value === 'string'
		? [value]
		: typeof value === 'object' && value !== null
			? Object.values(value).flatMap(valuesIn)
			: [];

const chineseWords = new Set(valuesIn(chinese));

/** Words of the catalogue that are not the same in Chinese, as names are, and no name of a key or of Codex: what must not stand on a Chinese screen. */
const englishWords = [...new Set(valuesIn(english))].filter(
	text => /[A-Za-z]{3}/.test(text) && text.length > 3 && !/^(?:Enter|Codex)$/.test(text) && !chineseWords.has(text),
);

describe.each(sizes)('in Chinese at %ix%i', (columns, rows) => {
	test.each(pageNames)('every pane of %s fills exactly its cells', page => {
		for (const lines of [...framesOf('full', page, [columns, rows]), ...framesOf('empty', page, [columns, rows])]) {
			expect(lines.length).toBe(rows);
			expect(lines.map(widthOf).filter(width => width !== columns)).toEqual([]);
		}
	});

	test.each(pageNames)('no English is left on %s but what comes from the data', page => {
		const data = dataOf(chineseState('full', page, [columns, rows]));
		const screens = (['full', 'empty'] as const)
			.flatMap(fill => framesOf(fill, page, [columns, rows]))
			.map(lines => lines.join('\n'));
		const sentences = screens.flatMap(
			screen => screen.match(/(?<![\dA-Za-z])[A-Za-z][A-Za-z']*(?: [A-Za-z][A-Za-z']*){2,}/g) ?? [],
		);
		expect([...new Set(sentences)].filter(sentence => !isFrom(data, sentence))).toEqual([]);
		const words = englishWords.filter(word => screens.some(screen => screen.includes(` ${word} `)));
		expect(words.filter(word => !data.includes(word))).toEqual([]);
	});

	test.each(['dash', 'sessions', 'requests'] as const)('what requests are for is said in Chinese on %s', page => {
		const screens = framesOf('full', page, [columns, rows]).map(lines => lines.join('\n'));
		expect(requestKinds.filter(kind => screens.some(screen => screen.includes(` ${kind} `)))).toEqual([]);
	});
});

test('a fault of the file is said in Chinese on Settings, below the list, beside it and where there is no list', () => {
	const state = chineseState('full', 'settings', [160, 48]);
	const fault = '/c.toml:3:8: retry.sends is 99, but it takes a whole number from 1 to 64.';
	const settingsPage = {...state.settingsPage, fault, notice: undefined, isRead: true};
	for (const settings of [state.settings, []]) {
		const screen = frameLines({...state, settings, settingsPage}, unicodeGlyphs)
			.map(plainOf)
			.join('\n');
		expect(screen).toContain('retry.sends 是 99，应为 1 到 64 的整数');
		expect(screen).not.toContain('whole number');
	}
});
