import type {Redact} from '../../base/redact.ts';
import type {ClientSession, ClientSessionsLink, ClientSessionsView, ClientTokens} from '../../event/client-session.ts';
import {SessionFileReader} from './session-file-reader.ts';
import {findSessionFiles, type ClientHomes, type FoundFiles, type SessionFile} from './session-files.ts';
import {readSessionTranscript} from './session-transcript.ts';

/** What a {@link ClientSessionSource} needs. */
export interface ClientSessionSourceOptions extends ClientHomes {
	readonly redact: Redact;
	/** What tokens of a model cost at list prices, in nanodollars; undefined: nobody knows. */
	readonly price?: (model: string, tokens: ClientTokens) => number | undefined;
	/** Folders are looked through at most this often. */
	readonly refreshMs?: number;
	/** How many of the newest files are read; the others are only counted. */
	readonly most?: number;
	/** How long {@link ClientSessionSource.look} waits for the disk. */
	readonly patienceMs?: number;
}

const usualMost = 300;
const usualPatienceMs = 80;
const usualRefreshMs = 3000;

interface Known {
	readonly file: SessionFile;
	readonly reader: SessionFileReader;
}

/**
 * The clients' own records of their sessions, on the thread of whoever looks. Nothing is read before the first question; then the newest files
 * are, a block at a time, and again what is new of them. Nothing is ever written.
 */
export class ClientSessionSource implements ClientSessionsLink {
	readonly #options: ClientSessionSourceOptions;
	#known = new Map<string, Known>();
	#found: FoundFiles = {files: [], unreadableFolders: []};
	#reading: Promise<void> | undefined;
	#readAtMs = Number.NEGATIVE_INFINITY;

	constructor(options: ClientSessionSourceOptions) {
		this.#options = options;
	}

	readonly look = async (): Promise<ClientSessionsView> => {
		const isFresh = performance.now() - this.#readAtMs < (this.#options.refreshMs ?? usualRefreshMs);
		if (isFresh && this.#reading === undefined) {
			return this.#view();
		}

		const pause = Promise.withResolvers<void>();
		const timer = setTimeout(pause.resolve, this.#options.patienceMs ?? usualPatienceMs);
		await Promise.race([this.#readOnce(), pause.promise]);
		clearTimeout(timer);
		return this.#view();
	};

	/** The answer after everything was read. */
	async complete(): Promise<ClientSessionsView> {
		await this.#readOnce();
		return this.#view();
	}

	readonly transcript: ClientSessionsLink['transcript'] = async (threadId, knownVersion) => {
		const known = [...this.#known.values()].find(({reader}) => reader.session?.threadId === threadId);
		return known?.file.bytes === knownVersion
			? known && {unchanged: true}
			: known && (await readSessionTranscript(known.file, this.#options.redact));
	};

	#readOnce(): Promise<void> {
		this.#reading ??= this.#read().finally(() => {
			this.#reading = undefined;
			this.#readAtMs = performance.now();
		});
		return this.#reading;
	}

	async #read(): Promise<void> {
		this.#found = await findSessionFiles(this.#options);
		const newest = this.#found.files.slice(0, this.#options.most ?? usualMost);
		this.#known = new Map(
			newest.map(file => [
				file.path,
				{file, reader: this.#known.get(file.path)?.reader ?? new SessionFileReader(this.#options.redact)},
			]),
		);
		for (const {file, reader} of this.#known.values()) {
			if (!reader.isCurrent(file)) {
				await reader.read(file);
			}
		}
	}

	#view(): ClientSessionsView {
		const known = [...this.#known.values()];
		const {price} = this.#options;
		const sessions = known
			.flatMap(({reader}) => reader.session ?? [])
			.map(session =>
				price && session.model !== undefined && session.tokens
					? {...session, nanoUsd: price(session.model, session.tokens)}
					: session,
			);
		return {
			sessions: withoutTwins(sessions).toSorted((left, right) => right.lastAtMs - left.lastAtMs),
			fileCount: this.#found.files.length,
			unread: known.length - sessions.length,
			unreadableFolders: this.#found.unreadableFolders,
		};
	}
}

/** A thread that is archived while it is read stands in two files for a moment: the newer one counts. */
const withoutTwins = (sessions: readonly ClientSession[]): readonly ClientSession[] => {
	const byThread = new Map<string, ClientSession>();
	for (const session of sessions) {
		const twin = byThread.get(session.threadId);
		if (twin === undefined || twin.lastAtMs < session.lastAtMs) {
			byThread.set(session.threadId, session);
		}
	}

	return [...byThread.values()];
};
