import {durationText} from '../../observe/duration-text.ts';
import {minutes} from '../rule.ts';
import type {Rule} from '../rule.ts';

const slowLoopMs = 200;

/** The engine's thread died and was started again. Seen only where the host's own events come in. */
export const engineCrashed: Rule = {
	id: 'engine-crashed',
	looksAt: ['engine-restarting'],
	threshold: 1,
	windowMs: minutes(5),
	findings: event =>
		event.type === 'engine-restarting'
			? [{scope: 'engine', requestId: undefined, text: `restart ${event.restarts}: ${event.reason}`, weight: 1}]
			: [],
	relieves: () => false,
	reliefsToClose: 1,
	quietMs: minutes(10),
	words: () => ({
		title: 'the engine crashed and was started again',
		effect: 'Requests that were running at that moment broke off; their clients repeat them.',
		advice: 'Read engine.log around that time and report it with the lines before the crash.',
		closesWhen: '10 minutes without a crash',
	}),
};

/** Three seconds in which the engine's loop was late by more than 200 ms at the 99th percentile (watchdog.md 3.3). */
export const engineSlow: Rule = {
	id: 'engine-slow',
	looksAt: ['engine-stats'],
	threshold: 3,
	windowMs: 30_000,
	findings: event =>
		event.type === 'engine-stats' && event.loopP99Ms > slowLoopMs
			? [{scope: 'engine', requestId: undefined, text: `event loop ${durationText(event.loopP99Ms)} late`, weight: 1}]
			: [],
	relieves: event => event.type === 'engine-stats' && event.loopP99Ms <= slowLoopMs,
	reliefsToClose: 30,
	quietMs: minutes(10),
	words: () => ({
		title: 'the engine is slow',
		effect: 'Answers come late and in lumps.',
		advice: 'Look for other programs that use the processor; a smaller number of parallel requests helps too.',
		closesWhen: '30 seconds in a row without a late loop',
	}),
};
