import {describe, expect, test} from 'vitest';
import {plainOf} from '../../../source/tui/text/line.ts';
import {editRows, holdsPatch, isUnifiedDiff, patchRows} from '../../../source/tui/transcript/patch.ts';
import {loadReaderTools} from '../../../source/tui/transcript/reader-tools.ts';
import {linesOfRows} from '../../support/transcript-rows.ts';

const {compare} = await loadReaderTools();

const patch = `cmd: apply_patch <<'EOF'
*** Begin Patch
*** Update File: src/a.ts
*** Move to: src/b.ts
@@ function one
-old
+new
 same
*** Add File: 新.md
+first
+second
*** Delete File: gone.txt
*** End Patch
EOF`;

/** 20,000 lines that differ with each seed. */
const manyLines = (seed: number): string =>
	Array.from({length: 20_000}, (_, index) => `${(index * seed) % 9973} ${seed}`).join('\n');

test('A patch with a hundred thousand empty lines in it is shown at once', () => {
	const startMs = performance.now();
	const rows = patchRows(`*** Begin Patch\n*** Add File: x\n${'\n'.repeat(100_000)}x\n\n`, 'text');
	expect(rows).toHaveLength(100_002);
	expect(performance.now() - startMs).toBeLessThan(3000);
});

describe("Codex's patch", () => {
	test('is told from other texts, and shown by its files with what was added and removed', () => {
		expect(holdsPatch(patch)).toBe(true);
		expect(holdsPatch('*** Begin Patch is a phrase')).toBe(false);
		expect(linesOfRows(patchRows(patch, 'tool'), 60).map(plainOf)).toEqual([
			"cmd: apply_patch <<'EOF'",
			'M src/a.ts +1 -1',
			'→ src/b.ts',
			'│ @@ function one',
			'│ -old',
			'│ +new',
			'│  same',
			'A 新.md +2',
			'│ +first',
			'│ +second',
			'D gone.txt',
			'EOF',
		]);
	});

	test('has the colours of a diff', () => {
		const tones = patchRows(patch, 'tool').map(({text, spans}) => [text, spans[0]?.tone]);
		expect(tones).toContainEqual(['-old', 'diffDel']);
		expect(tones).toContainEqual(['+new', 'diffAdd']);
		expect(tones).toContainEqual([' same', 'muted']);
	});

	test('whose file names hold terminal commands is harmless', () => {
		const rows = patchRows('*** Begin Patch\n*** Add File: \u001B[2Ja\u202Eb\n+\u009B31mx\n*** End Patch', 'tool');
		expect(rows.map(({text}) => text)).toEqual(['A ab +1', '+x']);
	});
});

describe('an edit', () => {
	test('shows what changes with three lines around it', () => {
		const before = Array.from({length: 20}, (_, index) => `line ${index}`).join('\n');
		const rows = editRows({path: 'a.ts', before, after: before.replace('line 10', 'LINE 10')}, compare);
		expect(rows.map(({text}) => text)).toEqual([
			'M a.ts +1 -1',
			' line 7',
			' line 8',
			' line 9',
			'-line 10',
			'+LINE 10',
			' line 11',
			' line 12',
			' line 13',
		]);
	});

	test('that writes a whole file adds all of it', () => {
		const rows = editRows({path: 'new.md', before: undefined, after: 'a\nb\n'}, compare);
		expect(rows.map(({text}) => text)).toEqual(['W new.md +2', '+a', '+b']);
	});

	test('of texts without anything in common ends in time', () => {
		const start = performance.now();
		const rows = editRows({path: 'a', before: manyLines(7), after: manyLines(11)}, compare);
		expect(rows.length).toBeGreaterThan(20_000);
		expect(performance.now() - start).toBeLessThan(2000);
	});
});

test('the output of git diff is told from prose about it', () => {
	expect(isUnifiedDiff('diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b')).toBe(true);
	expect(isUnifiedDiff('--- a table\n@@ none')).toBe(false);
});
