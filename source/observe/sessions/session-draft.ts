import path from 'node:path';
import type {Redact} from '../../base/redact.ts';
import {sanitizeLine} from '../../base/sanitize.ts';
import type {ClientFileFault, ClientSession, ClientTokens} from '../../event/client-session.ts';
import type {SessionFile} from './session-files.ts';

/** What is known of a session's file while its lines are read; a reader of lines fills it in. */
export interface SessionDraft {
	threadId: string | undefined;
	sessionId: string | undefined;
	parentId: string | undefined;
	origin: ClientSession['origin'];
	agent: string | undefined;
	version: string | undefined;
	provider: string | undefined;
	cwd: string | undefined;
	title: string | undefined;
	model: string | undefined;
	effort: string | undefined;
	/** ISO 8601, as the file has them. */
	startedAt: string | undefined;
	lastAt: string | undefined;
	turns: number;
	messages: number;
	errors: number;
	tokens: ClientTokens | undefined;
	/** Lines of a known format, and lines that are no JSON. */
	recognised: number;
	broken: number;
	tooLong: number;
}

/** Nothing read. */
export const emptyDraft = (): SessionDraft => ({
	threadId: undefined,
	sessionId: undefined,
	parentId: undefined,
	origin: 'main',
	agent: undefined,
	version: undefined,
	provider: undefined,
	cwd: undefined,
	title: undefined,
	model: undefined,
	effort: undefined,
	startedAt: undefined,
	lastAt: undefined,
	turns: 0,
	messages: 0,
	errors: 0,
	tokens: undefined,
	recognised: 0,
	broken: 0,
	tooLong: 0,
});

/** What else is to be said of the file. */
export interface DraftEnds {
	/** It ends in the middle of a line. */
	readonly isCut: boolean;
	/** Bytes between its first and last part. */
	readonly skippedBytes: number;
	/** Why it could not be read. */
	readonly refusal: string | undefined;
}

const longestTitle = 300;

const faultsOf = (draft: SessionDraft, file: SessionFile, ends: DraftEnds): readonly ClientFileFault[] => {
	const {refusal, isCut, skippedBytes} = ends;
	if (refusal !== undefined) {
		return [{kind: 'unreadable', count: 1, code: refusal}];
	}

	if (file.bytes === 0) {
		return [{kind: 'empty', count: 1}];
	}

	const counts: ReadonlyArray<readonly [ClientFileFault['kind'], number]> = [
		['unknown', draft.recognised === 0 ? 1 : 0],
		['cut', isCut ? 1 : 0],
		['long', draft.tooLong],
		['broken', draft.broken],
		['sampled', skippedBytes],
	];
	return counts.filter(([, count]) => count > 0).map(([kind, count]) => ({kind, count}));
};

/** The UUID at the end of a rollout's name, else the name. */
const idOf = (file: string): string => {
	const name = path.basename(file, '.jsonl');
	return /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.exec(name)?.[0] ?? name;
};

const timeOf = (text: string | undefined): number | undefined => {
	const ms = Date.parse(text ?? '');
	return Number.isNaN(ms) ? undefined : ms;
};

/** Sums and prices work with whole numbers, and a broken file may count anything. */
const whole = (count: number): number => Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.round(count)));

const countable = ({input, cacheRead, cacheWrite, output}: ClientTokens): ClientTokens => ({
	input: whole(input),
	cacheRead: whole(cacheRead),
	cacheWrite: whole(cacheWrite),
	output: whole(output),
});

/** The session of a file, fit to be shown. */
export const sessionOf = (
	draft: SessionDraft,
	{file, ends, redact}: {readonly file: SessionFile; readonly ends: DraftEnds; readonly redact: Redact},
): ClientSession => {
	const clean = (text: string | undefined): string | undefined =>
		text === undefined ? undefined : redact(sanitizeLine(text)).trim().slice(0, longestTitle) || undefined;
	const threadId = clean(draft.threadId ?? idOf(file.path)) ?? 'unknown';
	return {
		threadId,
		sessionId: clean(draft.sessionId) ?? threadId,
		client: file.client,
		origin: draft.origin,
		parentId: clean(draft.parentId),
		agent: clean(draft.agent),
		path: sanitizeLine(file.path),
		bytes: file.bytes,
		isArchived: file.isArchived,
		version: clean(draft.version),
		provider: clean(draft.provider),
		cwd: clean(draft.cwd),
		title: clean(draft.title),
		model: clean(draft.model),
		effort: clean(draft.effort),
		startedAtMs: timeOf(draft.startedAt),
		lastAtMs: timeOf(draft.lastAt) ?? Math.round(file.changedAtMs),
		turns: draft.turns,
		messages: draft.messages,
		errors: draft.errors,
		tokens: draft.tokens && countable(draft.tokens),
		nanoUsd: undefined,
		faults: faultsOf(draft, file, ends),
	};
};
