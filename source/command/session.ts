import {CommandError, exitCode, type ExitCode} from '../base/errors.ts';
import {openHome} from '../config/home.ts';
import {english} from '../tui/language/english/english.ts';
import {factLines} from '../tui/panes/pane.ts';
import {sessionFacts, titleOfSession} from '../tui/panes/session-facts.ts';
import {formatUsd} from '../tui/panes/usage-format.ts';
import {parseFilter} from '../tui/store/filter.ts';
import {
	costOfRow,
	endpointOfRow,
	requestsOfRow,
	sessionFields,
	sessionFieldsOf,
	tokensOfRow,
	type SessionRow,
} from '../tui/store/session-rows.ts';
import {formatAge, formatCount, nameOfEndpoint} from '../tui/text/format.ts';
import {plainOf} from '../tui/text/line.ts';
import {unicodeGlyphs} from '../tui/theme/glyphs.ts';
import {needControl} from './routing-control.ts';
import {readSessionFlags, wrongSession, type SessionFlags} from './session-flags.ts';
import {readNext, readSessions, type JoinedSessions} from './session-join.ts';
import {sessionJson} from './session-json.ts';

const help = `Usage: codex-tui session VERB [flags]      the sessions of Codex and Claude Code, live and of the past

  list               the newest first, sub-agents and forks below their thread, with tokens and cost
  show ID            all that is known of one: where it goes and why, what was changed, what it used, its file
  override ID        what its next requests ask for: --model, --effort, --tier, --profile; "-" is the client's own
  reset ID           take every override and the pin of it away

ID may be the beginning of one. The clients' own files are read and never written; the ledger says what went through the
engine. Only override and reset need an engine that runs.

Flags:
  --filter TEXT  list: rows that match, as in the screen: client:claude, cwd:api, model:gpt, live>0, cost>0.5, -word
  --live         list: only those that the running engine saw
  --limit N      list: so many rows at most (default 40)
  --json         JSON; fields are only ever added

Exit codes: 0 done · 1 failed, or no engine runs · 2 wrong usage, or no such session.

Example:
  codex-tui session list --filter cwd:api && codex-tui session override 01a9e3 --effort xhigh
`;

/** What the command works with. */
export interface SessionCommandOptions {
	readonly env: NodeJS.ProcessEnv;
	readonly write: (text: string) => void;
	/** Wall clock, milliseconds. */
	readonly nowMs: number;
}

interface Context extends SessionCommandOptions {
	readonly joined: JoinedSessions;
}

const costText = (row: SessionRow): string => {
	const cost = costOfRow(row);
	return cost === undefined ? '-' : `${cost.isEstimate ? '~' : ''}${formatUsd(cost.nanoUsd)}`;
};

const marked = (override: string | undefined, own: string | undefined): string =>
	override === undefined ? (own ?? '-') : `${override}*`;

const listRow = (row: SessionRow, nowMs: number) => ({
	SESSION: `${'  '.repeat(row.depth)}${row.key}`,
	WHAT: titleOfSession(row, english).slice(0, 44),
	CLIENT: row.client,
	MODEL: marked(row.override?.model, row.model),
	EFFORT: marked(row.override?.effort, row.effort),
	UPSTREAM: nameOfEndpoint(row.pin?.pin.endpointKey ?? endpointOfRow(row)),
	SEEN: row.liveRequests > 0 ? 'live' : `${formatAge(nowMs - row.lastSeenAtMs)} ago`,
	REQ: String(requestsOfRow(row) ?? '-'),
	TOKENS: formatCount(tokensOfRow(row)),
	COST: costText(row),
});

const list = async ({joined, write, nowMs}: Context, {filter, limit, json}: SessionFlags): Promise<void> => {
	const {matches, problem} = parseFilter(filter, sessionFields);
	if (problem !== undefined) {
		throw wrongSession(problem);
	}

	const rows = joined.rows.filter(row => matches(sessionFieldsOf(row))).slice(0, limit);
	if (json) {
		write(JSON.stringify({sessions: rows.map(row => sessionJson(row)), files: joined.files.fileCount}));
		return;
	}

	const {printedTable} = await import('../tui/table/ink-table.ts');
	const shown = rows.map(row => listRow(row, nowMs));
	write(rows.length === 0 ? 'There is no such session.' : printedTable(shown, Object.keys(shown[0] ?? {})));
};

/** The one row that an id, or its beginning, means. Throws CommandError `unknown-session` (exit code 2). */
const findRow = (rows: readonly SessionRow[], id: string): SessionRow => {
	const found = rows.filter(({key}) => key === id || key.startsWith(id));
	const row = found.find(({key}) => key === id) ?? found[0];
	if (row === undefined) {
		throw new CommandError(
			exitCode.usage,
			'unknown-session',
			`There is no session "${id.slice(0, 60)}"; see \`codex-tui session list\`.`,
		);
	}

	if (row.key !== id && found.length > 1) {
		throw wrongSession(`"${id.slice(0, 60)}" fits ${found.length} sessions: ${found[0]?.key}, ${found[1]?.key}, …`);
	}

	return row;
};

const shownWidth = 100;

const show = async ({joined, write}: Context, {id, json}: SessionFlags): Promise<void> => {
	const row = findRow(joined.rows, id);
	const answer = await readNext(joined.control, row);
	if (json) {
		write(JSON.stringify({...sessionJson(row), next: answer ?? null}));
		return;
	}

	const {usage} = joined;
	const next = answer && {sessionId: row.sessionId, answer};
	const facts = sessionFacts(row, {language: 'en', requests: [], sessionPage: {usage, next}}, unicodeGlyphs);
	write(
		factLines(facts, shownWidth)
			.map(line => plainOf(line).trimEnd())
			.join('\n'),
	);
};

/** Overrides are of a session: a sub-agent's own id would never be asked for. */
const findMain = (rows: readonly SessionRow[], id: string): SessionRow => {
	const row = findRow(rows, id);
	if (row.origin === 'subagent') {
		throw wrongSession(`${row.key} is a sub-agent and follows its session ${row.sessionId}.`);
	}

	return row;
};

const override = async ({joined, write, env}: Context, {id, fields, json}: SessionFlags): Promise<void> => {
	const control = await needControl(env);
	const {service, sessionId} = findMain(joined.rows, id);
	const entries = Object.entries(fields).map(([name, value]) => [name, value === '-' ? null : value] as const);
	const wish = {service, session: sessionId, ...Object.fromEntries(entries)};
	await control.change('/api/v1/overrides', wish);
	const changes = entries.map(([name, value]) =>
		value === null ? `${name} is the client's own` : `${name} is ${value}`,
	);
	const sentence = `From the next request of the session ${sessionId} on: ${changes.join(', ')}.`;
	write(json ? JSON.stringify({action: 'override', ...wish}) : sentence);
};

const reset = async ({joined, write, env}: Context, {id, json}: SessionFlags): Promise<void> => {
	const control = await needControl(env);
	const {service, sessionId, override: changed, pin} = findMain(joined.rows, id);
	const isChanged = changed !== undefined || pin !== undefined;
	if (changed !== undefined) {
		await control.change('/api/v1/overrides', {service, session: sessionId, clear: true, profile: null});
	}

	if (pin !== undefined) {
		await control.change('/api/v1/pin', {service, session: sessionId, endpoint: null});
	}

	const sentence = isChanged
		? `Nothing of the session ${sessionId} is overridden or pinned any more.`
		: `Nothing to change: nothing of the session ${sessionId} is overridden or pinned.`;
	write(json ? JSON.stringify({action: 'reset', service, session: sessionId, changed: isChanged}) : sentence);
};

const runVerb: Readonly<Record<SessionFlags['verb'], (context: Context, flags: SessionFlags) => Promise<void>>> = {
	list,
	show,
	override,
	reset,
};

/**
 * `codex-tui session VERB`. Resolves with the exit code; throws `CommandError` (exit code 2: wrong usage or an unknown session; 1: no engine
 * runs where one is needed), and the `RelayError` of an engine that refuses or does not answer.
 */
export const runSession = async (args: readonly string[], options: SessionCommandOptions): Promise<ExitCode> => {
	const flags = readSessionFlags(args);
	if (flags === 'help') {
		options.write(help.trimEnd());
		return exitCode.done;
	}

	const home = await openHome(options.env);
	const joined = await readSessions(home, {...options, isLive: flags.live});
	await runVerb[flags.verb]({...options, joined}, flags);
	return exitCode.done;
};

/** `codex-tui session`. */
export const run = async (args: readonly string[]): Promise<ExitCode> =>
	await runSession(args, {env: process.env, write: text => console.log(text), nowMs: Date.now()});
