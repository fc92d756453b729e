import type {ClientFileFault, ClientSession} from '../../event/client-session.ts';
import type {ExplainView} from '../../event/explain.ts';
import {allTokens, errorsOf} from '../../observe/usage/tally.ts';
import {fitText, widthOf} from '../../base/text-width.ts';
import {wordsOf, type Words} from '../language/words.ts';
import {clientTotal, type SessionRow} from '../store/session-rows.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {formatClock, formatCount, formatDuration, formatFolder, nameOfEndpoint} from '../text/format.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import type {Fact} from './pane.ts';
import {formatUsd} from './usage-format.ts';

/* All that is known of one session, fact by fact: where it goes and why, what was changed, what it used and who says so. */

/** What facts are made from beside the row itself. */
type FactState = Pick<ScreenState, 'language' | 'requests'> & {
	readonly sessionPage: Pick<ScreenState['sessionPage'], 'usage' | 'next'>;
};

const shownRequests = 30;

/** Filled to a number of cells; what is longer is not cut. */
const padded = (text: string, cells: number): string => fitText(text, Math.max(cells, widthOf(text)));

/** Whether a request belongs to a row: a sub-agent has its thread's, a session those of all its threads. */
const isOfRow =
	({key, sessionId, origin}: SessionRow) =>
	(request: ScreenState['requests'][number]): boolean =>
		origin === 'subagent' ? request.threadId === key : request.sessionId === sessionId;

/** The newest requests of a session, with what became of each. */
const recentRequests = (row: SessionRow, state: FactState, glyphs: Glyphs): readonly Fact[] =>
	state.requests
		.filter(isOfRow(row))
		.slice(0, shownRequests)
		.map(({state: at, startedAtMs, kind, endpointKey, durationMs, note}, index): Fact => {
			const isGood = at === 'success' || at === 'running';
			const glyph = at === 'running' ? glyphs.running : isGood ? glyphs.done : glyphs.failed;
			const parts = [
				formatClock(startedAtMs),
				glyph,
				padded(kind === undefined ? '' : wordsOf(state).requests.kind(kind), 8),
				padded(nameOfEndpoint(endpointKey), 9),
				formatDuration(durationMs).padStart(6),
				note === undefined ? '' : wordsOf(state).requests.said(note),
			];
			return [
				index === 0 ? wordsOf(state).sessions.facts.requests : '',
				parts.join(' ').trimEnd(),
				isGood ? 'muted' : 'error',
			];
		});

const changeFacts = ({override, pin, model, effort}: SessionRow, state: FactState): readonly Fact[] => {
	const {sessionPage: words} = wordsOf(state);
	const {facts, field} = words;
	const changed = [
		override?.model === undefined ? undefined : words.overridden(field.model, override.model, model),
		override?.effort === undefined ? undefined : words.overridden(field.effort, override.effort, effort),
		override?.tier === undefined ? undefined : words.overridden(field.tier, override.tier, undefined),
	];
	const name = nameOfEndpoint(pin?.pin.endpointKey);
	const until = pin?.pin.untilMs;
	const pinned = pin && (pin.pin.mode === 'only' ? words.pinOnly : words.pinPrefer)(name);
	return [
		[facts.override, changed.filter(text => text !== undefined).join('\n'), 'accent'],
		[facts.profile, override?.profile && words.profileApplied(override.profile), 'accent'],
		[facts.pin, pinned && pinned + (until === undefined ? '' : words.until(formatClock(until))), 'accent'],
	];
};

const answerFor = ({sessionId}: SessionRow, {sessionPage: {next}}: FactState): ExplainView | undefined =>
	next?.sessionId === sessionId ? next.answer : undefined;

/** The codes of codex-helper.md 1.5 in words. */
const tieReason = (code: string, state: FactState): string => {
	const {served, failoverAfter} = wordsOf(state).sessionPage;
	return code === 'first_success' || code === 'target_changed'
		? served[code]
		: failoverAfter(code.replace(/^failover_after_/, '').replaceAll('_', ' '));
};

const routeFacts = (row: SessionRow, state: FactState): readonly Fact[] => {
	const {sessions, sessionPage: words} = wordsOf(state);
	const {engine, affinity} = row;
	const answer = answerFor(row, state);
	const tied =
		affinity &&
		words.tiedTo(
			nameOfEndpoint(affinity.endpointKey),
			formatClock(affinity.lastChangedAtMs),
			tieReason(affinity.changeReason, state),
		);
	return [
		[sessions.facts.route, engine?.endpointKey && nameOfEndpoint(engine.endpointKey)],
		[words.facts.next, answer && (answer.chosen ?? words.nowhere), answer?.chosen === undefined ? 'error' : 'accent'],
		[words.facts.affinity, tied],
	];
};

/** The steps of the decision. */
const whyFact = (row: SessionRow, state: FactState): Fact => {
	const {sessionPage, engine} = wordsOf(state);
	const steps = (answerFor(row, state)?.steps ?? []).map(
		(step): string => `${step.mark === 'no' ? '- ' : ''}${engine.subject(step.subject)}: ${engine.step(step)}`,
	);
	return [sessionPage.facts.why, steps.join('\n'), 'muted'];
};

/** What went through the proxy: by the ledger, or where that was not read by what the engine saw; undefined: not known. */
const seenTokens = ({tally, engine}: SessionRow, {sessionPage: {usage}}: FactState): number | undefined =>
	tally !== undefined
		? allTokens(tally)
		: engine !== undefined
			? engine.inputTokens + engine.outputTokens
			: usage !== undefined && usage.rowCount <= usage.rows.length && !usage.coverage.isReading
				? 0
				: undefined;

/** What the ledger has beside what the client says: where they differ, the reader is told who saw what. */
const coverage = (row: SessionRow, state: FactState): Fact => {
	const {sessionPage: words} = wordsOf(state);
	const {clientTokens = 0} = row;
	const seen = seenTokens(row, state);
	if (clientTokens === 0 || seen === undefined) {
		return [words.facts.covered, undefined];
	}

	const percent = Math.round((seen / clientTokens) * 100);
	const isSame = percent >= 99 && percent <= 101;
	const text = isSame
		? words.sameTokens
		: seen === 0
			? words.sawNothing
			: percent < 99
				? words.sawPart(percent)
				: words.sawMore(percent);
	return [words.facts.covered, text, isSame ? 'muted' : 'warn'];
};

const costFact = ({tally, file}: SessionRow, state: FactState): Fact => {
	const {sessionPage: words} = wordsOf(state);
	const ledger =
		tally === undefined || tally.priced === 0
			? undefined
			: (tally.unpriced + tally.partlyPriced > 0 ? words.costPartly : words.costOfLedger)(formatUsd(tally.nanoUsd));
	const client = file?.nanoUsd === undefined ? undefined : words.costEstimated(formatUsd(file.nanoUsd));
	const told = [ledger, client].filter(text => text !== undefined);
	const isAsked = tally !== undefined || file?.tokens !== undefined;
	return [words.facts.cost, told.length > 0 ? told.join('\n') : isAsked ? words.noCost : undefined];
};

const usageFacts = (row: SessionRow, state: FactState): readonly Fact[] => {
	const {sessions, sessionPage: words} = wordsOf(state);
	const {tally, engine, file} = row;
	const tokens = file?.tokens;
	const failed = [tally === undefined ? 0 : errorsOf(tally), file?.errors ?? 0] as const;
	const seen: Fact | undefined = engine && [
		sessions.facts.tokens,
		sessions.tokens(formatCount(engine.inputTokens), formatCount(engine.outputTokens)),
	];
	return [
		...(tally === undefined && seen !== undefined ? [seen] : []),
		[words.facts.ledger, tally && words.counted(tally.requests, formatCount(allTokens(tally)))],
		[
			words.facts.client,
			tokens && file && words.clientCounted(formatCount(clientTotal(file)), formatCount(tokens.cacheRead)),
		],
		coverage(row, state),
		costFact(row, state),
		[words.facts.errors, failed[0] + failed[1] === 0 ? undefined : words.failed(...failed), 'error'],
	];
};

/** What a fault of a file means for what is shown of it. */
const faultText = ({kind, count, code}: ClientFileFault, state: FactState): string =>
	wordsOf(state).sessionPage.faults[kind](count, code ?? '');

const fileFacts = (file: ClientSession | undefined, state: FactState): readonly Fact[] => {
	const {sessionPage: words} = wordsOf(state);
	const {facts, origin, kind} = words;
	return file === undefined
		? []
		: [
				[facts.kind, kind(origin[file.origin], file.agent, file.version)],
				[facts.parent, file.parentId],
				[facts.messages, file.messages === 0 ? undefined : words.said(file.messages, file.turns)],
				[facts.file, file.path, 'muted'],
				...file.faults.map((fault): Fact => [facts.note, faultText(fault, state), 'warn']),
			];
};

/** What a session is about, in one line: its first words, what is wrong with its file, or where it works. */
export const titleOfSession = ({title, origin, file, engine, cwd}: SessionRow, {sessionPage}: Words): string => {
	const who = origin === 'main' ? undefined : (file?.agent ?? sessionPage.origin[origin]);
	const [fault] = file?.faults ?? [];
	const text =
		title ??
		(engine === undefined && fault !== undefined
			? sessionPage.faults[fault.kind](fault.count, fault.code ?? '')
			: formatFolder(cwd));
	return who === undefined ? text : `${who}: ${text}`;
};

/** Every fact of a session, the ones that a user came for first. */
export const sessionFacts = (row: SessionRow, state: FactState, glyphs: Glyphs): readonly Fact[] => {
	const {sessions, sessionPage} = wordsOf(state);
	const {facts, effort, seen} = sessions;
	const {engine} = row;
	const model = [row.model, row.effort === undefined ? undefined : effort(row.effort)];
	return [
		[sessionPage.facts.title, row.title],
		[facts.session, row.sessionId === row.key ? row.key : `${row.key}\n${row.sessionId}`],
		[facts.folder, row.cwd],
		[facts.model, model.filter(text => text !== undefined).join('  ')],
		...changeFacts(row, state),
		...routeFacts(row, state),
		...usageFacts(row, state),
		whyFact(row, state),
		[facts.threads, engine && String(engine.threads)],
		[
			facts.seen,
			engine &&
				seen(
					[formatClock(engine.firstSeenAtMs), formatClock(engine.lastSeenAtMs)],
					engine.requests,
					engine.liveRequests,
				),
		],
		...fileFacts(row.file, state),
		...recentRequests(row, state, glyphs),
	];
};
