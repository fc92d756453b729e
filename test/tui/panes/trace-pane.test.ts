import {expect, test} from 'vitest';
import {traceDetailPane} from '../../../source/tui/panes/trace-pane.ts';
import {plainOf} from '../../../source/tui/text/line.ts';
import {unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {sampleNowMs} from '../../support/sample-screen.ts';
import {sampleState} from '../../support/sample-state.ts';

test('a list among the fields of a decision has a line for each member, and an empty one none', () => {
	const losses = [
		{code: 'foreign-reasoning', count: 2, text: 'left out'},
		{code: 'image-omitted', count: 1, text: 'a marker stands where an image was'},
	];
	const entry = {
		...{sequence: 7, atMs: sampleNowMs, kind: 'body-translated', requestId: 'req_1', endpointKey: undefined},
		...{what: 'body changed', detail: {attempt: 1, losses, overrides: []}},
	};
	const state = {...sampleState('full', 'trace', [160, 48]), trace: [entry]};
	const box = {pane: 'detail', x: 0, y: 0, width: 70, height: 12, isCollapsed: false} as const;
	const lines = traceDetailPane(state, box, unicodeGlyphs).map(plainOf);
	expect(lines[3]).toMatch(/losses +code foreign-reasoning {2}count 2 {2}text left out/);
	expect(lines[4]).toMatch(/^│ +code image-omitted {2}count 1/);
	expect(lines.join('\n')).not.toMatch(/overrides|[[{}\]]/);
});
