import type {SayingValues} from '../../event/plan-view.ts';
import type {TraceEntry} from '../../event/view.ts';
import {wordsOf, type Words} from '../language/words.ts';
import type {PaneBox} from '../layout.ts';
import {focusOf, listOf, selectedRequest} from '../store/selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {type Column} from '../table/columns.ts';
import {formatClock, formatClockMs, nameOfEndpoint} from '../text/format.ts';
import {span, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import type {Tone} from '../theme/theme.ts';
import {listNote} from './list-note.ts';
import {detailPane, factLines, listPane, noteOf, type Fact} from './pane.ts';
import {chainOf, howToBegin} from './requests-pane.ts';

const warnings: ReadonlySet<string> = new Set(['breaker-changed', 'reply-silent', 'candidate-saturated']);

const toneOf = ({kind, detail}: TraceEntry): Tone => {
	if (kind === 'attempt-end') {
		return detail['outcome'] === 'success' ? 'ok' : detail['outcome'] === 'cancelled' ? 'muted' : 'error';
	}

	return warnings.has(kind) ? 'warn' : kind.startsWith('route') ? 'accent' : 'text';
};

const columnsOf = ({trace: {columns, kind}, engine}: Words): ReadonlyArray<Column<TraceEntry>> => [
	{title: columns.time, width: 12, cell: row => span(formatClockMs(row.atMs), 'muted')},
	{title: columns.kind, width: 15, cell: row => span(kind(row.kind), toneOf(row))},
	{
		title: columns.target,
		width: 15,
		grow: 1,
		most: 20,
		// The sentence names it too.
		drop: 1,
		cell: row => span(nameOfEndpoint(row.endpointKey), row.endpointKey === undefined ? 'muted' : 'text'),
	},
	{title: columns.what, width: 40, grow: 5, cell: row => span(engine.trace(row))},
];

/** The pane of decisions that were taken for the selected request, in their order. */
export const tracePane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {trace: words, lists} = wordsOf(state);
	const list = listOf(state, 'trace');
	const request = selectedRequest(state);
	const isFocused = focusOf(state) === 'trace';
	const note = noteOf(
		list.isFollowing && list.total > 0 ? [`${lists.follow} ${glyphs.followDown}`, 'info'] : undefined,
		request === undefined ? undefined : [chainOf(request, glyphs).slice(0, 40), 'muted'],
	);
	const empty =
		request === undefined ? howToBegin(state) : list.total > 0 ? [words.noMatch] : [words.forgotten, words.selectNewer];
	return listPane(box, {
		title: request === undefined ? words.title : words.titleOf(glyphs.dot, formatClock(request.startedAtMs)),
		note: listNote(state, list, {extra: note}),
		isFocused,
		glyphs,
		...{rows: list.rows, selected: list.index},
		columns: () => columnsOf(wordsOf(state)),
		empty: empty,
	});
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null;

const isValues = (value: unknown): value is SayingValues =>
	isRecord(value) && Object.values(value).every(each => typeof each === 'string' || typeof each === 'number');

const textOf = (value: unknown): string =>
	typeof value === 'string' ? value : value === undefined ? '' : (JSON.stringify(value) ?? '');

const reasonOf = (reason: Readonly<Record<string, unknown>>, {engine}: Words): string => {
	const {code, text, values} = reason;
	return engine.reason({code: textOf(code), text: textOf(text), values: isValues(values) ? values : undefined});
};

const candidateFacts = (candidates: readonly unknown[], words: Words, glyphs: Glyphs): readonly Fact[] =>
	candidates.filter(isRecord).map((candidate, index): Fact => {
		const reasons = Array.isArray(candidate['reasons']) ? candidate['reasons'].filter(isRecord) : [];
		const isEligible = candidate['eligible'] === true;
		const said = reasons.map(reason => reasonOf(reason, words)).join('; ');
		return [
			index === 0 ? words.trace.facts.plan : '',
			`${isEligible ? glyphs.done : glyphs.failed} ${nameOfEndpoint(textOf(candidate['endpointKey']))}${said === '' ? '' : `  ${said}`}`,
			isEligible ? 'text' : 'muted',
		];
	});

/** The event's own fields as facts; a plan becomes one line per candidate with its reasons. */
const detailFacts = (detail: TraceEntry['detail'], words: Words, glyphs: Glyphs): readonly Fact[] =>
	Object.entries(detail)
		.filter(([key]) => !['type', 'requestId', 'atMs'].includes(key))
		.flatMap(([key, value]): readonly Fact[] => {
			const candidates = isRecord(value) ? value['candidates'] : key === 'candidates' ? value : undefined;
			return Array.isArray(candidates) ? candidateFacts(candidates, words, glyphs) : valueFacts(key, value, words);
		});

/** Fields in which the engine says something in a sentence. */
const spokenFields: ReadonlySet<string> = new Set(['reason', 'text']);

const spokenText = (name: string, value: unknown, {requests}: Words): string =>
	spokenFields.has(name) ? requests.said(textOf(value)) : textOf(value);

const fieldsText = (value: Readonly<Record<string, unknown>>, words: Words): string =>
	Object.entries(value)
		.filter(([, inner]) => inner !== undefined)
		.map(([name, inner]) => `${name} ${spokenText(name, inner, words)}`)
		.join('  ');

/** One value of a record. */
interface Leaf {
	readonly name: string;
	readonly text: string;
}

/** A line for each value in a field, however deep: `usage.input_tokens  3614`. */
const leafLines = (name: string, value: unknown, words: Words): readonly Leaf[] => {
	if (value === undefined) {
		return [];
	}

	if (Array.isArray(value) && !value.some(isRecord)) {
		return [{name, text: value.map(textOf).join(', ')}];
	}

	return isRecord(value)
		? Object.entries(value).flatMap(([inner, leaf]) => leafLines(`${name}.${inner}`, leaf, words))
		: [{name, text: spokenText(name.slice(name.lastIndexOf('.') + 1), value, words)}];
};

/** A ledger record has two dozen fields: one line each, or nobody reads them. So has each member of a list. */
const valueFacts = (key: string, value: unknown, words: Words): readonly Fact[] => {
	const leaves: readonly Leaf[] = Array.isArray(value)
		? value.map(member => ({name: '', text: isRecord(member) ? fieldsText(member, words) : textOf(member)}))
		: isRecord(value)
			? Object.entries(value).flatMap(([name, inner]) => leafLines(name, inner, words))
			: [{name: '', text: spokenText(key, value, words)}];
	return leaves.map(({name, text}, index): Fact => {
		const lead = name === '' ? '' : `${name}  `;
		return [index === 0 ? key : '', `${lead}${text}`, 'text', lead.length];
	});
};

/** The name by which the filter knows a decision, where the screen calls it by another. */
const eventName = ({kind}: TraceEntry, words: Words['trace']): readonly [string, Tone] | undefined =>
	words.kind(kind) === kind ? undefined : [kind, 'muted'];

/** The selected decision with all its fields. */
export const traceDetailPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {trace: words, engine} = wordsOf(state);
	const {facts} = words;
	const {selected: entry} = listOf(state, 'trace');
	return detailPane(state, box, {
		title: entry === undefined ? words.detail : words.kind(entry.kind),
		note: entry === undefined ? [] : noteOf(eventName(entry, words), [`#${entry.sequence}`, 'muted']),
		glyphs,
		empty: words.nothingSelected,
		lines:
			entry &&
			(width =>
				factLines(
					[
						[facts.what, engine.trace(entry), toneOf(entry)],
						[facts.target, entry.endpointKey],
						...detailFacts(entry.detail, wordsOf(state), glyphs).filter(([label]) => label !== 'endpointKey'),
						[facts.request, entry.requestId],
					],
					width,
				)),
	});
};
