import {applyPatch, execCommand, type ReplyPart} from './script.ts';

/** One task of the demo: what the person asks, what the assistant does, what its tools print, what it answers. */
export interface DemoTopic {
	readonly prompt: string;
	readonly folder: string;
	readonly thoughts: readonly string[];
	readonly calls: readonly ReplyPart[];
	/** What the tools print, in the order of the calls. */
	readonly outputs: readonly string[];
	readonly answer: string;
}

/** The tasks of the demo's Codex sessions; no prompt is part of another one, so that a rule can find its task by it. */
export const demoTopics: readonly [DemoTopic, ...DemoTopic[]] = [
	{
		prompt: 'Why does the checkout test fail about once in ten runs?',
		folder: '/home/ana/shop',
		thoughts: [
			'**Looking for a race**\n\nA failure rate of one in ten smells like timing. I read the test first, then run it in a loop.',
			'**Checking the clock**\n\nThe cart expires by wall clock; the test waits exactly as long as the expiry.',
		],
		calls: [
			execCommand('sed -n 1,80p test/checkout.test.ts'),
			execCommand('for i in 1 2 3 4 5; do npm test -- checkout; done'),
		],
		outputs: [
			"test('an expired cart is emptied', async () => {\n\tconst cart = await createCart({expiresInMs: 50});\n\tawait sleep(50);\n\texpect(await cart.items()).toEqual([]);\n});\n",
			'ok 1\nok 2\nnot ok 3 - an expired cart is emptied\n  expected: []\n  actual: [{"sku":"A-17"}]\nok 4\nok 5\n',
		],
		answer: `The test races the cart's expiry.

**Cause.** \`createCart\` sets the expiry to *now + 50 ms*, and the test sleeps exactly 50 ms. A timer may fire up to a
millisecond early, and then the cart is still alive.

**Fix.** Give the cart a clock and move it by hand:

\`\`\`ts
const clock = createFakeClock();
const cart = await createCart({expiresInMs: 50, clock});
clock.advance(51);
expect(await cart.items()).toEqual([]);
\`\`\`

I ran the new version 500 times: no failure, and the test takes 2 ms instead of 54 ms.`,
	},
	{
		prompt: 'Rename the column customer_ref to customer_id everywhere, with a migration.',
		folder: '/home/ana/shop',
		thoughts: ['**Finding all uses**\n\nA rename is safe only if I know each place: SQL, models, fixtures, docs.'],
		calls: [execCommand('rg -n customer_ref --stats')],
		outputs: [
			'src/model/order.ts:14\nsrc/report/daily.sql:3\nsrc/report/daily.sql:9\ntest/fixture/orders.json:2\n\n4 matches\n3 files contained matches\n',
		],
		answer: `Done. I changed four places in three files and added \`migrations/0042_customer_id.sql\`:

1. add \`customer_id\` and copy the values,
2. keep a trigger that fills both columns while old instances still run,
3. drop \`customer_ref\` in \`0043\`, to be applied after the rollout.

All 212 tests pass. Apply \`0043\` only when no old instance is left.`,
	},
	{
		prompt: '把 README 的安装部分翻译成中文，并检查命令是否还能用。',
		folder: '/home/ana/docs',
		thoughts: ['**先看原文**\n\n先读英文的安装说明，再逐条运行命令，确认版本号没有过期。'],
		calls: [execCommand('sed -n 20,60p README.md'), execCommand('node --version && npm --version')],
		outputs: ['## Install\n\nnpm install -g shop-cli\nshop init\n', 'v24.21.0\n11.6.0\n'],
		answer: `翻译已完成，放在 \`README.zh-CN.md\`：

## 安装

\`\`\`sh
npm install -g shop-cli   # 需要 Node 24 或更高版本
shop init                 # 在当前目录生成配置文件
\`\`\`

我逐条运行了命令：安装和 \`shop init\` 都正常。原文写的是 Node 18，但 \`package.json\` 要求 24，所以我在中文版里改成了 24，
并建议英文版也一起更新。`,
	},
	{
		prompt: 'Add a rate limit to the public search endpoint.',
		folder: '/home/ana/api',
		thoughts: [
			'**Choosing the algorithm**\n\nBursts are normal for search-as-you-type, so a token bucket fits better than a fixed window.',
		],
		calls: [
			applyPatch(
				"*** Begin Patch\n*** Update File: src/search.ts\n@@\n-router.get('/search', search);\n+router.get('/search', limit({burst: 20, perSecond: 5}), search);\n*** End Patch\n",
			),
		],
		outputs: ['Exit code: 0\nWall time: 0 seconds\nOutput:\nSuccess. Updated the following files:\nM src/search.ts\n'],
		answer: `The endpoint now has a token bucket per client: **20** requests at once, **5** a second after that.

| case | answer |
|---|---|
| within the limit | 200, \`RateLimit-Remaining\` counts down |
| over the limit | 429 with \`Retry-After\` in seconds |
| behind our own gateway | not limited (internal network) |

The bucket lives in memory, so each instance counts for itself. With three instances a client gets three times the limit;
say so if you want it shared through Redis.`,
	},
	{
		prompt: 'The nightly export runs out of memory since Tuesday. Find out why.',
		folder: '/home/ana/batch',
		thoughts: ['**What changed on Tuesday**\n\nThe log of that day, then a heap profile of a small export.'],
		calls: [
			execCommand("git log --since='last monday' --oneline -- src/export"),
			execCommand('node --heap-prof src/export.ts --rows 10000'),
		],
		outputs: ['4be19c2 Sort the rows by region before writing\n', 'rows: 10000\npeak heap: 412 MB\n'],
		answer: `Commit \`4be19c2\` sorts all rows in memory before it writes the first one; until then rows were streamed.

- 10,000 rows need 412 MB, the nightly export has 310,000.
- The region is already an index in the database, so \`ORDER BY region\` gives the same order without a buffer.

I moved the sort into the query: peak heap is **61 MB**, independent of the number of rows, and the output is byte-identical.`,
	},
	{
		prompt: '用一句话解释这个正则表达式，并写三个测试。',
		folder: '/home/ana/api',
		thoughts: ['**拆开正则**\n\n分成三部分：前缀、编号、可选的校验位。'],
		calls: [execCommand('rg -n orderPattern src')],
		outputs: ['src/order-id.ts:3:export const orderPattern = /^ORD-(\\d{6})(?:-([A-Z]))?$/;\n'],
		answer: `它匹配形如 \`ORD-123456\` 的订单号，后面可以再跟一个大写字母作为校验位。

\`\`\`ts
test.each(['ORD-000001', 'ORD-123456-K'])('%s 是订单号', id => expect(orderPattern.test(id)).toBe(true));
test('位数不够时不匹配', () => expect(orderPattern.test('ORD-123')).toBe(false));
\`\`\`

三个测试都通过了。`,
	},
];

/** What the sub-agent of the demo is asked and answers. */
export const demoSubagent = {
	prompt: 'Read the changelogs of our five largest dependencies and list what breaks.',
	answer:
		'Two of five break something for us:\n\n- `router` 9 drops callbacks; we use them in 3 files.\n- `sqlite` 6 needs Node 24; we have it.\n\nThe other three are safe.',
} as const;

/** The prompts of the demo's Claude Code session with their answers. */
export const demoClaudeTopics: ReadonlyArray<{readonly prompt: string; readonly answer: string}> = [
	{
		prompt: 'What does the retry loop in fetch-page.ts do when the server sends no date?',
		answer:
			'It falls back to exponential waiting: 200 ms, doubled each time, at most five times. The date is only used when `Retry-After` is present, so nothing breaks; the log line says "unknown date", which is misleading. I would reword it.',
	},
	{
		prompt: 'Write a commit message for the staged change.',
		answer:
			'Read the export in pages\n\nThe whole table in memory broke the nightly run; a page of 500 rows keeps the heap flat.',
	},
];
