import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, test} from 'vitest';
import type {RequestView} from '../../../source/event/view.ts';
import {footerRow} from '../../../source/tui/frame/footer-row.ts';
import {messageRow} from '../../../source/tui/frame/message-row.ts';
import {dispatchKey} from '../../../source/tui/input/dispatch.ts';
import {requestsPane} from '../../../source/tui/panes/requests-pane.ts';
import {tracePane} from '../../../source/tui/panes/trace-pane.ts';
import type {PaneBox} from '../../../source/tui/layout.ts';
import type {PageName, ScreenState} from '../../../source/tui/store/screen-state.ts';
import {selectedRequest} from '../../../source/tui/store/selectors.ts';
import {plainOf} from '../../../source/tui/text/line.ts';
import {unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {recordControls} from '../../support/controls.ts';
import {sampleState} from '../../support/sample-state.ts';

/* What a new user did on the pages of requests, and where they stopped: each must be found without a manual. */

const stateOn = (page: PageName, change: Partial<ScreenState> = {}): ScreenState => ({
	...sampleState('full', page, [80, 24]),
	...change,
});

const press = (state: ScreenState, ...keys: readonly string[]) => {
	const recorder = recordControls(state);
	for (const key of keys) {
		dispatchKey(key, recorder);
	}

	return recorder;
};

const withFilter = (state: ScreenState, filter: string): ScreenState => ({
	...state,
	lists: {...state.lists, requests: {...state.lists.requests, filter}},
});

const message = (state: ScreenState): string => plainOf(messageRow({...state, alerts: []}, unicodeGlyphs));

const box = (pane: PaneBox['pane']): PaneBox => ({pane, x: 0, y: 0, width: 150, height: 20, isCollapsed: false});

const rowsOf = (state: ScreenState): string =>
	requestsPane(state, box('requests'), unicodeGlyphs).map(plainOf).join('\n');

const answered = (state: ScreenState): RequestView | undefined =>
	state.requests.find(({state: at, usage}) => at === 'success' && usage?.inputTokens !== undefined);

const failed = (state: ScreenState): ScreenState => ({
	...state,
	requests: state.requests.map(request => ({
		...request,
		...{state: 'failed', statusCode: 200, note: 'no upstream could serve this request', silentSinceMs: undefined},
	})),
});

const trace = (state: ScreenState): string => tracePane(state, box('trace'), unicodeGlyphs).map(plainOf).join('\n');

const asked = async () => {
	const state = stateOn('requests');
	const selected = answered(state);
	const requests = {...state.lists.requests, selectedKey: selected?.requestId, filter: 'error:yes'};
	const start = {...state, requests: selected === undefined ? [] : [selected], lists: {...state.lists, requests}};
	const controls = press(withFilter(start, ''), 'c', 'enter');
	await sleep(0);
	return {controls, selected};
};

describe('sending a request again', () => {
	test('says in dollars what it costs where the model has a price, beside the tokens', async () => {
		const {controls, selected} = await asked();
		const question = controls.state().question?.text ?? '';
		expect(question).toMatch(/^Send it once more to \S+\? It costs about \$\d/);
		expect(question).toContain('tokens in');
		expect(selected?.usage?.inputTokens).toBeGreaterThan(0);
	});

	test('selects the row of the replay as soon as it is there, whatever came after it', async () => {
		const {controls, selected} = await asked();
		controls.state().question?.yes(controls);
		expect(controls.actions).toMatchObject([{type: 'replay-request', requestId: selected?.requestId}]);
		const state = controls.state();
		const [base] = state.requests;
		if (base === undefined) {
			throw new Error('The sample has no request.');
		}

		const replay = {...base, requestId: 'req_again', replayOf: base.requestId};
		const later = {...base, requestId: 'req_later'};
		expect(selectedRequest({...state, requests: [later, replay, base]})?.requestId).toBe('req_again');
	});
});

describe('finding why a request failed', () => {
	test('the reason stays in sight while only errors are shown, with the key that clears the filter', () => {
		const state = press(failed(stateOn('requests')), 'E').state();
		expect(state.lists.requests.filter).toBe('error:yes');
		expect(message(state)).toMatch(/no upstream could serve.* \d+ of \d+ shown   Esc clears $/);
	});

	test('a request that failed behind a 200 is no 200 in the list', () => {
		const rows = rowsOf(failed(stateOn('requests')));
		expect(rows).toContain(`${unicodeGlyphs.failed} err`);
		expect(rows).not.toContain(`${unicodeGlyphs.failed} 200`);
	});

	test('Explain neither shows the filter of Requests nor clears it with Esc', () => {
		const state = {...press(withFilter(stateOn('requests'), 'error:yes'), 'i').state(), alerts: []};
		expect(state.page).toBe('explain');
		expect(message(state)).not.toContain('error:yes');
		const back = press(state, 'esc').state();
		expect([back.page, back.lists.requests.filter]).toEqual(['requests', 'error:yes']);
	});

	test('i explains the newest request that an incident rests on', () => {
		const state = stateOn('incidents');
		const [incident] = state.incidents;
		const evidence = ['req_old', 'req_new', undefined].map((requestId, at) => ({atMs: at, requestId, text: 'x'}));
		const start = {...state, incidents: incident === undefined ? [] : [{...incident, evidence}]};
		expect(press(start, 'i').state().explain.requestId).toBe('req_new');
		const without = {...start, incidents: incident === undefined ? [] : [{...incident, evidence: []}]};
		expect(press(without, 'i').state().message?.text).toContain('No request is known');
	});

	test('the footer of 80 columns has the key for errors beside a request that has ended', () => {
		const state = stateOn('requests');
		const ended = state.requests.filter(({state: at}) => at === 'success');
		expect(plainOf(footerRow({...state, requests: ended}))).toContain('E errors only');
	});
});

describe('an empty Trace', () => {
	test('says that the filter of Requests hides every request, and how it is cleared', () => {
		expect(trace(withFilter(stateOn('trace', {trace: []}), 'model:nobody'))).toMatch(
			/The filter \/model:nobody of page 3 Requests hides every request; Esc clears it/,
		);
		expect(trace(stateOn('trace', {trace: [], requests: []}))).toContain('No request has come through yet.');
	});
});

test('a request that names no model has none in its column, and what it asks for in its note', () => {
	const state = stateOn('requests');
	const requests = state.requests
		.slice(0, 1)
		.map(request => ({...request, ...{model: undefined, path: '/v1/models', method: 'GET', note: undefined}}))
		.map(request => ({...request, attempts: [], silentSinceMs: undefined}));
	const row = rowsOf({...state, requests})
		.split('\n')
		.find(line => line.includes('/v1/models'));
	expect(row).toMatch(/ - .* GET \/v1\/models /);
});
