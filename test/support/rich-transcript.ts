import type {Transcript, TranscriptItem} from '../../source/event/view.ts';

/* An invented conversation with everything that a transcript shows in its own way; see sample-transcript.ts for a plain one. */

const answer = `## What I changed

The retry test raced the **timer**; \`retry()\` now takes a *clock*. See [the manual](https://example.test/retry#clock) and https://example.test/x.

1. **Inject the clock**: pass it through
   \`\`\`ts
   await retry(task, {clock});
   \`\`\`
2. Advance it in the test
   - once for the first attempt
   - twice for the second, 因为第二次尝试要等更久

- [x] tests are green
- [ ] the docs still say \`setTimeout\`

> Careful: the old option is gone.
> 旧选项已经删除。

| file | what | 行数 |
|:--|:--|--:|
| src/net/retry.ts | takes a clock | 12 |
| test/net/retry.test.ts | 不再依赖真实时间 | 105 |

\`\`\`ts
// A clock that a test can turn.
export const fakeClock = (start = 0): Clock => {
	let now = start;
	return {now: () => now, advance: (ms: number) => void (now += ms)}; // 毫秒
};
\`\`\`

---

That is all.`;

const patch = `*** Begin Patch
*** Update File: src/net/retry.ts
@@ export const retry
-export const retry = (task) => {
+export const retry = (task, {clock = systemClock} = {}) => {
 	let attempt = 0;
*** Add File: test/net/时钟.test.ts
+import {fakeClock} from './clock.ts';
*** Delete File: test/net/sleep.ts
*** End Patch`;

const entry = (kind: TranscriptItem['kind'], text: string, more: Partial<TranscriptItem> = {}): TranscriptItem => ({
	kind,
	title: undefined,
	text,
	isLive: false,
	...more,
});

/** Every kind of block once, with Markdown, code, a table, patches, edits, long output and Chinese. */
export const richItems: readonly TranscriptItem[] = [
	entry('developer', Array.from({length: 40}, (_, index) => `Rule ${index + 1} of the house.`).join('\n')),
	entry('compaction', 'Another language model started to solve this problem.\n\n**Done so far**: nothing.', {
		title: 'summary',
	}),
	entry('user', 'The retry test is flaky.\n请修复它，并说明原因。'),
	entry('note', '(image, 48 kB)', {title: 'image'}),
	entry('reasoning', '**Looking for the timer**\n\nThe test races it.'),
	entry('tool-call', 'cmd: rg -n "retry" src', {title: 'exec_command'}),
	entry(
		'tool-output',
		Array.from({length: 60}, (_, index) => `src/net/retry.ts:${index + 1}: attempt ${index}`).join('\n'),
		{title: 'exec_command'},
	),
	entry('tool-call', patch, {title: 'apply_patch'}),
	entry('tool-call', 'replace_all: true', {
		title: 'Edit',
		edits: [{path: 'src/a.ts', before: 'one\ntwo\nthree\nfour\nfive\nsix', after: 'one\n2\nthree\nfour\nfive\nsix'}],
	}),
	entry('tool-call', '', {title: 'Write', edits: [{path: 'notes/新.md', before: undefined, after: '# New\n\ntext'}]}),
	entry(
		'tool-output',
		'diff --git a/x.ts b/x.ts\n--- a/x.ts\n+++ b/x.ts\n@@ -1,2 +1,2 @@\n-old line\n+new line\n context',
	),
	entry('assistant', answer),
];

/** {@link richItems} as the conversation of a request. */
export const richTranscript = (requestId: string, items: readonly TranscriptItem[] = richItems): Transcript => ({
	requestId,
	sessionId: '01a9e3f0-7c11-7000-8000-00000000007c',
	items,
	version: 1,
	isLive: false,
	isTruncated: false,
});

/** One item that says something. */
export const said = (text: string, kind: TranscriptItem['kind'] = 'assistant', isLive = false): TranscriptItem =>
	entry(kind, text, {isLive});
