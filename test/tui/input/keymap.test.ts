import {describe, expect, test} from 'vitest';
import {dispatchKey} from '../../../source/tui/input/dispatch.ts';
import {bindingOf} from '../../../source/tui/input/key-layer.ts';
import {isOnPage, keyTable} from '../../../source/tui/input/keymap.ts';
import {showKey} from '../../../source/tui/input/keys.ts';
import {helpLines} from '../../../source/tui/frame/help.ts';
import {initialState, pageNames, type PageName, type ScreenState} from '../../../source/tui/store/screen-state.ts';
import {plainOf} from '../../../source/tui/text/line.ts';
import {TranscriptLayout} from '../../../source/tui/text/transcript-layout.ts';
import {recordControls} from '../../support/controls.ts';
import {sampleChecks} from '../../support/sample-doctor.ts';
import {sampleNowMs, sampleSnapshot} from '../../support/sample-screen.ts';
import {sampleTranscript} from '../../support/sample-transcript.ts';
import {withSampleSettings} from '../../support/sample-settings.ts';
import {withSampleUsage} from '../../support/sample-usage.ts';

const stateOn = (page: PageName): ScreenState => {
	const {batch: _, requests, ...data} = sampleSnapshot(sampleNowMs);
	const layout = new TranscriptLayout();
	layout.update(sampleTranscript('r', 40));
	const initial = initialState({
		columns: 80,
		rows: 24,
		nowMs: sampleNowMs,
		isReadOnly: false,
		themeName: 'midnight',
		layout,
	});
	const shown: ScreenState = {
		...initial,
		explain: {...initial.explain, requestId: 'req_1', top: 3},
		...data,
		checks: sampleChecks,
		requests: requests.filter(({state}) => state !== 'running').toReversed(),
		trace: data.trace.slice(0, 10),
		page,
		history: [page === 'dash' ? 'trace' : 'dash'],
	};
	return page === 'usage' ? withSampleUsage(shown) : page === 'settings' ? withSampleSettings(shown) : shown;
};

const cases = pageNames.flatMap(page =>
	keyTable
		.filter(binding => isOnPage(binding, page))
		.flatMap(binding => binding.keys.map(key => [page, key, binding.command] as const)),
);

/** Keys that rightly change nothing where the sample state begins: its own page, and the newest row that it follows. */
const isAtRest = (page: PageName, command: string): boolean =>
	command === `page.${page}` ||
	(page === 'requests' && command === 'list.first') ||
	(page === 'trace' && command === 'list.last');

describe('the key table', () => {
	test('gives each key one meaning on a page', () => {
		for (const page of pageNames) {
			const keys = keyTable.filter(binding => isOnPage(binding, page)).flatMap(binding => binding.keys);
			expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
		}
	});

	test.each(cases)(
		'on %s the key %s runs %s: something changes, is asked of the engine, or a sentence says why not',
		(page, key, command) => {
			const start = stateOn(page);
			const recorder = recordControls(start);
			expect(bindingOf(key, start)?.command).toBe(command);
			dispatchKey(key, recorder);
			const hasAsked = recorder.calls.length + recorder.actions.length > 0;
			if (isAtRest(page, command)) {
				expect(recorder.state()).toEqual(start);
			} else if (!hasAsked) {
				expect(recorder.state()).not.toEqual(start);
			}
		},
	);

	test('is what the help shows: every key of the page and no other', () => {
		for (const page of pageNames) {
			const text = helpLines(stateOn(page), 200).map(plainOf).join('\n');
			for (const binding of keyTable) {
				if (isOnPage(binding, page)) {
					expect(text).toContain(binding.keys.map(showKey).join(' '));
				}
			}
		}

		expect(helpLines(stateOn('dash'), 200).map(plainOf).join('\n')).not.toContain('reload config');
	});

	test('a key that cannot work says why and does nothing else', () => {
		const recorder = recordControls({...stateOn('routes'), isReadOnly: true});
		dispatchKey('o', recorder);
		expect(recorder.actions).toEqual([]);
		expect(recorder.state().message?.text).toContain('read-only');
	});

	test('/ in the help shows the list that is filtered', () => {
		const recorder = recordControls({...stateOn('requests'), isHelpOpen: true});
		dispatchKey('/', recorder);
		expect(recorder.state().editing?.kind).toBe('filter');
		expect(recorder.state().isHelpOpen).toBe(false);
	});

	test('/ on Explain says that there is no list, and does not change the filter of another page', () => {
		const recorder = recordControls(stateOn('explain'));
		for (const key of ['/', 'x', 'enter']) {
			dispatchKey(key, recorder);
		}

		expect(recorder.state().message?.text).toContain('no list to filter');
		expect(recorder.state().editing).toBeUndefined();
		expect(recorder.state().lists.requests.filter).toBe('');
	});

	test('m moves the selected running request on, and says why where it cannot', () => {
		const {requests} = sampleSnapshot(sampleNowMs);
		const [running] = requests.filter(({state}) => state === 'running');
		const recorder = recordControls({...stateOn('requests'), requests: running ? [running] : []});
		dispatchKey('m', recorder);
		expect(recorder.actions).toEqual([{type: 'move-request', requestId: running?.requestId}]);
		const sentences = [
			[stateOn('requests'), 'has ended'],
			[{...stateOn('requests'), requests: []}, 'No request is selected'],
			[{...stateOn('requests'), isReadOnly: true}, 'read-only'],
		] as const;
		for (const [state, sentence] of sentences) {
			const refused = recordControls(state);
			dispatchKey('m', refused);
			expect(refused.actions).toEqual([]);
			expect(refused.state().message?.text).toContain(sentence);
		}
	});

	test('Enter on a request holds it while newer ones come; in a pane without anything deeper it says so', () => {
		const recorder = recordControls(stateOn('requests'));
		const [newest] = recorder.state().requests;
		dispatchKey('enter', recorder);
		expect(recorder.state().focus.requests).toBe('transcript');
		expect(recorder.state().lists.requests.selectedKey).toBe(newest?.requestId);
		const deep = recordControls({...stateOn('incidents'), focus: {...stateOn('incidents').focus, incidents: 'detail'}});
		dispatchKey('enter', deep);
		expect(deep.state().message?.text).toBe('Nothing is deeper than this; Esc goes back.');
	});

	test('what a request can be sent to is told as the Routes page tells it', () => {
		const recorder = recordControls(stateOn('requests'));
		dispatchKey('c', recorder);
		const told = recorder.state().picker?.choices.map(({about}) => about) ?? [];
		expect(told).toContain('ready');
		expect(told.some(about => /^(?:cool \S+|due)$/.test(about ?? ''))).toBe(true);
	});

	test('letters that are typed into a filter are no commands', () => {
		const recorder = recordControls(stateOn('requests'));
		for (const key of ['/', 'q', 'j', '4', '中', 'backspace']) {
			dispatchKey(key, recorder);
		}

		expect(recorder.calls).toEqual([]);
		expect(recorder.state().page).toBe('requests');
		expect(recorder.state().editing?.text).toBe('qj4');
	});
});

describe('while the help covers a page', () => {
	test.each(cases.filter(([, , command]) => keyTable.find(each => each.command === command)?.group === 'This page'))(
		'on %s the key %s does nothing but say so (%s)',
		(page, key) => {
			const start = {...stateOn(page), isHelpOpen: true};
			const recorder = recordControls(start);
			dispatchKey(key, recorder);
			expect(recorder.calls).toEqual([]);
			expect(recorder.actions).toEqual([]);
			const {message, ...rest} = recorder.state();
			expect(message?.text).toBe('Esc closes the help first: it covers what this key works on.');
			expect(rest).toEqual({...start, message: undefined});
		},
	);
});
