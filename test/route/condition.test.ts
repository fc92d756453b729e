import {describe, expect, test} from 'vitest';
import type {RouteCondition} from '../../source/config/graph.ts';
import type {RouteCall} from '../../source/route/inputs.ts';
import {isConditionMet} from '../../source/route/condition.ts';
import {call, condition, nowMs} from '../support/graph.ts';

// 2026-03-06 is a Friday (5).
const friday = (hour: number, minute = 0): number => new Date(2026, 2, 6, hour, minute).getTime();
const saturday = (hour: number): number => new Date(2026, 2, 7, hour).getTime();

describe('a condition', () => {
	test.for<[string, Partial<RouteCondition>, Partial<RouteCall>, boolean]>([
		['that is empty always holds', {}, {}, true],
		['of a model is a glob', {model: 'gpt-?.5'}, {}, true],
		['of a model is a glob over the whole name', {model: 'gpt'}, {}, false],
		['of a model fails without one', {model: '*'}, {model: undefined}, false],
		['of a path compares case', {path: '/Responses'}, {}, false],
		['of a method does not', {method: 'post'}, {}, true],
		['of a tier', {serviceTier: 'priority'}, {tier: 'priority'}, true],
		['of an effort', {reasoningEffort: 'high'}, {effort: 'low'}, false],
		['of a header compares exactly', {headers: new Map([['x-a', 'One']])}, {headers: {'x-a': 'one'}}, false],
		['of a session', {session: 'session-1'}, {}, true],
		['of a client', {client: 'claude-code'}, {}, false],
		['of a kind', {requestKind: 'compaction'}, {}, false],
		['of any subagent', {subagent: true}, {isSubagent: true}, true],
		['of no subagent', {subagent: false}, {isSubagent: true}, false],
		['of a named subagent', {subagent: 'review'}, {isSubagent: true, subagent: 'review'}, true],
		['whose star in cwd stops at a slash', {cwd: '/work/*'}, {cwd: '/work/x/y'}, false],
		['whose two stars in cwd do not', {cwd: '/work/**'}, {cwd: '/work/x/y'}, true],
		['whose dot is a dot', {cwd: '/work/a.b'}, {cwd: '/work/axb'}, false],
		['holds only where every part holds', {model: 'gpt-*', session: 'other'}, {}, false],
	])('%s', ([, when, fields, isMet]) => {
		expect(isConditionMet(condition(when), {...call, ...fields}, nowMs)).toBe(isMet);
	});

	test.for<[string, RouteCondition['time'][number], number, boolean]>([
		['begins with its first minute', {from: 540, to: 600, days: []}, friday(9), true],
		['ends before its last', {from: 540, to: 600, days: []}, friday(10), false],
		['holds on its days only', {from: 540, to: 600, days: [6]}, friday(9, 30), false],
		['goes over midnight', {from: 1320, to: 360, days: [5]}, friday(23), true],
		['belongs to the day on which it began', {from: 1320, to: 360, days: [5]}, saturday(3), true],
		['does not begin the day before', {from: 1320, to: 360, days: [5]}, friday(3), false],
	])('of a time window %s', ([, window, atMs, isMet]) => {
		expect(isConditionMet(condition({time: [window]}), call, atMs)).toBe(isMet);
	});
});
