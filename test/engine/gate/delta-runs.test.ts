import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {createGate} from '../../../source/engine/gate/create-gate.ts';
import type {Gate} from '../../../source/engine/gate/gate.ts';
import {deltaEnd} from '../../../source/wire/sse.ts';
import {propertyRuns} from '../../support/property-runs.ts';

/* Deltas in a row are passed on by their ends alone; whatever else stands between them must be seen as if each byte came by itself. */

const delta = 'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"x"}\n\n';

const anyPiece = fc.constantFrom(
	delta,
	'data: {"type":"response.output_text.delta","delta":"no name"}\n\n',
	'event: response.output_text.delta\nid: 7\ndata: {"delta":"two lines"}\n\n',
	'event: response.output_text.delta\ndata: {"delta":\ndata: "two data"}\n\n',
	'event: response.output_text.delta\n\n',
	'event: response.output_text.delta\ndata:\n\n',
	'event: response.output_text.delta\r\ndata: {"delta":"crlf"}\r\n\r\n',
	'event: response.output_text.delta',
	'event: response.created\ndata: {"type":"response.created","response":{}}\n\n',
	'event: response.output_item.done\ndata: {"type":"response.output_item.done","item":{"type":"reasoning"}}\n\n',
	'event: response.completed\ndata: {"type":"response.completed","response":{"id":"r","usage":{"output_tokens":3}}}\n\n',
	'event: response.failed\ndata: {"type":"response.failed","response":{"error":{"code":"server_error"}}}\n\n',
	': comment\n\n',
	'\n',
	'\n\n',
	'data: [DONE]\n\n',
);

interface Seen {
	readonly written: string;
	readonly verdicts: readonly unknown[];
	readonly events: number;
	readonly life: number;
	readonly hasSpoken: boolean;
	readonly canMove: boolean;
}

const gateFor = (client: 'codex' | 'sdk'): Gate => {
	const gate = createGate('responses', {client, requestedModel: 'gpt', eventBytes: 500});
	gate.beginAttempt();
	return gate;
};

const runThrough = (gate: Gate, stream: Buffer, chunkBytes: number): Seen => {
	const written: Buffer[] = [];
	const verdicts: unknown[] = [];
	const note = ({write, verdict}: ReturnType<Gate['push']>): void => {
		written.push(...(write ? [write] : []));
		verdicts.push(...(verdict ? [verdict] : []));
	};
	for (let at = 0; at < stream.length; at += chunkBytes) {
		note(gate.push(Buffer.from(stream.subarray(at, at + chunkBytes))));
	}

	note(gate.end());
	return {
		written: String(Buffer.concat(written)),
		verdicts,
		events: gate.eventCount(),
		life: gate.lifeCount(),
		hasSpoken: gate.hasSpoken(),
		canMove: gate.canMove(),
	};
};

const endOf = (text: string): number => deltaEnd(Buffer.from(text), 0);

describe('deltas in a row', () => {
	test.each(['codex', 'sdk'] as const)('are the same to a gate for %s as byte by byte', client => {
		fc.assert(
			fc.property(fc.array(anyPiece, {maxLength: 12}), fc.integer({min: 2, max: 400}), (pieces, chunkBytes) => {
				const stream = Buffer.from(pieces.join(''));
				expect(runThrough(gateFor(client), stream, chunkBytes)).toEqual(runThrough(gateFor(client), stream, 1));
			}),
			propertyRuns(1000),
		);
	});

	test('end where their blank line ends, and only where that is sure', () => {
		expect(endOf(delta)).toBe(delta.length);
		expect(endOf(delta + delta)).toBe(delta.length);
		expect(endOf(delta.slice(0, -1))).toBe(-1);
		expect(endOf(`${delta}\n`)).toBe(-1);
		expect(endOf('event: response.output_text.delta\nid: 1\ndata: {}\n\n')).toBe(-1);
		expect(endOf('event: response.output_text.delta\n\n')).toBe(-1);
		expect(endOf('event: response.completed\ndata: {}\n\n')).toBe(-1);
	});

	test('over the limit of an event are refused', () => {
		const gate = gateFor('codex');
		const long = `event: response.output_text.delta\ndata: {"delta":"${'x'.repeat(600)}"}\n\n`;
		expect(gate.push(Buffer.from(delta + long)).verdict).toMatchObject({kind: 'garbage'});
	});
});
