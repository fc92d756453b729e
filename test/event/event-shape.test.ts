import {array, assert, constantFrom, property, tuple} from 'fast-check';
import {describe, expect, test} from 'vitest';
import {isRecord} from '../../source/base/json.ts';
import type {EngineEvent} from '../../source/event/catalogue.ts';
import {isEngineEvent} from '../../source/event/event-shape.ts';
import {ReadModel} from '../../source/observe/read-model.ts';
import {
	attemptEnd,
	attemptStart,
	callIdentified,
	configLoaded,
	endpointInfo,
	replyEnd,
	requestStart,
} from '../support/events.ts';
import {propertyRuns} from '../support/property-runs.ts';
import {sampleIncidents} from '../support/sample-screen.ts';

/* Events of another process are taken only where they have the shape that reducers count on. */

const [incident] = sampleIncidents(1000);
const ofRequest = {requestId: 'req_1', atMs: 1};
const events: readonly EngineEvent[] = [
	requestStart('req_1', 1),
	callIdentified('req_1', 2),
	{
		...{type: 'route-planned', ...ofRequest},
		plan: {
			service: 'codex',
			model: undefined,
			pin: {endpointKey: 'codex/a/default', mode: 'only', setAtMs: 1},
			candidates: [
				{
					endpointKey: 'codex/a/default',
					preferenceGroup: 0,
					routePath: ['main'],
					eligible: false,
					reasons: [{code: 'breaker_open', text: 'is cooling down', values: {n: 1, name: 'a'}, untilMs: 5}],
				},
			],
		},
	},
	{
		...{type: 'body-translated', ...ofRequest, attempt: 1, endpointKey: 'codex/a/default'},
		losses: [{code: 'x', count: 1, text: 'a loss'}],
		overrides: [{field: 'model', from: undefined, to: 'm', source: 'profile'}],
	},
	attemptStart('req_1', 3),
	attemptEnd('req_1', 4, {usage: {inputTokens: 1}}),
	{type: 'reply-start', ...ofRequest, endpointKey: 'codex/a/default', ttfbMs: 2},
	{type: 'reply-delta', ...ofRequest, events: 1, bytes: 2},
	replyEnd('req_1', 5, {usage: {input_tokens: 3}}),
	{type: 'breaker-changed', atMs: 1, endpointKey: 'codex/a/default', phase: 'open', failures: 3, reason: 'x'},
	{type: 'pin-changed', atMs: 1, service: 'codex', pin: undefined},
	configLoaded(1, [
		endpointInfo('relay-a', {tags: {a: 'b'}, accounts: [{label: 'l', enabled: true, authSource: 'x', hasAuth: true}]}),
	]),
	...(incident === undefined ? [] : [{type: 'incident-opened', atMs: 1, incident} as const]),
];

const asSent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Every place in a value, as the way to it. */
const places = (value: unknown): ReadonlyArray<readonly string[]> =>
	Object.entries(isRecord(value) || Array.isArray(value) ? value : {}).flatMap(([name, member]) => [
		[name],
		...places(member).map(rest => [name, ...rest]),
	]);

const replaced = (value: unknown, [name = '', ...rest]: readonly string[], by: unknown): unknown => {
	const copy: Record<string, unknown> = {
		...(isRecord(value) ? value : Object.fromEntries(Object.entries(value ?? {}))),
	};
	copy[name] = rest.length === 0 ? by : replaced(copy[name], rest, by);
	return Array.isArray(value) ? Object.values(copy) : copy;
};

describe('an event of another process', () => {
	test.each(events.map(event => [event.type, event] as const))('%s is one as the engine sends it', (_, event) => {
		expect(isEngineEvent(asSent(event))).toBe(true);
	});

	test.each([[null], [7], ['x'], [[]], [{}], [{type: 'toString'}], [{type: 'request-start'}]])('%j is none', value => {
		expect(isEngineEvent(value)).toBe(false);
	});

	test('whatever stands in a wrong place of it: it is none, or the model takes it', () => {
		const wrong = constantFrom<unknown>(
			null,
			7,
			-1,
			'',
			'constructor',
			'__proto__',
			true,
			[],
			[null],
			[[]],
			{},
			{a: null},
		);
		const mutated = constantFrom(...events).chain(event => {
			const sent = asSent(event);
			return tuple(constantFrom(...places(sent)), wrong).map(([place, by]) => replaced(sent, place, by));
		});
		assert(
			property(array(mutated, {minLength: 1, maxLength: 6}), values => {
				const model = new ReadModel();
				for (const event of events.slice(0, 6)) {
					model.apply(event);
				}

				for (const value of values) {
					if (isEngineEvent(value)) {
						model.apply(value);
					}
				}

				expect(JSON.stringify(model.snapshot(1)).length).toBeGreaterThan(10);
				expect(model.kpis(1000)).toBeDefined();
			}),
			propertyRuns(300),
		);
	});
});
