import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {maxClosedIncidents} from '../../source/watch/incidents.ts';
import {maxEvidence} from '../../source/watch/scope-state.ts';
import {attemptEnd, attemptStart, configLoaded, endpointInfo, replyEnd, requestStart} from '../support/events.ts';
import {broken, cut, limited, minute, planned, refused, relayA, Story} from '../support/incident-story.ts';
import {propertyRuns} from '../support/property-runs.ts';

describe('the incident engine', () => {
	test('never opens one for what the user forced with a pin or what the client cancelled', () => {
		const story = new Story();
		for (let index = 0; index < 5; index++) {
			const requestId = `p${index}`;
			story.see(
				planned(requestId, index, relayA),
				attemptEnd(requestId, index, [limited, broken, cut, refused][index % 4]),
				replyEnd(requestId, index, {outcome: 'failed'}),
				planned(`c${index}`, index),
				attemptEnd(`c${index}`, index, {...cut, outcome: 'cancelled'}),
				replyEnd(`c${index}`, index, {outcome: 'cancelled'}),
			);
		}

		expect(story.announced).toEqual([]);
	});

	test('announces a storm at most once a second and keeps the newest twenty facts', () => {
		const story = new Story();
		for (let index = 0; index < 1000; index++) {
			story.attempt(index, broken);
		}

		story.tick(2500);
		expect(story.lines).toEqual([
			`incident-opened INC-1 repeated-5xx ${relayA}`,
			`incident-updated INC-1 repeated-5xx ${relayA}`,
		]);
		expect(story.open[0]).toMatchObject({count: 1000});
		expect(story.open[0]?.evidence).toHaveLength(maxEvidence);
		expect(story.open[0]?.evidence.at(-1)?.requestId).toBe('r1000');
		expect(story.tick(5000).lines).toHaveLength(2);
	});

	test('goes on with the incidents of an earlier run and never gives a number twice', () => {
		const before = new Story().attempt(0, refused).see({type: 'config-broken', atMs: 0, path: 'c', message: 'm'});
		before.see(configLoaded(1, [endpointInfo('relay-a')]));
		const after = new Story();
		after.engine.restore(before.engine.list());
		expect(after.engine.list()).toEqual(before.engine.list());
		expect(after.attempt(5).open).toEqual([]);
		expect(after.attempt(6, refused).open).toMatchObject([{id: 'INC-3'}]);
	});

	test('keeps a bounded number of closed ones', () => {
		const story = new Story();
		for (let index = 0; index < maxClosedIncidents + 20; index++) {
			story.attempt(index, refused).attempt(index);
		}

		expect(story.engine.list()).toHaveLength(maxClosedIncidents);
		expect(story.open).toEqual([]);
	});

	test('announces for each incident one opening, then changes, then at most one closing, whatever happens', () => {
		const step = fc.record({
			outcome: fc.constantFrom(limited, broken, cut, refused, {}),
			endpointKey: fc.constantFrom(relayA, 'codex/relay-b/default'),
			waitMs: fc.integer({min: 0, max: 3 * minute}),
			isTick: fc.boolean(),
		});
		fc.assert(
			fc.property(fc.array(step, {maxLength: 80}), steps => {
				const story = new Story();
				let nowMs = 0;
				for (const {outcome, endpointKey, waitMs, isTick} of steps) {
					nowMs += waitMs;
					story.attempt(nowMs, {...outcome, endpointKey});
					if (isTick) {
						story.tick(nowMs);
					}
				}

				const states = new Map<string, string>();
				for (const event of story.announced) {
					if ('incident' in event) {
						const previous = states.get(event.incident.id);
						expect(previous === undefined).toBe(event.type === 'incident-opened');
						expect(previous).not.toBe('incident-closed');
						states.set(event.incident.id, event.type);
					}
				}

				const openIds = [...states].filter(([, state]) => state !== 'incident-closed').map(([id]) => id);
				expect(story.open.map(({id}) => id)).toEqual(
					openIds.toSorted((left, right) => Number(left.slice(4)) - Number(right.slice(4))),
				);
			}),
			propertyRuns(100),
		);
	});

	test('says nothing about ordinary traffic', () => {
		const story = new Story().see(
			requestStart('r1', 0),
			planned('r1', 0),
			attemptStart('r1', 1),
			{type: 'reply-delta', requestId: 'r1', atMs: 2, events: 1, bytes: 1},
			attemptEnd('r1', 3),
			replyEnd('r1', 4),
		);
		expect(story.tick(5).announced).toEqual([]);
	});
});
