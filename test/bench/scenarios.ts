import {setTimeout as sleep} from 'node:timers/promises';
import {asSubject, comparison, eachInstance, present, Values, valuesOf} from './comparison.ts';
import {bareRoad, direct, httpPipe, nginx, undiciPipe} from './peers.ts';
import {pace} from './pace.ts';
import {planCost} from './plan-cost.ts';
import {readCpuNs, readResidentBytes} from './proc.ts';
import type {RowId} from './rows.ts';
import {withEntrants, type Findings, type Session} from './session.ts';
import {starts} from './start.ts';
import {claudeCodeRouter, codexRelay} from './translators.ts';
import {median, ratios} from './statistics.ts';
import {askedForChat, type Target} from './target.ts';

/* One scenario per way of loading a proxy; each gives all rows that its load can answer. */

/** A load and the rows that it answers. */
export interface Scenario {
	readonly name: string;
	readonly rows: readonly RowId[];
	readonly run: (session: Session) => Promise<Findings>;
}

const smallBody = 5000;
const codexBodyBytes = 40_000;
const largeBody = 1_000_000;
const idleStreams = 1000;

const coalesced: Scenario = {
	name: 'coalesced',
	rows: ['P1', 'P2'],
	async run(session) {
		const subject = asSubject(session.subject);
		const found = await comparison(session, [subject, nginx, undiciPipe, bareRoad, direct], {
			mode: {kind: 'coalesced', deltas: 300},
			bodyBytes: smallBody,
			requests: session.effort.coalescedRequests,
			concurrency: 16,
		});
		const cpu = valuesOf(found, 'cpuNsPerEvent');
		return {
			measured: [
				cpu.row({row: 'P1', against: 'nginx', subject: subject.name, peer: nginx}),
				cpu.row({row: 'P2', against: 'undici-pipe', subject: subject.name, peer: undiciPipe}),
			],
			absolutes: [
				...cpu.absolutes('coalesced', 'CPU ns/event'),
				...valuesOf(found, 'eventsPerSecond').absolutes('coalesced', 'events/s'),
			],
		};
	},
};

const translated: Scenario = {
	name: 'translated',
	rows: ['P9', 'P15'],
	async run(session) {
		if (session.translating === undefined) {
			const missing = `${session.subject.name} does not translate`;
			return {
				measured: [
					{row: 'P9', against: 'nginx', missing},
					{row: 'P15', against: 'codex-relay', missing},
				],
				absolutes: [],
			};
		}

		const subject = session.translating;
		const peer = askedForChat(nginx);
		const found = await comparison(session, [subject, peer, codexRelay], {
			mode: {kind: 'coalesced', deltas: 300},
			bodyBytes: smallBody,
			requests: session.effort.coalescedRequests,
			concurrency: 16,
		});
		const cpu = valuesOf(found, 'cpuNsPerEvent');
		return {
			measured: [
				cpu.row({row: 'P9', against: 'nginx', subject: subject.name, peer}),
				cpu.row({row: 'P15', against: 'codex-relay', subject: subject.name, peer: codexRelay}),
			],
			absolutes: cpu.absolutes('translated', 'CPU ns/event'),
		};
	},
};

const paced: Scenario = {
	name: 'paced',
	rows: ['P5', 'P11'],
	async run(session) {
		const subject = asSubject(session.subject);
		const found = await comparison(session, [subject, nginx, httpPipe, direct], {
			mode: {kind: 'paced', deltas: session.effort.pacedDeltas, gapMs: 5},
			bodyBytes: smallBody,
			requests: 64,
			concurrency: 64,
		});
		const cpu = valuesOf(found, 'cpuNsPerEvent');
		const tail = valuesOf(found, 'delayP99Us');
		return {
			measured: [
				cpu.row({row: 'P5', against: 'nginx', subject: subject.name, peer: nginx}),
				cpu.row({row: 'P5', against: 'http-pipe', subject: subject.name, peer: httpPipe}),
				tail.row({row: 'P11', against: 'nginx', subject: subject.name, peer: nginx}),
			],
			absolutes: [
				...cpu.absolutes('paced', 'CPU ns/event'),
				...valuesOf(found, 'delayP50Us').absolutes('paced', 'delay p50 us'),
				...tail.absolutes('paced', 'delay p99 us'),
			],
		};
	},
};

const firstByteP50 = async (session: Session, targets: readonly Target[], bodyBytes: number): Promise<Values> => {
	const values = new Values();
	await eachInstance(session.effort, async () => {
		await withEntrants(session, {targets: present(targets), bodyBytes}, async entrants => {
			await session.mock.call({kind: 'mode', mode: {kind: 'coalesced', deltas: 10}});
			const addresses = entrants.map(({running}) => running.address);
			const {firstByteUs} = await session.client.call({
				kind: 'rotate',
				addresses,
				bodyBytes,
				requests: session.effort.firstByteRequests,
			});
			for (const [index, entrant] of entrants.entries()) {
				values.add(entrant.name, median(firstByteUs[index] ?? []));
			}
		});
	});
	return values;
};

/** What all sides share is in both halves of the ratio: the larger it is, the nearer the ratio comes to 1. */
const floorNote = (values: Values): string => `${median(values.of(direct.name)).toFixed(0)} us of it is direct`;

const firstByte: Scenario = {
	name: 'first byte, 40 KB',
	rows: ['P6'],
	async run(session) {
		const subject = asSubject(session.subject);
		const values = await firstByteP50(session, [subject, nginx, httpPipe, bareRoad, direct], codexBodyBytes);
		return {
			measured: [
				{...values.row({row: 'P6', against: 'nginx', subject: subject.name, peer: nginx}), note: floorNote(values)},
				{
					...values.row({row: 'P6', against: 'http-pipe', subject: subject.name, peer: httpPipe}),
					note: floorNote(values),
				},
			],
			absolutes: values.absolutes('first byte, 40 KB', 'p50 us'),
		};
	},
};

const firstByteLarge: Scenario = {
	name: 'first byte, 1 MB',
	rows: ['P7'],
	async run(session) {
		const subject = asSubject(session.subject);
		const values = await firstByteP50(session, [subject, nginx, direct], largeBody);
		return {
			measured: [
				{...values.row({row: 'P7', against: 'nginx', subject: subject.name, peer: nginx}), note: floorNote(values)},
			],
			absolutes: values.absolutes('first byte, 1 MB', 'p50 us'),
		};
	},
};

const firstByteTranslated: Scenario = {
	name: 'first byte translated, 1 MB',
	rows: ['P8', 'P15T'],
	async run(session) {
		const {translating: subject} = session;
		const missing = subject === undefined ? `${session.subject.name} does not translate` : subject.missing();
		if (subject === undefined || missing !== undefined) {
			return {
				measured: (
					[
						['P8', 'claude-code-router'],
						['P15T', 'codex-relay'],
					] as const
				).map(([row, against]) => ({
					...{row, against},
					missing: missing ?? '',
				})),
				absolutes: [],
			};
		}

		const targets = [subject, claudeCodeRouter, codexRelay, direct];
		const effort = {...session.effort, firstByteRequests: session.effort.firstByteRequests / 10};
		const values = await firstByteP50({...session, effort}, targets, largeBody);
		return {
			measured: [
				values.row({row: 'P8', against: 'claude-code-router', subject: subject.name, peer: claudeCodeRouter}),
				values.row({row: 'P15T', against: 'codex-relay', subject: subject.name, peer: codexRelay}),
			],
			absolutes: values.absolutes('first byte translated, 1 MB', 'p50 us'),
		};
	},
};

const withScreen: Scenario = {
	name: 'with screen',
	rows: ['P10'],
	async run(session) {
		const missing = session.screen === undefined ? `${session.subject.name} has no screen` : session.screen.missing();
		if (session.screen === undefined || missing !== undefined) {
			return {measured: [{row: 'P10', against: 'no screen', missing: missing ?? ''}], absolutes: []};
		}

		const {subject, screen} = session;
		const found = await comparison(session, [subject, screen], {
			mode: {kind: 'paced', deltas: session.effort.pacedDeltas, gapMs: 10},
			bodyBytes: smallBody,
			requests: 16,
			concurrency: 16,
		});
		const tail = valuesOf(found, 'delayP99Us');
		const framesPerSecond = median(valuesOf(found, 'framesPerSecond').of(screen.name));
		const values = ratios(tail.of(screen.name), tail.of(subject.name));
		const note = `the screen drew ${framesPerSecond.toFixed(0)} frames/s`;
		return {
			measured: [{row: 'P10', against: 'no screen', values, note}],
			absolutes: [
				...valuesOf(found, 'delayP50Us').absolutes('with screen', 'delay p50 us'),
				...tail.absolutes('with screen', 'delay p99 us'),
			],
		};
	},
};

/** Holds the streams open on one target: KB per stream, and percent of a core while nothing moves. */
const holdIdle = async (session: Session, target: Target): Promise<{readonly kb: number; readonly percent: number}> =>
	withEntrants(session, {targets: [target], bodyBytes: smallBody}, async ([entrant]) => {
		const {pid, address} = entrant?.running ?? {};
		if (pid === undefined || address === undefined) {
			return {kb: Number.NaN, percent: Number.NaN};
		}

		await session.mock.call({kind: 'mode', mode: {kind: 'idle'}});
		await sleep(1000);
		const before = readResidentBytes(pid);
		await session.client.call({kind: 'hold', address, bodyBytes: smallBody, streams: idleStreams});
		await sleep(2000);
		const kb = (readResidentBytes(pid) - before) / 1024 / idleStreams;
		const cpuBefore = readCpuNs(pid);
		const startedAt = performance.now();
		await sleep(session.effort.idleMs);
		const percent = ((readCpuNs(pid) - cpuBefore) / ((performance.now() - startedAt) * 1e6)) * 100;
		await session.client.call({kind: 'release'});
		return {kb, percent};
	});

const idle: Scenario = {
	name: 'idle streams',
	rows: ['P12', 'P13'],
	async run(session) {
		const subject = asSubject(session.subject);
		const memory = new Values();
		const cpu = new Values();
		await eachInstance(session.effort, async () => {
			for (const target of present([subject, nginx])) {
				const effort = target === subject ? session.effort : {...session.effort, idleMs: 0};
				const {kb, percent} = await holdIdle({...session, effort}, target);
				memory.add(target.name, kb);
				if (target === subject) {
					cpu.add(target.name, percent);
				}
			}
		});
		return {
			measured: [
				memory.row({row: 'P12', against: 'nginx', subject: subject.name, peer: nginx}),
				{row: 'P13', against: 'itself', values: cpu.of(subject.name)},
			],
			absolutes: [...memory.absolutes('idle streams', 'KB/stream'), ...cpu.absolutes('idle streams', '% of a core')],
		};
	},
};

/** All scenarios, in the order in which they run. */
export const scenarios: readonly Scenario[] = [
	coalesced,
	translated,
	paced,
	firstByte,
	firstByteLarge,
	firstByteTranslated,
	withScreen,
	idle,
	starts,
	planCost,
	pace,
];
