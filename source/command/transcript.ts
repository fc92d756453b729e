import {CommandError, exitCode, type ExitCode} from '../base/errors.ts';
import {at, isRecord, numberAt, textAt} from '../base/json.ts';
import {sanitize, sanitizeLine} from '../base/sanitize.ts';
import {openHome, type Home} from '../config/home.ts';
import type {FileEdit, Transcript, TranscriptItem} from '../event/view.ts';
import {transcriptMarkdown} from '../observe/transcript-markdown.ts';
import {plainOf} from '../tui/text/line.ts';
import {startAnchor, TranscriptLayout} from '../tui/text/transcript-layout.ts';
import {unicodeGlyphs} from '../tui/theme/glyphs.ts';
import {tonesOfKind} from '../tui/transcript/block.ts';
import {loadReaderTools} from '../tui/transcript/reader-tools.ts';
import {clientHomesOf} from './client-homes.ts';
import {findControl, type ControlClient} from './control-client.ts';
import {openSessionsOf} from './session-open.ts';
import {readWords, usageErrorOf} from './arguments.ts';

const help = `Usage: codex-tui transcript ID [--markdown | --json]

  Prints a conversation. ID is a request that the running engine of this home remembers, or a session or thread of Codex or
  Claude Code, also of the past: then it comes from the client's own file. Credentials are masked as on the screen.

  --markdown   Markdown, for a file: the same as the key x in the screen writes
  --json       the blocks as JSON; fields are only ever added

Exit codes: 0 done · 1 failed · 2 wrong usage, or no such request or session.

Example:
  codex-tui transcript 01a9e3f0-7c11-7000-8000-00000000007c --markdown > talk.md
`;

/** What the command works with. */
export interface TranscriptCommandOptions {
	readonly env: NodeJS.ProcessEnv;
	readonly write: (text: string) => void;
	/** Cells of a printed line. */
	readonly columns: number;
}

interface Flags {
	readonly id: string;
	readonly form: 'text' | 'markdown' | 'json';
}

const wrongUsage = usageErrorOf('transcript');

const parse = (args: readonly string[]) => {
	const flag = {type: 'boolean'} as const;
	return readWords('transcript', args, {markdown: flag, json: flag, help: {type: 'boolean', short: 'h'}});
};

const readFlags = (args: readonly string[]): Flags | 'help' => {
	const {values, positionals} = parse(args);
	if (values.help === true) {
		return 'help';
	}

	const [id] = positionals;
	if (id === undefined || positionals.length > 1) {
		throw wrongUsage('transcript takes one request or session.');
	}

	if (values.markdown === true && values.json === true) {
		throw wrongUsage('--markdown and --json exclude each other.');
	}

	return {id, form: values.markdown === true ? 'markdown' : values.json === true ? 'json' : 'text'};
};

const isKind = (kind: string): kind is TranscriptItem['kind'] => Object.hasOwn(tonesOfKind, kind);

const editsOf = (item: unknown): readonly FileEdit[] => {
	const edits = at(item, 'edits');
	return (Array.isArray(edits) ? edits : []).map((edit: unknown) => {
		const before = at(edit, 'before');
		return {
			path: sanitizeLine(textAt(edit, 'path') ?? ''),
			before: typeof before === 'string' ? sanitize(before) : undefined,
			after: sanitize(textAt(edit, 'after') ?? ''),
		};
	});
};

/** A block as an engine of any version tells it; a kind that we do not know is a note. */
const itemOf = (item: unknown): TranscriptItem => {
	const kind = textAt(item, 'kind') ?? '';
	const title = textAt(item, 'title');
	const edits = editsOf(item);
	return {
		kind: isKind(kind) ? kind : 'note',
		title: title === undefined ? undefined : sanitizeLine(title),
		text: sanitize(textAt(item, 'text') ?? ''),
		isLive: at(item, 'isLive') === true,
		...(edits.length === 0 ? {} : {edits}),
	};
};

/** The engine's answer; undefined: it holds no such conversation. */
const askEngine = async (
	control: ControlClient,
	which: {readonly request: string} | {readonly session: string},
): Promise<Transcript | undefined> => {
	const answer = await control.read(`/api/v1/transcript?${new URLSearchParams(which).toString()}`);
	const items = at(answer, 'items');
	return isRecord(answer) && Array.isArray(items)
		? {
				requestId: textAt(answer, 'requestId') ?? '',
				sessionId: textAt(answer, 'sessionId'),
				items: items.map((item: unknown) => itemOf(item)),
				version: numberAt(answer, 'version') ?? 0,
				isLive: at(answer, 'isLive') === true,
				isTruncated: at(answer, 'isTruncated') === true,
			}
		: undefined;
};

/** What the client's own file holds of a thread; a beginning of its id will do where it fits one thread alone. */
const askFiles = async (home: Home, env: NodeJS.ProcessEnv, id: string): Promise<Transcript | undefined> => {
	const source = await openSessionsOf({home, ...clientHomesOf(env)});
	const {sessions} = await source.complete();
	const found = sessions.filter(({threadId}) => threadId.startsWith(id));
	const exact = found.find(({threadId}) => threadId === id);
	if (exact === undefined && found.length > 1) {
		throw wrongUsage(`"${id.slice(0, 60)}" fits ${found.length} sessions.`);
	}

	const threadId = exact?.threadId ?? found[0]?.threadId;
	const transcript = threadId === undefined ? undefined : await source.transcript(threadId);
	return transcript === undefined || 'unchanged' in transcript
		? undefined
		: {requestId: '', sessionId: threadId, isLive: false, ...transcript};
};

const find = async (home: Home, env: NodeJS.ProcessEnv, id: string): Promise<Transcript> => {
	const control = await findControl(home, env);
	// A client's file has all of its session; the engine only what its last request carried.
	const found =
		(control && (await askEngine(control, {request: id}))) ??
		(await askFiles(home, env, id)) ??
		(control && (await askEngine(control, {session: id})));
	if (found === undefined) {
		const where = control === undefined ? ' (no engine runs that could remember a request)' : '';
		throw new CommandError(
			exitCode.usage,
			'unknown-transcript',
			`There is no conversation of "${sanitizeLine(id.slice(0, 60))}"${where}; see \`codex-tui session list\` and \`codex-tui request list\`.`,
		);
	}

	return found;
};

/** What the screen shows, unfolded and without colours. */
const textOf = async (transcript: Transcript, columns: number): Promise<string> => {
	const layout = new TranscriptLayout();
	layout.use(await loadReaderTools());
	layout.resize(columns);
	layout.update(transcript);
	layout.blocks.setAllFolds(false);
	return layout
		.page(startAnchor, Number.POSITIVE_INFINITY, {glyphs: unicodeGlyphs})
		.map(line => plainOf(line).trimEnd())
		.join('\n');
};

/**
 * `codex-tui transcript ID`. Resolves with the exit code; throws `CommandError` (exit code 2: wrong usage, or nobody has such a conversation),
 * and the `RelayError` of an engine that does not answer.
 */
export const runTranscript = async (
	args: readonly string[],
	{env, write, columns}: TranscriptCommandOptions,
): Promise<ExitCode> => {
	const flags = readFlags(args);
	if (flags === 'help') {
		write(help.trimEnd());
		return exitCode.done;
	}

	const transcript = await find(await openHome(env), env, flags.id);
	write(
		flags.form === 'json'
			? JSON.stringify(transcript)
			: flags.form === 'markdown'
				? transcriptMarkdown(transcript).trimEnd()
				: await textOf(transcript, columns),
	);
	return exitCode.done;
};

const usualColumns = 100;

/** {@link runTranscript} on the real terminal. */
export const run = async (args: readonly string[]): Promise<ExitCode> =>
	await runTranscript(args, {
		env: process.env,
		write: text => console.log(text),
		columns: process.stdout.columns ?? usualColumns,
	});
