import {setTimeout as sleep} from 'node:timers/promises';
import {message, stream, type Script} from '../../../source/demo/script.ts';
import {startScriptedUpstream} from '../../../source/demo/scripted-upstream.ts';
import {longAnswer} from '../long-answer.ts';

/* A scripted upstream in a process of its own, so that its work is not taken for the engine's. Prints its URL; ends with stdin. */

const scripts: Readonly<Record<string, Script>> = {
	small: [{answer: stream([message('A small answer: the lock moved into the store, all tests pass.')])}],
	// Some seconds: long enough to watch the screen follow it.
	long: [{answer: stream([message(longAnswer)], {deltaLength: 4000, gapMs: 60})}],
};

const script = scripts[process.argv[2] ?? ''];
if (script === undefined) {
	throw new Error(`There is no script "${process.argv[2]}"; there are ${Object.keys(scripts).join(', ')}.`);
}

const upstream = await startScriptedUpstream({
	name: 'upstream',
	dialect: 'responses',
	key: process.argv[3] ?? '',
	script,
	rememberedRequests: 1,
});
process.stdout.write(`${JSON.stringify({url: upstream.url})}\n`);
for await (const _ of process.stdin) {
	await sleep(0);
}

process.exit(0);
