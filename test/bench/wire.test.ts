import {describe, expect, test} from 'vitest';
import {codexBody} from './codex-request.ts';
import {chunk, deltaEvent, deltaText, framingEvents, lastChunk, streamEvents} from './stream.ts';
import {decodeChunks, readStamps} from './wire.ts';

const stamp = (us: number): string => `"delta":"@@${String(us).padStart(16, '0')} tick."`;

describe('the traffic of the bench', () => {
	test('is the stream of the goals: 308 events, 118 KB, deltas of 24 characters', () => {
		const events = streamEvents(300);
		const size = events.map(chunk).join('').length;
		expect(events).toHaveLength(300 + framingEvents);
		expect(deltaText(299)).toHaveLength(24);
		expect(deltaEvent(deltaText(0), 4).length).toBeGreaterThan(350);
		expect(deltaEvent(deltaText(0), 4).length).toBeLessThan(390);
		expect(size / 1000).toBeGreaterThan(110);
		expect(size / 1000).toBeLessThan(150);
		expect(events.at(-1)).toMatch(/^event: response\.completed\ndata: \{.*"usage":\{"input_tokens":9211/);
	});

	test.each([5000, 40_000, 1_000_000])('asks with a body of %i bytes that is valid JSON', size => {
		const body = codexBody(size, 0);
		expect(body.length).toBeGreaterThanOrEqual(size);
		expect(body.length).toBeLessThan(size * 1.1);
		expect(JSON.parse(body.toString())).toMatchObject({model: 'gpt-5.5', stream: true, tools: {length: 8}});
	});
});

describe('the client of the bench', () => {
	test('undoes chunks and refuses a size that is wrong', () => {
		expect(decodeChunks(`${chunk('data: a\n\n')}${chunk('data: b\n\n')}${lastChunk}`)).toBe('data: a\n\ndata: b\n\n');
		expect(() => decodeChunks(`5\r\nabc\r\n${lastChunk}`)).toThrow('chunk at byte 0');
	});

	test('reads the delay out of every stamp, also of one that lies across two reads', () => {
		const text = `${stamp(1000)}${stamp(1700)}`;
		for (let cut = 0; cut <= text.length; cut++) {
			const first = readStamps(text.slice(0, cut), 2000);
			const second = readStamps(first.rest + text.slice(cut), 2000);
			expect([...first.delaysUs, ...second.delaysUs]).toEqual([1000, 300]);
		}
	});
});
