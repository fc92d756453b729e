import type {Transcript, TranscriptItem} from '../../source/event/view.ts';

/* An invented conversation with long lines, tabs and CJK text; see sample-screen.ts. */

const turn = (index: number): readonly TranscriptItem[] => [
	{kind: 'user', title: undefined, text: `fix the flaky retry test in api/ (turn ${index})`, isLive: false},
	{
		kind: 'reasoning',
		title: undefined,
		text: 'The test races the timer. 计时器在第二次尝试安排之前就触发了，所以断言偶尔失败。',
		isLive: false,
	},
	{kind: 'tool-call', title: 'shell', text: 'rg -n "retry" src/', isLive: false},
	{
		kind: 'tool-output',
		title: undefined,
		text: "src/net/retry.ts:41  export async function retry(\nsrc/net/retry.test.ts:12  it('retries twice', async () => { const clock = fakeClock(); await retry(() => fail(), {clock, attempts: 2}); });\n\t漢字のテスト：幅が二つのセルになる文字が正しく折り返されることを確かめるための長い行です。",
		isLive: false,
	},
	{
		kind: 'assistant',
		title: undefined,
		text: 'The test races the timer: it asserts before the second attempt has been scheduled. I will inject a clock.\n\n- pass `clock` to retry()\n- advance it in the test',
		isLive: false,
	},
];

/** A conversation of `turns` turns (about ten lines each). */
export const sampleTranscript = (requestId: string, turns = 3): Transcript => ({
	requestId,
	sessionId: '01a9e3f0-7c11-7000-8000-00000000007c',
	items: [
		...Array.from({length: turns}, (_, index) => turn(index + 1)).flat(),
		{kind: 'note', title: undefined, text: 'the last line of the conversation', isLive: false},
	],
	version: turns,
	isLive: false,
	isTruncated: false,
});
