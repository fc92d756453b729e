import {monitorEventLoopDelay} from 'node:perf_hooks';
import type {Announce} from '../event/catalogue.ts';
import type {ReadModel} from '../observe/read-model.ts';

/** What a {@link StatsClock} is made of. */
export interface StatsOptions {
	readonly announce: Announce;
	readonly now: () => number;
	readonly model: () => ReadModel;
	readonly dropped: () => number;
}

const everyMs = 1000;
const nanosecondsPerMs = 1_000_000;
const bytesPerMb = 1_048_576;
/** The sampling floor of the histogram: a resolution of 40 ms reads 40 ms on an idle loop. */
const resolutionMs = 40;

/** Up to this share of a second that the loop is busy, its delay is not sampled: to be woken for it would be most of an idle engine's work. */
const idleShare = 0.02;

/** Measures the engine's own loop and tells it once a second. */
export class StatsClock {
	readonly #options: StatsOptions;
	readonly #startedAtMs: number;
	readonly #delay = monitorEventLoopDelay({resolution: resolutionMs});
	readonly #timer: NodeJS.Timeout;
	#loopP99Ms = 0;
	#isSampling = true;
	#busy = performance.eventLoopUtilization();

	constructor(options: StatsOptions) {
		this.#options = options;
		this.#startedAtMs = options.now();
		this.#delay.enable();
		this.#timer = setInterval(() => this.#tell(), everyMs).unref();
	}

	/** The body of `/health`. */
	health(): Record<string, number> {
		const {now} = this.#options;
		const model = this.#options.model();
		return {
			uptime_s: Math.round((now() - this.#startedAtMs) / 1000),
			memory_mb: this.#rssMb(),
			requests_total: model.startedRequests(),
			requests_live: model.liveRequests(),
			loop_p99_ms: this.#loopP99Ms,
			routes: model.routes().length,
		};
	}

	close(): void {
		clearInterval(this.#timer);
		this.#delay.disable();
	}

	#tell(): void {
		this.#measure();
		this.#options.announce({
			type: 'engine-stats',
			atMs: this.#options.now(),
			loopP99Ms: this.#loopP99Ms,
			rssMb: this.#rssMb(),
			liveRequests: this.#options.model().liveRequests(),
			droppedEvents: this.#options.dropped(),
		});
	}

	#measure(): void {
		const {utilization} = performance.eventLoopUtilization(this.#busy);
		this.#busy = performance.eventLoopUtilization();
		this.#loopP99Ms = Math.max(0, Math.round(this.#lateMs(utilization) * 10) / 10);
		this.#delay.reset();
		this.#sample(utilization > idleShare);
	}

	/** Whoever was not sampled can have been late by no more than the time that it was busy. */
	#lateMs(utilization: number): number {
		if (this.#isSampling) {
			return this.#delay.percentile(99) / nanosecondsPerMs - resolutionMs;
		}

		return utilization > idleShare ? utilization * everyMs : 0;
	}

	#sample(isDue: boolean): void {
		if (isDue === this.#isSampling) {
			return;
		}

		this.#isSampling = isDue;
		if (isDue) {
			this.#delay.enable();
		} else {
			this.#delay.disable();
		}
	}

	#rssMb(): number {
		return Math.round(process.memoryUsage.rss() / bytesPerMb);
	}
}
