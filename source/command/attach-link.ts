import {setTimeout as sleep} from 'node:timers/promises';
import {messageOf, RelayError} from '../base/errors.ts';
import {isRecord, numberAt, textAt} from '../base/json.ts';
import {sanitizeLine, sanitizeWhole} from '../base/sanitize.ts';
import type {EngineEvent} from '../event/catalogue.ts';
import {isEngineEvent} from '../event/event-shape.ts';
import type {EngineAction, EngineLink, EngineQuery, QueryAnswers} from '../event/protocol.ts';
import type {HeardEvent, OpenEvents} from '../engine/control/dial.ts';
import {limits} from '../wire/limits.ts';
import {changeOf, questionOf} from './attach-questions.ts';
import type {ControlClient} from './control-client.ts';

/*
 * The engine of another process as a screen sees it: the protocol of event/protocol.ts over the control API. Events come as a stream with ids;
 * a snapshot says up to which id it reaches, so that none is taken twice and none is left out. A stream that breaks is opened anew, where it broke.
 */

type Batch = Parameters<Parameters<EngineLink['onBatch']>[0]>[0];

/** What an {@link AttachedEngine} needs. */
export interface AttachOptions {
	readonly client: Pick<ControlClient, 'read' | 'change' | 'url'>;
	/** Opens the stream of events behind an id. Rejects where nobody answers. */
	readonly listen: (how: {
		readonly lastId: string | undefined;
		readonly signal: AbortSignal;
		readonly onEvent: (event: HeardEvent) => void;
	}) => Promise<OpenEvents>;
	/** Told once: the engine sent what is no event. It is left out, as if it had been dropped. */
	readonly onOddity?: ((sentence: string) => void) | undefined;
	/** The first pause before it is tried again; each is twice the one before, up to `longestPauseMs`. */
	readonly firstPauseMs?: number;
}

const longestPauseMs = 5000;

/** An id of the stream: which start of the engine, and its number. */
const readId = (id: string): {readonly boot: string; readonly number: number} => {
	const [boot = '', number] = id.split('.');
	return {boot, number: Number(number)};
};

/** What another process says is drawn on this terminal: it is cleaned as if it came from an upstream (SEC-17). A page of a body is one long line, and is kept whole. */
const clean = (value: unknown): unknown => {
	if (typeof value === 'string') {
		return sanitizeWhole(value);
	}

	if (Array.isArray(value)) {
		return value.map(clean);
	}

	return isRecord(value)
		? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, clean(member)]))
		: value;
};

/** An event as it was sent, cleaned; undefined where it is no JSON, or nested deeper than any event. */
const readEvent = (data: string): unknown => {
	try {
		return clean(JSON.parse(data));
	} catch (error) {
		if (error instanceof SyntaxError || error instanceof RangeError) {
			return undefined;
		}

		throw error;
	}
};

/** An engine behind its control API. */
export class AttachedEngine implements EngineLink {
	readonly #options: AttachOptions;
	readonly #listeners = new Set<(batch: Batch) => void>();
	readonly #leaving = new AbortController();
	/** The stream's last id; it is opened again behind that. */
	#lastId: string | undefined;
	/** Up to here everything was in a snapshot. */
	#contained = readId('');
	#queue: Array<{readonly id: string; readonly event: EngineEvent}> = [];
	#batch = 0;
	#timer: NodeJS.Timeout | undefined;
	/** A snapshot is on its way: events wait, since it may contain them. */
	#isAsking = false;
	/** Events are missing, and nobody was told yet. */
	#hasHole = false;
	#hasOddity = false;
	/** Why there is no stream; undefined while there is one. */
	#trouble: string | undefined = 'it was not asked yet';
	#attempt = Promise.withResolvers<void>();

	constructor(options: AttachOptions) {
		this.#options = options;
		void this.#follow();
	}

	readonly act = async (action: EngineAction): Promise<void> => {
		const {path, body} = changeOf(action);
		await this.#options.client.change(path, body);
	};

	readonly ask = async <Query extends EngineQuery>(query: Query): Promise<QueryAnswers[Query['type']]> => {
		const {path, body} = questionOf(query);
		const {client} = this.#options;
		const answer = clean(
			query.type === 'snapshot'
				? await this.#readSnapshot(path)
				: body === undefined
					? await client.read(path)
					: await client.change(path, body),
		);
		// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the other end is an engine of ours, whose version was compared
		return answer as QueryAnswers[Query['type']];
	};

	readonly onBatch = (listener: (batch: Batch) => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	/** Why the engine is not heard; undefined while it is. */
	get trouble(): string | undefined {
		return this.#trouble;
	}

	/** Leaves the engine, which goes on. */
	close(): void {
		clearTimeout(this.#timer);
		this.#leaving.abort();
	}

	/** The snapshot, with the number of the last batch that is contained in it. */
	async #readSnapshot(path: string): Promise<unknown> {
		await this.#attempt.promise;
		if (this.#trouble !== undefined) {
			throw new RelayError('engine-unreachable', this.#trouble);
		}

		this.#isAsking = true;
		try {
			const answer = await this.#options.client.read(path);
			const id = textAt(answer, 'event_id');
			if (!isRecord(answer) || id === undefined || numberAt(answer, 'batch') === undefined) {
				throw new RelayError('engine-answer', 'The answer is no snapshot; is the engine of another version?');
			}

			this.#contained = readId(id);
			this.#queue = this.#queue.filter(entry => !this.#isContained(entry.id));
			return {...answer, batch: this.#batch};
		} finally {
			this.#isAsking = false;
			this.#flushSoon();
		}
	}

	#isContained(id: string): boolean {
		const {boot, number} = readId(id);
		return boot === this.#contained.boot && number <= this.#contained.number;
	}

	async #follow(): Promise<void> {
		const {firstPauseMs = 250} = this.#options;
		const {signal} = this.#leaving;
		let pauseMs = firstPauseMs;
		while (!signal.aborted) {
			try {
				const {ended} = await this.#options.listen({
					...{lastId: this.#lastId, signal},
					onEvent: event => this.#hear(event),
				});
				pauseMs = firstPauseMs;
				this.#tried(undefined);
				await ended;
				this.#tried('the connection to it ended');
				this.#hole();
			} catch (error) {
				this.#tried(`it does not answer (${messageOf(error)})`);
			}

			// It can only be ended by `close`, which ends the loop, too.
			await sleep(pauseMs, undefined, {signal, ref: false}).catch(() => undefined);
			pauseMs = Math.min(2 * pauseMs, longestPauseMs);
		}
	}

	#tried(trouble: string | undefined): void {
		if (this.#leaving.signal.aborted) {
			return;
		}

		this.#trouble = trouble;
		this.#attempt.resolve();
	}

	#hear({id, data}: HeardEvent): void {
		this.#lastId = id;
		const event = readEvent(data);
		if (isEngineEvent(event)) {
			if (!this.#isContained(id)) {
				this.#queue.push({id, event});
				this.#flushSoon();
			}

			return;
		}

		// The stream's own word has no type: events are missing.
		if (!isRecord(event) || 'type' in event) {
			this.#leaveOut(event);
		}

		this.#hole();
	}

	#leaveOut(event: unknown): void {
		if (!this.#hasOddity) {
			this.#hasOddity = true;
			const type = sanitizeLine(textAt(event, 'type') ?? 'no JSON object').slice(0, 40);
			this.#options.onOddity?.(
				`The engine at ${this.#options.client.url} sent an event that is none (${type}); such events are left out. Is it of another version?`,
			);
		}
	}

	/** Whoever listens asks for a snapshot. */
	#hole(): void {
		this.#hasHole = true;
		this.#emit();
	}

	#flushSoon(): void {
		this.#timer ??= setTimeout(() => this.#emit(), limits.batchMs).unref();
	}

	#emit(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (this.#isAsking || (this.#queue.length === 0 && !this.#hasHole)) {
			return;
		}

		const events = this.#queue.map(({event}) => event);
		const batch = {batch: ++this.#batch, dropped: this.#hasHole ? 1 : 0, events};
		this.#queue = [];
		this.#hasHole = false;
		for (const listener of this.#listeners) {
			listener(batch);
		}
	}
}
