import {jsonBytes} from '../../base/utf8.ts';
import {ResponseIndex, type StoreLimits} from '../../translate/store/response-index.ts';
import {readStored, readStoredHead, writeStored, type StoredResponse} from '../../translate/store/stored-response.ts';
import {limits as roadLimits} from '../../wire/limits.ts';
import {tooLarge} from '../door/accept-body.ts';
import type {HistoryFiles} from './history-files.ts';

/** What a {@link ResponseStore} is made of. */
export interface ResponseStoreOptions {
	readonly limits: StoreLimits;
	/** Undefined: all of it is kept in memory. */
	readonly files: HistoryFiles | undefined;
	/** Wall clock. */
	readonly now: () => number;
}

/**
 * The answers that a client may name later (`previous_response_id`), in memory or on disk. Bodies in memory are bytes, not objects; on
 * disk only the index is in memory.
 */
export class ResponseStore {
	readonly #index: ResponseIndex;
	readonly #bodies = new Map<string, Buffer>();
	readonly #files: HistoryFiles | undefined;
	readonly #now: () => number;

	private constructor({limits, files, now}: ResponseStoreOptions) {
		this.#index = new ResponseIndex(limits);
		this.#files = files;
		this.#now = now;
	}

	/** Opens it, with what an earlier run left in the files. Rejects with what the file system says. */
	static async open(options: ResponseStoreOptions): Promise<ResponseStore> {
		const store = new ResponseStore(options);
		if (options.files) {
			await store.#load(options.files);
		}

		return store;
	}

	/** Responses that are kept now. */
	get size(): number {
		return this.#index.size;
	}

	/** Other limits from now on. */
	limit(limits: StoreLimits): void {
		this.#discard(this.#index.limit(limits, this.#now()));
	}

	/** Keeps a response; one that would take too much of the room is not kept. */
	put(stored: StoredResponse): void {
		const text = writeStored(stored);
		const {id} = stored.head;
		const bytes = jsonBytes(text);
		if (!this.#index.hasRoomFor(bytes.length)) {
			return;
		}

		if (this.#files) {
			if (!this.#files.write('sessions', id, text)) {
				return;
			}
		} else {
			this.#bodies.set(id, bytes);
		}

		this.#discard(this.#index.add(stored.head, bytes.length, this.#now()));
	}

	/**
	 * The responses up to this one, the first one first; undefined where one is not known to this owner. Counts as a use. Rejects with
	 * BodyError `body-too-large` where they are more than any request may be: they are not even read.
	 */
	async chain(id: string, owner: string): Promise<readonly StoredResponse[] | undefined> {
		const nowMs = this.#now();
		this.#discard(this.#index.expire(nowMs));
		const heads = this.#index.chain(id, owner, nowMs);
		if (heads !== undefined && this.#index.bytesOf(heads) > roadLimits.requestBodyBytes) {
			throw tooLarge(roadLimits.requestBodyBytes);
		}

		const chain: StoredResponse[] = [];
		for (const head of heads ?? []) {
			const stored = await this.#read(head.id);
			if (stored === undefined) {
				return undefined;
			}

			chain.push(stored);
		}

		this.#files?.touch('sessions', id, nowMs);
		return heads && chain;
	}

	/** One response of this owner. */
	async get(id: string, owner: string): Promise<StoredResponse | undefined> {
		this.#discard(this.#index.expire(this.#now()));
		return this.#index.find(id, owner) && this.#read(id);
	}

	/** Forgets one response of this owner; false where there is none. What came after it can be read, and not be continued. */
	delete(id: string, owner: string): boolean {
		if (!this.#index.find(id, owner)) {
			return false;
		}

		this.#index.remove(id);
		this.#discard([id]);
		return true;
	}

	async #read(id: string): Promise<StoredResponse | undefined> {
		const text = this.#files ? await this.#files.read('sessions', id) : this.#bodies.get(id)?.toString();
		const stored = text === undefined ? undefined : readStored(text);
		if (stored?.head.id !== id) {
			this.#index.remove(id);
			if (text !== undefined) {
				this.#files?.setAside('sessions', id);
			}

			return undefined;
		}

		return stored;
	}

	#discard(ids: readonly string[]): void {
		for (const id of ids) {
			this.#bodies.delete(id);
			this.#files?.remove('sessions', id);
		}
	}

	async #load(files: HistoryFiles): Promise<void> {
		const nowMs = this.#now();
		for (const {name, bytes, usedAtMs: changedAtMs} of await files.list('sessions')) {
			// A clock that was wrong once must not make all other files look old.
			const usedAtMs = Math.min(changedAtMs, nowMs);
			const head = readStoredHead(await files.readHead('sessions', name));
			if (head?.id === name) {
				this.#discard(this.#index.add(head, bytes, usedAtMs));
				// Files are noted as used only at the end of a chain: what lies before it was used as well.
				this.#index.chain(name, head.owner, usedAtMs);
			} else {
				files.setAside('sessions', name);
			}
		}

		this.#discard(this.#index.expire(this.#now()));
	}
}
