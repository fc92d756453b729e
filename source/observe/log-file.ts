import {
	closeSync,
	constants,
	fchmodSync,
	fstatSync,
	openSync,
	readSync,
	renameSync,
	statSync,
	writeSync,
	type Stats,
} from 'node:fs';
import path from 'node:path';
import {codeOf, messageOf} from '../base/errors.ts';
import {tidyRotatedFiles} from './log-rotation.ts';
import type {RotationRules} from './log-rotation.ts';

/** A log that cannot be written, or can be again. */
export interface LogHealth {
	readonly path: string;
	readonly isWritable: boolean;
	/** Lines that were not written since the trouble began. */
	readonly lostLines: number;
	/** The system's code, for example `ENOSPC`; empty when it can be written. */
	readonly code: string;
}

/** How one log is written. */
export interface LogFileOptions {
	readonly path: string;
	/** The file is rotated before a line would make it larger than this. */
	readonly maxBytes: number;
	readonly rotation: RotationRules;
	/** Called when writing begins to fail and when it works again; never for each lost line. */
	readonly onHealth: (health: LogHealth) => void;
}

const retryOpenMs = 1000;

/** How often the path is asked whether it still names the file that is written. */
const lookMs = 1000;

const isSameFile = (one: Stats, other: Stats | undefined): boolean => one.ino === other?.ino && one.dev === other.dev;

/** Opens a log for whole lines: owner only, and a line that a kill tore is ended, so that only that line is lost. */
const openLog = (logPath: string): {readonly descriptor: number; readonly sizeBytes: number} => {
	const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT;
	const descriptor = openSync(logPath, flags, 0o600);
	try {
		const stats = fstatSync(descriptor);
		if (!stats.isFile()) {
			// A link to a device or a pipe: its mode is not ours to change, and it has no last line.
			return {descriptor, sizeBytes: 0};
		}

		fchmodSync(descriptor, 0o600);
		const {size} = stats;
		const last = Buffer.alloc(1);
		if (size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a) {
			writeSync(descriptor, '\n');
			return {descriptor, sizeBytes: size + 1};
		}

		return {descriptor, sizeBytes: size};
	} catch (error) {
		closeSync(descriptor);
		throw error;
	}
};

/**
 * An append-only file of lines. Each call is one write on an O_APPEND descriptor, made before it returns and without fsync: a
 * killed process loses nothing that it has written, a dead machine at most the last seconds. Nothing here throws: traffic
 * matters more than its log, so trouble is told to `onHealth` and writing is tried again with the next line.
 */
export class LogFile {
	readonly #options: LogFileOptions;
	#descriptor: number | undefined;
	#sizeBytes = 0;
	#isTorn = false;
	#lastStampMs = 0;
	#lostLines = 0;
	#isWritable = true;
	#lastOpenAtMs = Number.NEGATIVE_INFINITY;
	#lastLookAtMs = 0;
	#tidying: Promise<void> = Promise.resolve();

	constructor(options: LogFileOptions) {
		this.#options = options;
		this.#open();
		this.#tidy();
	}

	/** Writes whole lines, each ending in `\n`; `lines` is their number. */
	write(text: string, lines = 1): void {
		const bytes = Buffer.from(this.#isTorn ? `\n${text}` : text);
		this.#leaveStrayFile();
		const isInOrder = this.#rotateFull(bytes.length);
		this.#open();
		if (this.#descriptor === undefined) {
			this.#lostLines += lines;
			return;
		}

		try {
			const written = writeSync(this.#descriptor, bytes);
			this.#sizeBytes += written;
			this.#isTorn = written < bytes.length;
			if (this.#isTorn) {
				this.#failed('ENOSPC', lines);
			} else if (isInOrder) {
				this.#worked();
			}
		} catch (error) {
			this.#failed(codeOf(error) ?? messageOf(error), lines);
		}
	}

	/** Nothing is written afterwards. Resolves when a compression that runs has ended. */
	async close(): Promise<void> {
		this.#close();
		this.#lastOpenAtMs = Number.POSITIVE_INFINITY;
		await this.#tidying;
	}

	#open(): void {
		const nowMs = performance.now();
		if (this.#descriptor !== undefined || nowMs - this.#lastOpenAtMs < retryOpenMs) {
			return;
		}

		this.#lastOpenAtMs = nowMs;
		try {
			const {descriptor, sizeBytes} = openLog(this.#options.path);
			this.#descriptor = descriptor;
			this.#sizeBytes = sizeBytes;
			this.#isTorn = false;
		} catch (error) {
			this.#failed(codeOf(error) ?? messageOf(error), 0);
		}
	}

	#close(): void {
		const descriptor = this.#descriptor;
		this.#descriptor = undefined;
		if (descriptor !== undefined) {
			try {
				closeSync(descriptor);
			} catch (error) {
				this.#failed(codeOf(error) ?? messageOf(error), 0);
			}
		}
	}

	/** Somebody deleted the file, or moved it or its folder away: what is written to it nobody finds. */
	#leaveStrayFile(): void {
		const nowMs = performance.now();
		if (this.#descriptor === undefined || nowMs - this.#lastLookAtMs < lookMs) {
			return;
		}

		this.#lastLookAtMs = nowMs;
		try {
			if (isSameFile(fstatSync(this.#descriptor), statSync(this.#options.path, {throwIfNoEntry: false}))) {
				return;
			}
		} catch {
			// A path that leads nowhere (its folder is a file now) names another file too; opening it says why.
		}

		this.#close();
		this.#lastOpenAtMs = Number.NEGATIVE_INFINITY;
	}

	/** False where the file is full and stays as it is: that is told until it could be moved aside. */
	#rotateFull(moreBytes: number): boolean {
		const isFull =
			this.#descriptor !== undefined && this.#sizeBytes > 0 && this.#sizeBytes + moreBytes > this.#options.maxBytes;
		return !isFull || this.#rotate();
	}

	/** Moves the full file aside; where that fails, the file grows on rather than losing lines. */
	#rotate(): boolean {
		const {path: logPath, rotation} = this.#options;
		const {dir, name, ext} = path.parse(logPath);
		// Never the same name twice: a rename would replace the file that was rotated before.
		this.#lastStampMs = Math.max(this.#lastStampMs + 1, rotation.now());
		const stamp = new Date(this.#lastStampMs).toISOString().replaceAll(/[:.]/g, '-');
		try {
			renameSync(logPath, path.join(dir, `${name}.${stamp}${ext}`));
		} catch (error) {
			this.#failed(codeOf(error) ?? messageOf(error), 0);
			return false;
		}

		this.#close();
		this.#lastOpenAtMs = Number.NEGATIVE_INFINITY;
		this.#tidy();
		return true;
	}

	#tidy(): void {
		const {path: logPath, rotation} = this.#options;
		this.#tidying = this.#tidying
			.then(async () => tidyRotatedFiles(logPath, rotation))
			.catch((error: unknown) => {
				this.#failed(codeOf(error) ?? messageOf(error), 0);
			});
	}

	#failed(code: string, lostLines: number): void {
		this.#lostLines += lostLines;
		if (this.#isWritable) {
			this.#isWritable = false;
			this.#options.onHealth({path: this.#options.path, isWritable: false, lostLines: this.#lostLines, code});
		}
	}

	#worked(): void {
		if (!this.#isWritable) {
			this.#isWritable = true;
			this.#options.onHealth({path: this.#options.path, isWritable: true, lostLines: this.#lostLines, code: ''});
			this.#lostLines = 0;
		}
	}
}
