import {appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {assert, asyncProperty, integer, property, uint8Array} from 'fast-check';
import {describe, expect, onTestFinished, test} from 'vitest';
import {textAt} from '../../../source/base/json.ts';
import {Ledger} from '../../../source/observe/ledger.ts';
import {LedgerReader} from '../../../source/observe/usage/ledger-reader.ts';
import {LineCutter, longestLineBytes} from '../../../source/observe/usage/line-cutter.ts';
import {temporaryFolder} from '../../support/folder.ts';
import {propertyRuns} from '../../support/property-runs.ts';
import {usageLine} from '../../support/usage-lines.ts';

const open = () => {
	const folder = temporaryFolder();
	const logPath = path.join(folder.path, 'requests.jsonl');
	const ids: string[] = [];
	const reader = new LedgerReader({
		path: logPath,
		take: record => {
			const id = textAt(record, 'request_id');
			ids.push(...(id === undefined ? [] : [id]));
			return id !== undefined;
		},
	});
	onTestFinished(async () => {
		await reader.close();
		folder[Symbol.dispose]();
	});
	const rotatedAt = (stamp: string): string => path.join(folder.path, `requests.${stamp}.jsonl`);
	return {folder: folder.path, logPath, ids, reader, rotatedAt};
};

const line = (id: string): string => usageLine({atMs: 1, id});
const june = '2026-06-01T10-00-00-000Z';
const july = '2026-07-01T10-00-00-000Z';
const august = '2026-08-01T10-00-00-000Z';

describe('the reader of the ledger', () => {
	test('reads nothing where there is no file and no folder yet, and begins when there is one', async () => {
		const {folder, logPath, ids, reader} = open();
		await reader.read(0);
		rmSync(folder, {recursive: true});
		await reader.read(0);
		expect(ids).toEqual([]);
		mkdirSync(folder);
		writeFileSync(logPath, line('a'));
		await reader.read(0);
		expect(ids).toEqual(['a']);
	});

	test('takes what is new, and a line only when it is whole', async () => {
		const {logPath, ids, reader} = open();
		writeFileSync(logPath, line('a') + line('b').slice(0, 50));
		await reader.read(0);
		expect(ids).toEqual(['a']);
		appendFileSync(logPath, line('b').slice(50) + line('c'));
		await reader.read(0);
		await reader.read(0);
		expect(ids).toEqual(['a', 'b', 'c']);
		expect(reader.brokenLines).toBe(0);
	});

	test('counts lines that are no record, torn ones among them, and skips one without end', async () => {
		const {logPath, ids, reader} = open();
		const endless = Buffer.alloc(10 * 1024 * 1024, 'x');
		const cut = Buffer.from(line('漢字')).subarray(0, 60);
		writeFileSync(
			logPath,
			Buffer.concat([Buffer.from(`${line('a')}{"x":1}\n\nnull\n`), cut, Buffer.from('\n'), endless]),
		);
		appendFileSync(logPath, `\n${line('b')}`);
		await reader.read(0);
		expect(ids).toEqual(['a', 'b']);
		expect(reader.brokenLines).toBe(4);
	});

	test('reads rotated files, compressed or not, only as far back as is asked for and each once', async () => {
		const {logPath, ids, reader, rotatedAt} = open();
		writeFileSync(`${rotatedAt(june)}.gz`, gzipSync(line('june')));
		writeFileSync(`${rotatedAt(july)}.gz`, gzipSync(line('july')));
		writeFileSync(rotatedAt(august), line('august'));
		writeFileSync(`${rotatedAt(august)}.gz.tmp`, 'half');
		writeFileSync(logPath, line('now'));
		await reader.read(Date.UTC(2026, 6, 15));
		expect(ids).toEqual(['now', 'august']);
		expect(reader.filesLeft(0)).toBe(2);
		await reader.read(0);
		await reader.read(0);
		expect(ids).toEqual(['now', 'august', 'july', 'june']);
		expect(reader.filesLeft(0)).toBe(0);
	});

	test('takes each line once when the file is rotated and compressed between two looks, twice even', async () => {
		const {logPath, ids, reader, rotatedAt} = open();
		writeFileSync(logPath, line('a'));
		await reader.read(0);
		appendFileSync(logPath, line('b'));
		renameSync(logPath, rotatedAt(june));
		writeFileSync(`${rotatedAt(june)}.gz`, gzipSync(readFileSync(rotatedAt(june))));
		rmSync(rotatedAt(june));
		writeFileSync(logPath, line('c'));
		renameSync(logPath, rotatedAt(july));
		await reader.read(0);
		writeFileSync(logPath, line('d'));
		await reader.read(0);
		expect(ids).toEqual(['a', 'b', 'c', 'd']);
	});

	test('a file that was cut short in place is read from its start', async () => {
		const {logPath, ids, reader} = open();
		writeFileSync(logPath, line('a') + line('b'));
		await reader.read(0);
		truncateSync(logPath);
		await reader.read(0);
		appendFileSync(logPath, line('c'));
		await reader.read(0);
		expect(ids).toEqual(['a', 'b', 'c']);
	});

	test('a compressed file that is damaged is named, what stood before the damage counts', async () => {
		const {logPath, ids, reader, rotatedAt} = open();
		const many = Array.from({length: 4000}, (_, index) => line(`j${index}${Math.random()}`)).join('');
		const whole = gzipSync(many);
		writeFileSync(`${rotatedAt(june)}.gz`, whole.subarray(0, whole.length / 2));
		writeFileSync(logPath, line('now'));
		await reader.read(0);
		expect(reader.unreadableFiles).toEqual([path.basename(rotatedAt(june))]);
		expect(ids.length).toBeGreaterThan(100);
		expect(ids[0]).toBe('now');
	});

	test('sees every record of the real ledger once while it writes and rotates', async () => {
		const {logPath, ids, reader} = open();
		const ledger = new Ledger({path: logPath, now: Date.now, maxBytes: 4096, onHealth: () => undefined});
		const wanted: string[] = [];
		await assert(
			asyncProperty(integer({min: 1, max: 8}), async count => {
				for (let index = 0; index < count; index++) {
					const id = `r${wanted.length}`;
					wanted.push(id);
					ledger.append(JSON.parse(line(id)));
				}

				await reader.read(0);
			}),
			propertyRuns(60),
		);
		await ledger.close();
		await reader.read(0);
		expect(ids.toSorted()).toEqual(wanted.toSorted());
		expect(reader.brokenLines).toBe(0);
	});
});

describe('lines', () => {
	test('are the same however the blocks are cut', () => {
		const text = Buffer.from(`eins\n\nzwei 漢字\n  \n${'x'.repeat(300)}\nrest`);
		assert(
			property(uint8Array({min: 1, maxLength: 60}), sizes => {
				const lines: string[] = [];
				const cutter = new LineCutter({onLine: found => lines.push(found), onTooLong: () => lines.push('too long')});
				let at = 0;
				for (const size of sizes) {
					cutter.push(text.subarray(at, at + size));
					at += size;
				}

				cutter.push(text.subarray(at));
				cutter.end();
				expect(lines).toEqual(['eins', 'zwei 漢字', 'x'.repeat(300), 'rest']);
			}),
			propertyRuns(200),
		);
	});

	test('one that is longer than any record is left out whole', () => {
		const lines: string[] = [];
		const cutter = new LineCutter({onLine: found => lines.push(found), onTooLong: () => lines.push('too long')});
		for (let index = 0; index < 3; index++) {
			cutter.push(Buffer.alloc(longestLineBytes, 'x'));
		}

		cutter.push(Buffer.from('\nnext\n'));
		expect(lines).toEqual(['too long', 'next']);
	});
});
