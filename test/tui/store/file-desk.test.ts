import {describe, expect, test} from 'vitest';
import {RelayError} from '../../../source/base/errors.ts';
import {initialState} from '../../../source/tui/store/screen-state.ts';
import {FileDesk, type WriteExport} from '../../../source/tui/store/file-desk.ts';
import {sampleNowMs} from '../../support/sample-screen.ts';
import {layoutOf} from '../../support/transcript-rows.ts';
import {TranscriptLayout} from '../../../source/tui/text/transcript-layout.ts';

/** What a desk said and copied when the conversation was exported. */
const exportWith = async (save: WriteExport | undefined, layout = layoutOf()): Promise<readonly string[]> => {
	const state = initialState({
		columns: 80,
		rows: 24,
		nowMs: sampleNowMs,
		isReadOnly: false,
		themeName: 'midnight',
		layout,
	});
	const heard: string[] = [];
	const desk = new FileDesk(
		save,
		{onCopy: text => void heard.push(`copied ${text}`)},
		{state: () => state, say: (text, tone) => void heard.push(`${tone} ${text}`)},
	);
	desk.exportTranscript();
	await new Promise(resolve => setImmediate(resolve));
	return heard;
};

const full: WriteExport = async () => {
	throw new RelayError('disk-full', 'The disk is full.');
};

describe('the export of a conversation', () => {
	test('is Markdown in a file, whose path is said and on the clipboard', async () => {
		const files: Array<readonly [name: string, text: string]> = [];
		const heard = await exportWith(async (name, text) => {
			files.push([name, text]);
			return `/home/ana/.codex-tui/exports/${name}`;
		});
		expect(files[0]?.[0]).toMatch(/^transcript-r-\d{8}-\d{6}\.md$/);
		expect(files[0]?.[1]).toContain('## Model\n\n## What I changed');
		expect(heard[0]).toMatch(/^copied .*exports\/transcript-r/);
		expect(heard[1]).toMatch(/^ok Exported to \/home.* the path is on the clipboard\.$/);
	});

	test('that cannot be written says why, as does one without a conversation', async () => {
		expect(await exportWith(full)).toEqual(['error The disk is full.']);
		expect(await exportWith(undefined)).toEqual([expect.stringContaining('no folder to export to')]);
		expect(await exportWith(full, new TranscriptLayout())).toEqual(['warn No conversation is shown.']);
	});
});
