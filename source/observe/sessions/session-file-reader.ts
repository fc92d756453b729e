import {open, type FileHandle} from 'node:fs/promises';
import {codeOf} from '../../base/errors.ts';
import type {Redact} from '../../base/redact.ts';
import type {ClientSession} from '../../event/client-session.ts';
import {LineCutter} from '../usage/line-cutter.ts';
import {createClaudeLines} from './claude-lines.ts';
import {createCodexLines} from './codex-lines.ts';
import {emptyDraft, sessionOf, type SessionDraft} from './session-draft.ts';
import type {SessionFile} from './session-files.ts';

/** Blocks are small, so that nothing else waits for the parsing of one: other work has its turn while the next is read. */
const blockBytes = 128 * 1024;

/** Of a larger file only the first and the last part are read, each of this size. */
const wholeBytes = 8 * 1024 * 1024;
const partBytes = 512 * 1024;

/**
 * Reads one session's file into a session; what was read is kept, so that a file that grew costs its new lines only. A file that became
 * another one (smaller, or with another inode) is read anew. Nothing that a file holds makes it throw.
 */
export class SessionFileReader {
	readonly #redact: Redact;
	#draft: SessionDraft = emptyDraft();
	#cutter: LineCutter;
	#inode = -1;
	#position = 0;
	#skippedBytes = 0;
	#refusal: string | undefined;
	#session: ClientSession | undefined;
	#stamp = '';

	constructor(redact: Redact) {
		this.#redact = redact;
		this.#cutter = this.#newCutter('codex');
	}

	/** What was read last; undefined before the first time. */
	get session(): ClientSession | undefined {
		return this.#session;
	}

	/** Whether the file is as it was when it was read. */
	isCurrent({bytes, changedAtMs, inode}: SessionFile): boolean {
		return this.#stamp === `${inode} ${bytes} ${changedAtMs}`;
	}

	/** Reads what is new of the file. */
	async read(file: SessionFile): Promise<void> {
		const {inode, bytes, changedAtMs, client} = file;
		if (inode !== this.#inode || bytes < this.#position || this.#refusal !== undefined) {
			this.#draft = emptyDraft();
			this.#cutter = this.#newCutter(client);
			this.#position = 0;
			this.#skippedBytes = 0;
			this.#inode = inode;
		}

		this.#refusal = await this.#readBlocks(file);
		this.#stamp = `${inode} ${bytes} ${changedAtMs}`;
		const ends = {isCut: this.#cutter.hasRest, skippedBytes: this.#skippedBytes, refusal: this.#refusal};
		this.#session = sessionOf(this.#draft, {file, ends, redact: this.#redact});
	}

	async #readBlocks(file: SessionFile): Promise<string | undefined> {
		let handle: FileHandle | undefined;
		try {
			handle = await open(file.path, 'r');
			const isLarge = file.bytes > wholeBytes && this.#position === 0;
			await this.#readTo(handle, isLarge ? partBytes : file.bytes);
			if (isLarge) {
				this.#jump(file);
				await this.#readTo(handle, file.bytes);
			}

			return undefined;
		} catch (error) {
			return codeOf(error) ?? 'EIO';
		} finally {
			await handle?.close();
		}
	}

	async #readTo(handle: FileHandle, end: number): Promise<void> {
		while (this.#position < end) {
			const length = Math.min(blockBytes, end - this.#position);
			const {bytesRead, buffer} = await handle.read(Buffer.alloc(length), 0, length, this.#position);
			if (bytesRead === 0) {
				return;
			}

			this.#position += bytesRead;
			this.#cutter.push(buffer.subarray(0, bytesRead));
		}
	}

	/** What waits for its rest, and what the last part begins with, are two halves of different lines: neither counts. */
	#jump({bytes, client}: SessionFile): void {
		const from = bytes - partBytes;
		this.#skippedBytes = from - this.#position;
		this.#position = from;
		this.#cutter = this.#newCutter(client, true);
	}

	/** The reader of lines keeps its sums in itself, so one serves both parts of a large file. */
	#newCutter(client: SessionFile['client'], isSecondPart = false): LineCutter {
		this.#takeLine = isSecondPart
			? this.#takeLine
			: client === 'codex'
				? createCodexLines(this.#draft)
				: createClaudeLines(this.#draft);
		let isHalf = isSecondPart;
		const first = (): boolean => {
			const wasHalf = isHalf;
			isHalf = false;
			return wasHalf;
		};
		return new LineCutter({
			onLine: line => {
				if (!first()) {
					this.#takeLine(line);
				}
			},
			onTooLong: () => {
				if (!first()) {
					this.#draft.tooLong++;
				}
			},
		});
	}

	#takeLine: (line: string) => void = () => undefined;
}
