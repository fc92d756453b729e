import {describe, expect, test} from 'vitest';
import {anthropicMessages, openAiChat, openAiResponses, type Accumulator} from './accumulators.ts';
import {aiSdkChat, aiSdkResponses} from './ai-sdk.ts';
import {recordings, recordingsFolder, type Recording} from './recordings.ts';
import {seenIn, type Seen, type SeenUsage} from './seen.ts';
import {throughBridge, wholeThroughBridge} from './through-bridge.ts';

/** The official clients of all dialects. */
const accumulators: readonly Accumulator[] = [
	openAiResponses,
	openAiChat,
	anthropicMessages,
	aiSdkResponses,
	aiSdkChat,
];

/** Recorded failures: every client has to raise them, with these words in its error. */
const failures: Readonly<Record<string, RegExp>> = {
	'google/google-429-retry-info.json': /exceeded your current quota/,
	'openai/openai-error.1.chunks.txt': /exceeded your current quota/,
};

/** A Messages answer cannot be without a usage, and does not say what of it was reasoning. */
const messagesUsage = (usage: SeenUsage | undefined): SeenUsage => ({
	...(usage ?? {input: 0, cached: 0, output: 0}),
	reasoning: 0,
});

/** What a reader of this kind can see of an answer at all. */
const visible = (truth: Seen, {dialect, readsReasoning}: Accumulator): Seen => ({
	...truth,
	reasoning: readsReasoning ? truth.reasoning : '',
	// Only Responses has freeform tools: elsewhere the raw text stands in an object.
	calls: truth.calls.map(({name, input}) => ({
		name,
		input: dialect !== 'responses' && typeof input === 'string' ? {input} : input,
	})),
	usage: dialect === 'messages' ? messagesUsage(truth.usage) : truth.usage,
});

const isFailure = ({name}: Recording): boolean => name in failures;

describe.each(accumulators)('$name', accumulator => {
	test.each(recordings.filter(recording => !isFailure(recording)))(
		'sees what the provider said in $name',
		async recording => {
			const truth = seenIn(recording);
			const seen = await accumulator.read(throughBridge(recording, accumulator.dialect), truth.calls);
			expect(seen).toEqual(visible(truth, accumulator));
		},
	);

	test.each(recordings.filter(recording => !isFailure(recording)))(
		'sees the same without a stream in $name',
		async recording => {
			const truth = seenIn(recording);
			const bytes = wholeThroughBridge(recording, accumulator.dialect) ?? Buffer.from('nothing');
			expect(await accumulator.readWhole(bytes, truth.calls)).toEqual(visible(truth, accumulator));
		},
	);

	test.skipIf(recordingsFolder === undefined).each(Object.entries(failures))(
		'raises the recorded failure %s',
		async (name, words) => {
			const recording = recordings.find(each => each.name === name);
			expect(recording).toBeDefined();
			if (recording) {
				const bytes = throughBridge(recording, accumulator.dialect);
				await expect(accumulator.read(bytes, [])).rejects.toThrow(words);
			}
		},
	);
});

test.skipIf(recordingsFolder === undefined)(
	'the recorded provider streams, which are kept outside of this repository, are all there and all say something',
	() => {
		const foreign = recordings.filter(({name}) => !/^(?:chat-stream|gemini-stream|messages)\//.test(name));
		expect(foreign.length).toBeGreaterThanOrEqual(33);
		for (const recording of foreign.filter(each => !isFailure(each))) {
			const {text, reasoning, calls} = seenIn(recording);
			expect(text.length + reasoning.length + calls.length, recording.name).toBeGreaterThan(0);
		}
	},
);
