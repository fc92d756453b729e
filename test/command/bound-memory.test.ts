import {spawnSync} from 'node:child_process';
import {expect, test} from 'vitest';

const file = new URL('../../source/command/bound-memory.ts', import.meta.url).href;

/** Lets young objects live long enough that V8 would give them more room, and tells how much they got here and in a thread, in MiB. */
const program = `
import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {getHeapSpaceStatistics} from 'node:v8';
import {isMainThread, parentPort, Worker} from 'node:worker_threads';
import {boundMemory} from '${file}';
const young = () => getHeapSpaceStatistics().find(({space_name}) => space_name === 'new_space').space_size / 1024 / 1024;
boundMemory();
const kept = [];
const fill = count => {
	for (let index = 0; index < count; index++) {
		kept[index % 60_000] = {at: [index, index + 1, 0.5], text: 'x' + index};
	}
};
while (young() < 16) {
	fill(2000);
}
const reached = young();
// The bound looks twice a second.
await sleep(1100);
for (let round = 0; round < 40; round++) {
	fill(60_000);
}
const worker = new Worker("const v8 = require('node:v8'); require('node:worker_threads').parentPort.postMessage(v8.getHeapSpaceStatistics().find(({space_name}) => space_name === 'new_space').space_size / 1024 / 1024)", {eval: true, execArgv: [], resourceLimits: {maxYoungGenerationSizeMb: 48}});
const [ofThread] = await once(worker, 'message');
console.log(JSON.stringify({reached, here: young(), ofThread}));
process.exit(0);
`;

test('the young objects of the main thread are bounded, and a thread begins with its whole room', () => {
	const {stdout, stderr} = spawnSync(process.execPath, ['--input-type=module', '-e', program], {encoding: 'utf8'});
	expect(stderr).toBe('');
	const {reached, here, ofThread}: Readonly<Record<'reached' | 'here' | 'ofThread', number>> = JSON.parse(stdout);
	expect(here).toBe(reached);
	expect(ofThread).toBeGreaterThanOrEqual(16);
});
