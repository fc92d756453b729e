/* An answer of the model that is longer than anything a person would read: text, CJK, lists and code. */

const section = (index: number): string => `## Step ${index}: move the lock

The lock of worker ${index} guards two things at once, the queue and the counter, so a slow writer blocks every reader. I split it and measured again; the waiting time of the readers fell from 41 ms to 3 ms.

第${index}步：把锁拆成两把，读者不再等待写者。测量结果见下表，平均等待时间从四十一毫秒降到三毫秒。キューとカウンタは別々に守られる。

\`\`\`ts
const waitMs_${index} = await measure({readers: 8, writers: 2, rounds: ${index}});
if (waitMs_${index} > 10) {
	throw new Error('readers wait too long in worker ${index}');
}
\`\`\`

- readers: no wait at all
- writers: one at a time, in the order in which they came
`;

/** How many sections the answer has. */
export const sections = 360;

/** Over 5,000 lines at any width: 360 sections of 15 lines and more. */
export const longAnswer = `THE FIRST LINE of a long answer.\n\n${Array.from({length: sections}, (_, index) => section(index + 1)).join('\n')}\nTHE LAST LINE of a long answer: おわり.`;
