import {CommandError, exitCode} from '../../source/base/errors.ts';
import type {Child} from './child.ts';
import type {ClientJob, ClientResult, MockJob, MockMode} from './messages.ts';
import {readCpuNs} from './proc.ts';
import {best, median, percentile, rotated} from './statistics.ts';
import {framingEvents} from './stream.ts';
import type {RunningTarget, Target} from './target.ts';
import type {Absolute, Measured} from './verdict.ts';

/** How much is measured: more of everything makes steadier figures and a longer run. */
export interface Effort {
	/** Fresh processes per target; a figure is the median over them. */
	readonly instances: number;
	/** Turns that the targets take within one instance. */
	readonly rounds: number;
	readonly coalescedRequests: number;
	readonly pacedDeltas: number;
	readonly firstByteRequests: number;
	readonly idleMs: number;
}

/** What all scenarios share. */
export interface Session {
	readonly mock: Child<MockJob, null>;
	readonly client: Child<ClientJob, ClientResult>;
	/** What is measured against the peers. */
	readonly subject: Target;
	/** The same with its screen, where it has one. */
	readonly screen: Target | undefined;
	/** The same in front of a Chat Completions upstream, where it translates. */
	readonly translating: Target | undefined;
	readonly effort: Effort;
}

/** The outcome of a scenario. */
export interface Findings {
	readonly measured: readonly Measured[];
	readonly absolutes: readonly Absolute[];
}

/** A target under load, with its name for the tables. */
export interface Entrant {
	readonly name: string;
	readonly running: RunningTarget;
}

/**
 * Requests before anything is measured, of every target (performance.md 6 asks for 300 and more). What runs once per request is compiled well
 * after 600 of them, in the background: an engine that serves all day is past that before its first hour is over.
 */
const warmUpRequests = 1500;
const warmUpDeltas = 300;

/** One load: how the mock answers, and what the client asks. */
export interface Load {
	readonly mode: Extract<MockMode, {readonly deltas: number}>;
	readonly bodyBytes: number;
	readonly requests: number;
	readonly concurrency: number;
}

/** What one target did in one instance, over all rounds. */
export interface Performance {
	/** Best round; NaN for a target without a process. */
	readonly cpuNsPerEvent: number;
	readonly eventsPerSecond: number;
	/** Frames of its screen while it was under load; NaN without a screen. */
	readonly framesPerSecond: number;
	/** Medians over the rounds; NaN where the stream carried no stamps. */
	readonly delayP50Us: number;
	readonly delayP99Us: number;
}

/** Starts a target, proves that it passes a whole stream on, and warms it up. */
export const startEntrant = async ({mock, client}: Session, target: Target, bodyBytes: number): Promise<Entrant> => {
	const running = await target.start(mock.port);
	try {
		const {address} = running;
		await mock.call({kind: 'mode', mode: {kind: 'coalesced', deltas: warmUpDeltas}});
		const seen = await client.call({kind: 'verify', address, bodyBytes});
		const expected = warmUpDeltas + (target.framing ?? framingEvents);
		if (!seen.isComplete || seen.events !== expected) {
			throw new CommandError(
				exitCode.failed,
				'stream-broken',
				`${target.name} gave ${seen.events} of ${expected} events, ${seen.isComplete ? 'with' : 'without'} the terminal one; its figures would mean nothing.`,
			);
		}

		await client.call({
			kind: 'load',
			address,
			bodyBytes,
			requests: target.warmUpRequests ?? warmUpRequests,
			concurrency: 16,
		});
		return {name: target.name, running};
	} catch (error) {
		await running[Symbol.asyncDispose]();
		throw error;
	}
};

/** Starts all targets, hands them to `work`, and ends them whatever happened. */
export const withEntrants = async <Result>(
	session: Session,
	{targets, bodyBytes}: {readonly targets: readonly Target[]; readonly bodyBytes: number},
	work: (entrants: readonly Entrant[]) => Promise<Result>,
): Promise<Result> => {
	await using running = new AsyncDisposableStack();
	const entrants: Entrant[] = [];
	for (const target of targets) {
		const entrant = await startEntrant(session, target, bodyBytes);
		running.use(entrant.running);
		entrants.push(entrant);
	}

	return await work(entrants);
};

interface Round {
	readonly cpuNsPerEvent: number;
	readonly eventsPerSecond: number;
	readonly framesPerSecond: number;
	readonly delaysUs: readonly number[];
}

const runRound = async ({client}: Session, {running}: Entrant, load: Load): Promise<Round> => {
	const {pid, address, drawnFrames = () => Number.NaN} = running;
	const events = load.requests * (load.mode.deltas + framingEvents);
	const before = pid === undefined ? Number.NaN : readCpuNs(pid);
	const drawnBefore = drawnFrames();
	const {bodyBytes, requests, concurrency} = load;
	const {wallMs, delaysUs} = await client.call({kind: 'load', address, bodyBytes, requests, concurrency});
	const after = pid === undefined ? Number.NaN : readCpuNs(pid);
	return {
		cpuNsPerEvent: (after - before) / events,
		eventsPerSecond: events / (wallMs / 1000),
		framesPerSecond: (drawnFrames() - drawnBefore) / (wallMs / 1000),
		delaysUs,
	};
};

const performanceOf = (rounds: readonly Round[]): Performance => ({
	cpuNsPerEvent: best(rounds.map(round => round.cpuNsPerEvent)),
	eventsPerSecond: Math.max(...rounds.map(round => round.eventsPerSecond)),
	framesPerSecond: median(rounds.map(round => round.framesPerSecond)),
	delayP50Us: median(rounds.map(round => percentile(round.delaysUs, 0.5))),
	delayP99Us: median(rounds.map(round => percentile(round.delaysUs, 0.99))),
});

/** Lets the targets take turns under the same load, round by round; gives what each did, in their order. */
export const compare = async (session: Session, entrants: readonly Entrant[], load: Load): Promise<Performance[]> => {
	await session.mock.call({kind: 'mode', mode: load.mode});
	const rounds: Round[][] = entrants.map(() => []);
	for (let round = 0; round < session.effort.rounds; round++) {
		for (const [index, entrant] of rotated([...entrants.entries()], round)) {
			rounds[index]?.push(await runRound(session, entrant, load));
		}
	}

	return rounds.map(performanceOf);
};
