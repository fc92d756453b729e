import type {TranscriptItem} from './view.ts';

/*
 * What the clients themselves wrote down of their sessions (codex-wire.md 4, claude-wire.md 5): plain values for the page Sessions and the
 * command. Every text has been sanitized and redacted. Times are wall-clock milliseconds.
 */

/** Something about a session's file that a reader of its figures must know. */
export interface ClientFileFault {
	/**
	 * `unreadable`: the file system refuses it; `unknown`: nothing in it is of a format that we know; `empty`: no byte in it; `cut`: it ends in the
	 * middle of a line; `long`: lines longer than any record were left out; `broken`: lines that are no JSON; `sampled`: too large, only its first and
	 * last part were read.
	 */
	readonly kind: 'unreadable' | 'unknown' | 'empty' | 'cut' | 'long' | 'broken' | 'sampled';
	/** Lines, or for `sampled` bytes that were not read; 1 for the others. */
	readonly count: number;
	/** The file system's code, such as `EACCES`. */
	readonly code?: string | undefined;
}

/** Tokens as a client counts them; `input` contains neither `cacheRead` nor `cacheWrite`, `output` contains the reasoning. */
export interface ClientTokens {
	readonly input: number;
	readonly cacheRead: number;
	readonly cacheWrite: number;
	readonly output: number;
}

/** One thread of a client: one file. */
export interface ClientSession {
	/** Unique: Codex's thread, Claude Code's session, or `agent-…` for a sub-agent of Claude Code. */
	readonly threadId: string;
	/** The thread group that the proxy knows it by. */
	readonly sessionId: string;
	readonly client: 'codex' | 'claude-code';
	readonly origin: 'main' | 'subagent' | 'fork';
	/** The thread that started it, or that it was forked from. */
	readonly parentId: string | undefined;
	/** What a sub-agent is called. */
	readonly agent: string | undefined;
	/** As it may be shown. */
	readonly path: string;
	readonly bytes: number;
	readonly isArchived: boolean;
	/** The client's version. */
	readonly version: string | undefined;
	/** The provider's name in the client's own configuration. */
	readonly provider: string | undefined;
	readonly cwd: string | undefined;
	/** The first words of its user, in one line. */
	readonly title: string | undefined;
	readonly model: string | undefined;
	readonly effort: string | undefined;
	readonly startedAtMs: number | undefined;
	readonly lastAtMs: number;
	/** What its user said, and what user and model said. */
	readonly turns: number;
	readonly messages: number;
	/** Turns that ended in an error that the client shows. */
	readonly errors: number;
	/** Undefined: the client told none. */
	readonly tokens: ClientTokens | undefined;
	/** What these tokens cost at list prices, in nanodollars; undefined: the model has no price. */
	readonly nanoUsd: number | undefined;
	readonly faults: readonly ClientFileFault[];
}

/** What is known by now. */
export interface ClientSessionsView {
	/** The one that was written last first. */
	readonly sessions: readonly ClientSession[];
	/** Files that there are; more than sessions where those were too many. */
	readonly fileCount: number;
	/** Files that are still to be read. */
	readonly unread: number;
	/** Folders that could not be looked through, each with the file system's code. */
	readonly unreadableFolders: ReadonlyArray<{readonly path: string; readonly code: string}>;
}

/** The conversation that a client's file holds. */
export interface ClientTranscript {
	readonly items: readonly TranscriptItem[];
	/** The beginning was left out: the file is larger than what is read. */
	readonly isTruncated: boolean;
	/** Changes with the file. */
	readonly version: number;
}

/** What a screen may ask about the clients' own records. */
export interface ClientSessionsLink {
	/** What is known by now; reading goes on. Never rejects for what a file holds. */
	readonly look: () => Promise<ClientSessionsView>;
	/**
	 * The end of a thread's conversation, `unchanged` where it is the version that is known; undefined: there is no such thread. Rejects where
	 * its file cannot be read.
	 */
	readonly transcript: (
		threadId: string,
		knownVersion?: number,
	) => Promise<ClientTranscript | {readonly unchanged: true} | undefined>;
}
