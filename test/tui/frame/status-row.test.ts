import {expect, test} from 'vitest';
import type {RouteView} from '../../../source/event/view.ts';
import {statusRow} from '../../../source/tui/frame/status-row.ts';
import {plainOf} from '../../../source/tui/text/line.ts';
import {unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {sampleState} from '../../support/sample-state.ts';

const statusWith = (change: Partial<RouteView>): string => {
	const state = sampleState('full', 'dash', [160, 48]);
	const routes = state.routes.map(route => ({...route, ...change}));
	return plainOf(statusRow({...state, routes}, unicodeGlyphs));
};

test('all is down only while every upstream cools: what is due or being probed takes the next request', () => {
	const {nowMs} = sampleState('full', 'dash', [160, 48]);
	expect(statusWith({phase: 'open', cooldownUntilMs: nowMs + 9000})).toContain('all down');
	expect(statusWith({phase: 'open', cooldownUntilMs: undefined})).toContain('all down');
	expect(statusWith({phase: 'open', cooldownUntilMs: nowMs - 1})).toContain('degraded');
	expect(statusWith({phase: 'half-open', cooldownUntilMs: undefined})).toContain('degraded');
	expect(statusWith({phase: 'closed', cooldownUntilMs: undefined})).toContain('● ok');
});

test('all is down, too, where no upstream has a key or is switched on', () => {
	expect(statusWith({hasAuth: false, accounts: undefined, phase: 'closed'})).toContain('all down');
	expect(statusWith({enabled: false, phase: 'closed'})).toContain('all down');
});
