import {describe, expect, test} from 'vitest';
import type {RequestView} from '../../../source/event/view.ts';
import {initialState, type ScreenState} from '../../../source/tui/store/screen-state.ts';
import {activeRoute} from '../../../source/tui/store/selectors.ts';
import {TranscriptLayout} from '../../../source/tui/text/transcript-layout.ts';
import {sampleNowMs, sampleSnapshot} from '../../support/sample-screen.ts';

const {routes, requests} = sampleSnapshot(sampleNowMs);

const stateWith = (changes: Partial<ScreenState>): ScreenState => ({
	...initialState({
		...{columns: 80, rows: 24, nowMs: sampleNowMs, isReadOnly: false, themeName: 'midnight'},
		layout: new TranscriptLayout(),
	}),
	routes,
	...changes,
});

const servedBy = (provider: string): readonly RequestView[] =>
	requests.slice(0, 1).map(request => ({
		...request,
		service: 'codex',
		state: 'success',
		endpointKey: `codex/${provider}/default`,
	}));

describe('the active route', () => {
	test.each([
		['the first that may serve, before anything was asked', [], 'relay-a'],
		[
			'the one that served last: an affinity or a turning strategy leads away from the first',
			servedBy('openai'),
			'openai',
		],
		['another one while the one that served last is cooling', servedBy('relay-b'), 'relay-a'],
	])('is %s', (_, newest, provider) => {
		expect(activeRoute(stateWith({requests: newest}), 'codex')?.provider).toBe(provider);
	});
});
