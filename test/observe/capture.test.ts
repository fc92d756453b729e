import {describe, expect, test} from 'vitest';
import {Capture} from '../../source/observe/capture.ts';

const small = {exchangeBytes: 100, totalBytes: 250, exchanges: 3};
const body = (size: number): Buffer => Buffer.alloc(size, 'x');

describe('the capture', () => {
	test('keeps copies: whoever feeds it may use its buffers again', () => {
		const capture = new Capture();
		const given = Buffer.from('{"input":"hi"}');
		capture.begin('r1', {dialect: 'responses', body: given});
		given.fill(0);
		expect(String(capture.read('r1')?.body)).toBe('{"input":"hi"}');
	});

	test('joins the chunks of each attempt and keeps spliced attempts apart', () => {
		const capture = new Capture();
		capture.begin('r1', {dialect: 'responses', body: body(1)});
		capture.reply('r1', Buffer.from('a1'), 1);
		capture.reply('r1', Buffer.from('a2'), 1);
		capture.reply('r1', Buffer.from('b'), 2);
		expect(capture.read('r1')?.replies.map(String)).toEqual(['a1a2', 'b']);
	});

	test('forgets the reply of an attempt that was thrown away', () => {
		const capture = new Capture();
		capture.begin('r1', {dialect: 'responses', body: body(1)});
		capture.reply('r1', Buffer.from('half'), 1);
		capture.discardReply('r1');
		capture.reply('r1', Buffer.from('whole'), 2);
		capture.end('r1');
		expect(capture.read('r1')).toMatchObject({isLive: false, isTruncated: false});
		expect(capture.read('r1')?.replies.map(String)).toEqual(['whole']);
	});

	test('changes its version with every change and never shares one', () => {
		const capture = new Capture();
		const versions = new Set<number | undefined>();
		capture.begin('r1', {dialect: 'responses', body: body(1)});
		versions.add(capture.versionOf('r1'));
		capture.begin('r2', {dialect: 'responses', body: body(1)});
		versions.add(capture.versionOf('r2'));
		capture.reply('r1', body(1), 1);
		versions.add(capture.versionOf('r1'));
		capture.end('r1');
		versions.add(capture.versionOf('r1'));
		expect(versions.size).toBe(4);
	});

	test('keeps at most the limit of one exchange and says that something is missing', () => {
		const capture = new Capture(small);
		capture.begin('big', {dialect: 'responses', body: body(101)});
		expect(capture.read('big')).toMatchObject({body: undefined, isTruncated: true});
		capture.begin('long', {dialect: 'responses', body: body(50)});
		capture.reply('long', body(50), 1);
		capture.reply('long', body(1), 1);
		expect(capture.read('long')).toMatchObject({isTruncated: true});
	});

	test('has the room of a discarded reply again', () => {
		const capture = new Capture(small);
		capture.begin('r1', {dialect: 'responses', body: body(50)});
		capture.reply('r1', body(40), 1);
		capture.discardReply('r1');
		capture.reply('r1', body(50), 2);
		expect(capture.read('r1')).toMatchObject({isTruncated: false});
	});

	test('overwrites the oldest bytes, and says of a running exchange that something is missing', () => {
		const capture = new Capture({...small, exchanges: 10});
		capture.begin('live', {dialect: 'responses', body: body(90)});
		capture.begin('ended', {dialect: 'responses', body: body(90)});
		capture.end('ended');
		expect(capture.read('ended')?.body).toHaveLength(90);
		capture.begin('newest', {dialect: 'responses', body: body(90)});
		expect(capture.read('live')).toMatchObject({body: undefined, isTruncated: true, isLive: true});
		expect(capture.read('newest')?.body).toHaveLength(90);
		capture.begin('last', {dialect: 'responses', body: body(90)});
		expect(capture.read('ended')).toBeUndefined();
	});

	test('holds a bounded number of empty exchanges too', () => {
		const capture = new Capture(small);
		for (let index = 0; index < 10; index++) {
			capture.begin(`r${index}`, {dialect: 'responses', body: body(0)});
			capture.end(`r${index}`);
		}

		expect(['r6', 'r7', 'r8', 'r9'].map(id => capture.read(id) !== undefined)).toEqual([false, true, true, true]);
	});

	test('keeps what still runs beyond the bound, and forgets it in its turn when it has ended', () => {
		const capture = new Capture(small);
		const begin = (id: string): void => capture.begin(id, {dialect: 'responses', body: body(0)});
		const held = (...ids: readonly string[]): readonly string[] => ids.filter(id => capture.read(id) !== undefined);
		for (const id of ['r0', 'r1', 'r2', 'r3', 'r4']) {
			begin(id);
		}

		expect(held('r0', 'r1', 'r2', 'r3', 'r4')).toHaveLength(5);
		capture.end('r1');
		for (let index = 5; index < 20; index++) {
			begin(`r${index}`);
			capture.end(`r${index}`);
		}

		expect(held('r0', 'r1', 'r2', 'r3', 'r4', 'r18', 'r19')).toEqual(['r0', 'r2', 'r3', 'r4', 'r19']);
		for (const id of ['r0', 'r2', 'r3', 'r4']) {
			capture.end(id);
		}

		for (let index = 20; index < 30; index++) {
			begin(`r${index}`);
			capture.end(`r${index}`);
		}

		expect(held('r0', 'r2', 'r3', 'r4', 'r26', 'r27', 'r28', 'r29')).toEqual(['r27', 'r28', 'r29']);
	});

	test('gives back where a request went and with what', () => {
		const capture = new Capture();
		const sent = {method: 'POST', path: '/v1/responses', query: '?a=1', headers: {'x-note': '试 "quoted"'}};
		capture.begin('r1', {dialect: 'responses', body: body(9), sent});
		expect(capture.read('r1')?.sent).toEqual(sent);
	});

	test('ignores bytes of a request that it does not know', () => {
		const capture = new Capture();
		capture.reply('unknown', body(5), 1);
		capture.discardReply('unknown');
		capture.end('unknown');
		expect(capture.read('unknown')).toBeUndefined();
	});
});
