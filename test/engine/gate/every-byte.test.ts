import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {encodeEnding} from '../../../source/engine/reply/ending.ts';
import {createGate} from '../../../source/engine/gate/create-gate.ts';
import type {Gate, GateStep, StreamVerdict} from '../../../source/engine/gate/gate.ts';
import {parseSse} from '../../../source/wire/sse.ts';
import {recordedStreams, type RecordedStream} from '../../support/recorded-streams.ts';
import {propertyRuns} from '../../support/property-runs.ts';

const gateFor = ({dialect, client}: RecordedStream): Gate => {
	const gate = createGate(dialect, {client, requestedModel: 'gpt-5.5', eventBytes: 1 << 20});
	gate.beginAttempt();
	return gate;
};

const play = (
	gate: Gate,
	chunks: readonly Buffer[],
): {readonly bytes: Buffer; readonly verdicts: readonly StreamVerdict[]} => {
	const steps: GateStep[] = chunks.map(chunk => gate.push(chunk));
	steps.push(gate.end());
	return {
		bytes: Buffer.concat(steps.flatMap(({write}) => (write === undefined ? [] : [write]))),
		verdicts: steps.flatMap(({verdict}) => (verdict === undefined ? [] : [verdict])),
	};
};

const terminals = new Set(['response.completed', 'response.incomplete', 'response.failed', 'error', 'message_stop']);

const terminalCount = (bytes: Buffer): number =>
	parseSse(bytes).filter(
		({event, data}) => terminals.has(event ?? '') || data === '[DONE]' || data.startsWith('{"error"'),
	).length;

const eventEnd = /(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r)$/;

const brokenOff = {kind: 'mid-stream-break', code: 'stream-cut', sentence: 'relay-a broke off. Ask again.'} as const;

/** What is wrong when the upstream ends behind `cut` bytes; collected, because one `expect` per byte would take minutes. */
const wrongAt = (stream: RecordedStream, cut: number): readonly string[] => {
	const {bytes: whole, client, dialect} = stream;
	const gate = gateFor(stream);
	const {bytes, verdicts} = play(gate, [whole.subarray(0, cut)]);
	const headSent = gate.hasWritten();
	const target = {client, dialect, isStreaming: true, headSent, hasUnary: false};
	const ending = encodeEnding(brokenOff, target);
	// Without its last byte a stream whose lines end in CRLF or CR is whole all the same.
	const isWhole = cut === whole.length - 1 && verdicts[0]?.kind === 'completed';
	const tail = ending.kind === 'tail' && !isWhole ? ending.write : Buffer.alloc(0);
	const checks: Readonly<Record<string, boolean>> = {
		'one verdict': verdicts.length === 1 && (isWhole || verdicts[0]?.kind === 'cut'),
		'the upstream’s bytes': whole.subarray(0, bytes.length).equals(bytes),
		'whole events': bytes.length === 0 || eventEnd.test(bytes.toString('latin1', bytes.length - 4)),
		'the head is known': headSent === bytes.length > 0,
		'one ending': terminalCount(Buffer.concat([bytes, tail])) === (headSent ? 1 : 0),
	};
	return Object.keys(checks).flatMap(name => (checks[name] ? [] : [`byte ${cut}: ${name}`]));
};

describe.each(recordedStreams)('$name', stream => {
	const {bytes: whole} = stream;

	test('comes out as it came in, with one verdict', () => {
		const {bytes, verdicts} = play(gateFor(stream), [whole]);
		expect(bytes.toString()).toBe(whole.toString());
		expect(verdicts).toEqual([expect.objectContaining({kind: 'completed', event: stream.terminal})]);
	});

	test('comes out as it came in however it is cut into chunks', () => {
		fc.assert(
			fc.property(fc.array(fc.nat({max: whole.length}), {maxLength: 40}), cuts => {
				const points = [0, ...cuts.toSorted((one, other) => one - other), whole.length];
				const chunks = points.slice(1).map((point, index) => whole.subarray(points[index], point));
				const {bytes, verdicts} = play(gateFor(stream), chunks);
				expect(bytes.equals(whole)).toBe(true);
				expect(verdicts).toHaveLength(1);
			}),
			propertyRuns(150),
		);
		const single = play(
			gateFor(stream),
			[...whole].map(byte => Buffer.from([byte])),
		);
		expect(single.bytes.equals(whole)).toBe(true);
		expect(single.verdicts).toHaveLength(1);
	});

	test('cut at every byte gives one verdict, whole events, and one ending with the encoder’s tail', () => {
		const wrong = Array.from({length: whole.length}, (_, cut) => wrongAt(stream, cut)).flat();
		expect(wrong).toEqual([]);
	});

	test('drops what comes behind the terminal event, in the same chunk and later', () => {
		const more = Buffer.from('event: response.failed\ndata: {"type":"response.failed"}\n\n');
		const gate = gateFor(stream);
		const {bytes, verdicts} = play(gate, [Buffer.concat([whole, more]), more]);
		expect(bytes.toString()).toBe(whole.toString());
		expect(verdicts).toHaveLength(1);
	});
});

const finishedItems = (bytes: Buffer): readonly string[] =>
	parseSse(bytes)
		.filter(({event}) => event === 'response.output_item.done')
		.map(({data}) => data);

/** What is wrong when the first upstream dies behind `cut` bytes and, where the window is open, a second one takes over. */
const wrongTakeover = ([first, second]: readonly [RecordedStream, RecordedStream], cut: number): readonly string[] => {
	const gate = gateFor(first);
	const early = play(gate, [first.bytes.subarray(0, cut)]);
	if (!gate.canMove()) {
		return finishedItems(early.bytes).length > 0 ? [] : [`byte ${cut}: shut although nothing is finished`];
	}

	gate.beginAttempt();
	const late = play(gate, [second.bytes]);
	const checks: Readonly<Record<string, boolean>> = {
		'the second answer comes whole': late.bytes.equals(second.bytes) && late.verdicts.length === 1,
		'nothing of the first is finished': finishedItems(early.bytes).length === 0 && terminalCount(early.bytes) === 0,
	};
	return Object.keys(checks).flatMap(name => (checks[name] ? [] : [`byte ${cut}: ${name}`]));
};

test('a second upstream may take over from Codex’s first at every byte while nothing is finished', () => {
	const streams = recordedStreams.filter(({client}) => client === 'codex');
	const [second] = streams;
	expect(second).toBeDefined();
	const wrong = streams.flatMap(first =>
		second === undefined
			? []
			: Array.from({length: first.bytes.length - 1}, (_, cut) => wrongTakeover([first, second], cut)).flat(),
	);
	expect(wrong).toEqual([]);
});
