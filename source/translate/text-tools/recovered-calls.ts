import {AnswerBuilder} from '../codec/answer-builder.ts';
import {CallStream} from '../codec/call-stream.ts';
import type {AnswerEvent} from '../codec/ir-event.ts';
import type {ToolMap} from '../codec/tool-map.ts';
import type {FittedCall} from './fit/fit-call.ts';
import type {BlockRefusal} from './scan/end-of-text.ts';

/* What becomes of calls that were found in a text, and what is said of blocks that were none. */

/** The sentences about blocks that stay text. */
export const refusals: Readonly<Record<BlockRefusal, string>> = {
	'undeclared-tool': 'A call in the text names a tool that was not offered; it stays text.',
	'wrong-arguments': 'A call in the text has arguments that its tool does not take; it stays text.',
	unreadable: 'A block in the text looks like a tool call and cannot be read; it stays text.',
	unclosed: 'A block in the text begins like a tool call and never ends; it stays text.',
	'quoted-from-request': 'A call in the text repeats a text of the request word by word; it stays text.',
	'too-long': 'A block in the text is longer than a tool call can be; it stays text.',
	'not-at-the-end': 'A call in the text is followed by prose, so it was quoted; it stays text.',
	cut: 'A call in the text was cut off by the length limit and was left out.',
};

/** The most calls that one answer may hold in its text (translation.md 5.4). */
export const mostCalls = 8;

/** The calls without repeats: an identical one is the same. */
export const distinctCalls = (calls: readonly FittedCall[]): readonly FittedCall[] => [
	...new Map(calls.map(call => [`${call.wireName} ${call.arguments}`, call])).values(),
];

/** The events of one call, as if the upstream had sent it as one. */
export const callEvents = (
	call: Omit<FittedCall, 'format'>,
	{tools, callId, index}: {readonly tools: ToolMap; readonly callId: string; readonly index: number},
): readonly AnswerEvent[] => {
	const builder = new AnswerBuilder();
	const stream = new CallStream(builder, tools, {callId, wireName: call.wireName});
	stream.push(call.arguments);
	stream.close();
	return builder.take().flatMap(event => ('index' in event ? [{...event, index}] : []));
};
