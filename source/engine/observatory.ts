import type {Clock} from '../base/clock.ts';
import {messageOf} from '../base/errors.ts';
import type {Announce, EngineEvent} from '../event/catalogue.ts';
import type {LedgerRecord} from '../event/view.ts';
import {ControlTrace} from '../observe/control-trace.ts';
import {Ledger} from '../observe/ledger.ts';
import type {LogHealth} from '../observe/log-file.ts';
import {ReadModel} from '../observe/read-model.ts';
import {IncidentEngine} from '../watch/incidents.ts';
import {EventFeed} from './control/event-feed.ts';
import {Outbox, type Batch} from './outbox.ts';

/** What an {@link Observatory} is made of. */
export interface ObservatoryOptions {
	readonly requestsLog: string;
	readonly traceLog: string;
	readonly clock: Clock;
	/** Undefined where no screen looks. */
	readonly post: ((batch: Batch) => void) | undefined;
	/** Gets a sentence where a log cannot be written or can again, and where an event could not be worked off. */
	readonly onFault: (sentence: string) => void;
}

const incidentTickMs = 1000;

/** How long an event may wait for the others: less than a screen's batch, and many times the length of a busy request. */
const settleMs = 25;

/** More than these are not kept waiting. */
const waitingEvents = 2000;

/**
 * Everything that listens to the engine's events: read model, control trace, incident rules, screens; and the ledger. Announcing
 * only queues the event: it is worked off in batches beside the road, and before anybody looks. The ledger is written at once.
 */
export class Observatory {
	readonly announce: Announce;
	readonly #model = new ReadModel();
	readonly #trace: ControlTrace;
	readonly #ledger: Ledger;
	readonly #incidents = new IncidentEngine();
	readonly #outbox: Outbox | undefined;
	readonly #timer: NodeJS.Timeout;
	readonly #clock: Clock;
	readonly #onFault: (sentence: string) => void;
	/** The same events for whoever reads the control API's stream. */
	readonly feed: EventFeed;
	#waiting: EngineEvent[] = [];
	#settleTimer: NodeJS.Timeout | undefined;

	constructor({requestsLog, traceLog, clock, post, onFault}: ObservatoryOptions) {
		this.#clock = clock;
		this.#onFault = onFault;
		this.feed = new EventFeed(clock.now().toString(36));
		// The line that told of it is lost itself; the event opens the incident.
		const onHealth = (health: LogHealth): void => {
			onFault(
				health.isWritable
					? `${health.path} is written again; ${health.lostLines} lines are missing.`
					: `${health.path} cannot be written (${health.code}); traffic goes on.`,
			);
			this.#announce({type: 'log-changed', atMs: clock.now(), ...health});
		};
		this.#trace = new ControlTrace({path: traceLog, onHealth, now: clock.now});
		this.#ledger = new Ledger({path: requestsLog, onHealth, now: clock.now});
		this.#outbox = post && new Outbox(post);
		this.announce = event => this.#announce(event);
		this.#timer = setInterval(() => this.#tick(), incidentTickMs).unref();
	}

	/** The model after everything that was announced. */
	get model(): ReadModel {
		this.#settle();
		return this.#model;
	}

	get dropped(): number {
		return this.#outbox?.dropped ?? 0;
	}

	/** The model as it is after everything that was handed to the screens. */
	snapshot(): ReturnType<ReadModel['snapshot']> {
		const {model} = this;
		this.#outbox?.flush();
		return model.snapshot(this.#outbox?.lastBatch ?? 0, this.#clock.now());
	}

	record(record: LedgerRecord): void {
		this.#ledger.append(record);
	}

	async close(): Promise<void> {
		clearInterval(this.#timer);
		this.#settle();
		this.#outbox?.flush();
		this.#outbox?.close();
		await Promise.all([this.#trace.close(), this.#ledger.close()]);
	}

	#announce(event: EngineEvent): void {
		this.#waiting.push(event);
		if (this.#waiting.length >= waitingEvents) {
			this.#settle();
		} else {
			this.#settleTimer ??= setTimeout(() => this.#settle(), settleMs).unref();
		}
	}

	/** What is announced meanwhile (a log that fails) joins the end of the queue. */
	#settle(): void {
		clearTimeout(this.#settleTimer);
		this.#settleTimer = undefined;
		while (this.#waiting.length > 0) {
			const events = this.#waiting;
			this.#waiting = [];
			for (const event of events) {
				this.#workOff(event);
			}
		}
	}

	/** A fault over one event would end the engine with all its streams (REL-45), and hide the events behind it. */
	#workOff(event: EngineEvent): void {
		try {
			this.#takeIn([event]);
			this.#takeIn(this.#incidents.observe(event));
		} catch (fault) {
			this.#onFault(`An event "${event.type}" was not worked off: ${messageOf(fault)}.`);
		}
	}

	#tick(): void {
		this.#settle();
		try {
			this.#takeIn(this.#incidents.tick(this.#clock.now()));
		} catch (fault) {
			this.#onFault(`The rules of incidents were not asked whether time has closed one: ${messageOf(fault)}.`);
		}
	}

	#takeIn(events: readonly EngineEvent[]): void {
		for (const event of events) {
			this.#model.apply(event);
			this.#trace.append(event);
			this.#outbox?.push(event);
			this.feed.push(event);
		}
	}
}
