import {execFileSync, spawn} from 'node:child_process';
import {
	appendFileSync,
	chmodSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {gunzipSync} from 'node:zlib';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {ControlTrace} from '../../source/observe/control-trace.ts';
import {Ledger, readLedger} from '../../source/observe/ledger.ts';
import type {LogHealth} from '../../source/observe/log-file.ts';
import {attemptStart, callIdentified, ledgerRecord, replyEnd} from '../support/events.ts';

let folder = '';
let healths: LogHealth[] = [];
const onHealth = (health: LogHealth): void => {
	healths.push(health);
};
const now = (): number => Date.now();
const fileIn = (name: string): string => path.join(folder, name);
const linesOf = (file: string): unknown[] =>
	readFileSync(file, 'utf8')
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line) as unknown);

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'codex-tui-ledger-'));
	healths = [];
});

afterEach(() => {
	rmSync(folder, {recursive: true, force: true});
});

describe('the ledger', () => {
	test('writes one line for each request at once, readable by its owner only', async () => {
		const file = fileIn('requests.jsonl');
		const ledger = new Ledger({path: file, onHealth, now});
		ledger.append(ledgerRecord('r1'));
		ledger.append(ledgerRecord('r2', {status_code: 503, outcome: 'failed'}));
		expect(linesOf(file)).toEqual([ledgerRecord('r1'), ledgerRecord('r2', {status_code: 503, outcome: 'failed'})]);
		expect(statSync(file).mode & 0o777).toBe(0o600);
		await ledger.close();
		expect(healths).toEqual([]);
	});

	test("closes a file of somebody else's mode, whatever the umask was", async () => {
		const file = fileIn('requests.jsonl');
		writeFileSync(file, '');
		chmodSync(file, 0o666);
		await new Ledger({path: file, onHealth, now}).close();
		expect(statSync(file).mode & 0o777).toBe(0o600);
	});

	test('SEC-34 keeps a name with a line break on one line', async () => {
		const file = fileIn('requests.jsonl');
		const ledger = new Ledger({path: file, onHealth, now});
		ledger.append(ledgerRecord('r1', {model: 'gpt\n{"request_id":"forged"}\u001B[2J'}));
		await ledger.close();
		expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(2);
		expect(await readLedger(file, {tail: 10})).toHaveLength(1);
	});

	test('REL-37 ends a torn line at the next start, so that only that line is lost', async () => {
		const file = fileIn('requests.jsonl');
		writeFileSync(file, `${JSON.stringify(ledgerRecord('r1'))}\n{"request_id":"r2","timest`);
		const ledger = new Ledger({path: file, onHealth, now});
		ledger.append(ledgerRecord('r3'));
		await ledger.close();
		const records = await readLedger(file, {tail: 10});
		expect(records.map(record => record.request_id)).toEqual(['r1', 'r3']);
	});

	test('REL-37 survives kill -9 at any moment: every line but at most the last is whole', async () => {
		const file = fileIn('requests.jsonl');
		const script = path.join(import.meta.dirname, 'child/write-ledger.ts');
		const node = path.join(import.meta.dirname, '../../node_modules/.bin/node');
		let surelyWritten = -1;
		for (let run = 0; run < 20; run++) {
			const child = spawn(node, [script, file, String(surelyWritten + 1)], {stdio: ['ignore', 'pipe', 'inherit']});
			let said = '';
			child.stdout.setEncoding('utf8').on('data', (text: string) => {
				said += text;
			});
			await once(child.stdout, 'data');
			await sleep(Math.random() * 15);
			child.kill('SIGKILL');
			await once(child, 'close');
			surelyWritten = Number(said.trimEnd().split('\n').at(-1));
			const lines = readFileSync(file, 'utf8').split('\n');
			const torn = lines.slice(0, -1).filter(line => line !== '' && !line.endsWith('}'));
			expect(torn.length).toBeLessThanOrEqual(run);
			const written = new Set((await readLedger(file, {tail: Number.POSITIVE_INFINITY})).map(({request_id: id}) => id));
			expect(written.has(`req_${surelyWritten}`)).toBe(true);
		}
	}, 60_000);

	test('reads the newest records from the end of a file that is larger than it may read', async () => {
		const file = fileIn('requests.jsonl');
		const count = 3000;
		const text = Array.from({length: count}, (_, index) =>
			JSON.stringify(ledgerRecord(`r${index}`, {cwd: '漢'.repeat(99)})),
		);
		writeFileSync(file, `${text.join('\n')}\n`);
		const newest = await readLedger(file, {tail: 500});
		expect(newest.map(record => record.request_id)).toEqual(
			Array.from({length: 500}, (_, index) => `r${count - 500 + index}`),
		);
		const bounded = await readLedger(file, {tail: count, maxBytes: 10_000});
		expect(bounded.length).toBeGreaterThan(10);
		expect(bounded.length).toBeLessThan(50);
		expect(await readLedger(file, {tail: count})).toHaveLength(count);
	});

	test('has no records where there is no file', async () => {
		expect(await readLedger(fileIn('none.jsonl'), {tail: 5})).toEqual([]);
	});

	test('skips foreign and torn lines', async () => {
		const file = fileIn('requests.jsonl');
		writeFileSync(file, `\n[]\nnull\n{"a":1}\n\u0000\u0000\n${JSON.stringify(ledgerRecord('r1'))}\n{"request_id":"`);
		expect(await readLedger(file, {tail: 5})).toEqual([ledgerRecord('r1')]);
	});

	test('rotates a full file, compresses it and goes on in a new one without losing a line', async () => {
		const file = fileIn('requests.jsonl');
		const ledger = new Ledger({path: file, onHealth, now, maxBytes: 20_000});
		for (let index = 0; index < 200; index++) {
			ledger.append(ledgerRecord(`r${index}`));
			if (index % 50 === 0) {
				await sleep(3);
			}
		}

		await ledger.close();
		const rotated = readdirSync(folder).filter(name => name.endsWith('.jsonl.gz'));
		expect(rotated.length).toBeGreaterThan(0);
		expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([]);
		const all =
			rotated.map(name => gunzipSync(readFileSync(fileIn(name))).toString()).join('') + readFileSync(file, 'utf8');
		expect(all.trimEnd().split('\n')).toHaveLength(200);
		expect(rotated.map(name => statSync(fileIn(name)).mode & 0o777)).toEqual(rotated.map(() => 0o600));
		expect(healths).toEqual([]);
	});

	test('compresses what a killed process left behind and deletes what is too old', async () => {
		const file = fileIn('requests.jsonl');
		writeFileSync(fileIn('requests.2026-01-01T00-00-00-000Z.jsonl'), '{}\n');
		writeFileSync(fileIn('requests.2026-01-02T00-00-00-000Z.jsonl.gz.tmp'), 'half');
		writeFileSync(fileIn('requests.old.jsonl'), 'not ours');
		await new Ledger({path: file, onHealth, now}).close();
		expect(readdirSync(folder).toSorted()).toEqual([
			'requests.2026-01-01T00-00-00-000Z.jsonl.gz',
			'requests.jsonl',
			'requests.old.jsonl',
		]);
		await new Ledger({path: file, onHealth, now: () => Date.now() + 401 * 24 * 3_600_000}).close();
		expect(readdirSync(folder).toSorted()).toEqual(['requests.jsonl', 'requests.old.jsonl']);
	});

	test('REL-38 tells a full disk once, never throws and leaves a device as it is', async () => {
		// /dev/full answers every write with ENOSPC.
		const modeBefore = statSync('/dev/full').mode;
		const ledger = new Ledger({path: '/dev/full', onHealth, now});
		ledger.append(ledgerRecord('r1'));
		ledger.append(ledgerRecord('r2'));
		await ledger.close();
		expect(healths).toEqual([{path: '/dev/full', isWritable: false, lostLines: 1, code: 'ENOSPC'}]);
		expect(statSync('/dev/full').mode).toBe(modeBefore);
	});

	test('REL-38 ends a line that a full disk cut short, as soon as there is room again', async () => {
		const file = fileIn('requests.jsonl');
		const script = path.join(import.meta.dirname, 'child/fill-disk.ts');
		const node = path.join(import.meta.dirname, '../../node_modules/.bin/node');
		const limited = `trap '' XFSZ; ulimit -f 2; exec "${node}" "${script}" "${file}"`;
		const told = JSON.parse(execFileSync('bash', ['-c', limited], {encoding: 'utf8'})) as unknown;
		expect(told).toMatchObject([{isWritable: false, lostLines: 1}, {isWritable: true}]);
		const ids = (await readLedger(file, {tail: 50})).map(record => record.request_id);
		expect(ids[0]).toBe('full_0');
		expect(ids.at(-1)).toBe('after');
		expect(readFileSync(file, 'utf8').split('\n').at(-2)).toMatch(/^\{.*\}$/);
	});

	test('REL-38 goes on by itself when a folder that was missing is there again', async () => {
		const file = fileIn('later/requests.jsonl');
		const ledger = new Ledger({path: file, onHealth, now});
		ledger.append(ledgerRecord('lost'));
		expect(healths).toMatchObject([{isWritable: false, code: 'ENOENT'}]);
		mkdirSync(fileIn('later'));
		await sleep(1100);
		ledger.append(ledgerRecord('kept'));
		await ledger.close();
		expect(linesOf(file)).toEqual([ledgerRecord('kept')]);
		expect(healths.at(-1)).toMatchObject({isWritable: true, lostLines: 1});
	});

	test('REL-38 goes on in a new file when its own was moved away or deleted with its folder', async () => {
		mkdirSync(fileIn('logs'));
		const file = fileIn('logs/requests.jsonl');
		const ledger = new Ledger({path: file, onHealth, now});
		ledger.append(ledgerRecord('moved'));
		renameSync(fileIn('logs'), fileIn('old'));
		await sleep(1100);
		ledger.append(ledgerRecord('lost'));
		expect(healths).toMatchObject([{isWritable: false, code: 'ENOENT'}]);
		mkdirSync(fileIn('logs'));
		await sleep(1100);
		ledger.append(ledgerRecord('kept'));
		await ledger.close();
		expect([linesOf(fileIn('old/requests.jsonl')), linesOf(file)]).toEqual([
			[ledgerRecord('moved')],
			[ledgerRecord('kept')],
		]);
		expect(healths.slice(1)).toMatchObject([{isWritable: true, lostLines: 1}]);
	});

	test('REL-38 tells once, and not with every line, of a full file that cannot be moved aside', async () => {
		const file = fileIn('requests.jsonl');
		const ledger = new Ledger({path: file, onHealth, now, maxBytes: 2000});
		ledger.append(ledgerRecord('r0'));
		// Within a second of the last look nobody knows yet that the file is gone: it cannot be renamed.
		rmSync(file);
		for (let index = 1; index < 20; index++) {
			ledger.append(ledgerRecord(`r${index}`));
		}

		expect(healths).toMatchObject([{isWritable: false, lostLines: 0, code: 'ENOENT'}]);
		await ledger.close();
	});
});

describe('the control trace file', () => {
	test("writes the decisions within 250 ms, with the service of their request and codex-helper's names", async () => {
		const file = fileIn('control_trace.jsonl');
		const trace = new ControlTrace({path: file, onHealth, now});
		trace.append(callIdentified('r1', 10));
		trace.append(attemptStart('r1', 11));
		trace.append({type: 'reply-delta', requestId: 'r1', atMs: 12, events: 1, bytes: 1});
		trace.append(replyEnd('r1', 13));
		expect(readFileSync(file, 'utf8')).toBe('');
		await sleep(400);
		expect(linesOf(file)).toMatchObject([
			{ts_ms: 10, kind: 'call-identified', service: 'codex', request_id: 'r1', trace_id: 'r1'},
			{ts_ms: 11, kind: 'attempt-start', service: 'codex', event: 'attempt_select', payload: {attempt: 1}},
			{ts_ms: 13, kind: 'reply-end', service: 'codex', event: 'request_completed', detail: 'success (200) after 1 s'},
		]);
		expect(linesOf(file).at(-1)).toHaveProperty('payload', {outcome: 'success', status_code: 200, duration_ms: 1000});
		await trace.close();
	});

	test('writes what waits when it is closed, and keeps five files', async () => {
		const file = fileIn('control_trace.jsonl');
		for (let run = 0; run < 8; run++) {
			const trace = new ControlTrace({path: file, onHealth, now, maxBytes: 100});
			trace.append(attemptStart(`r${run}`, 11));
			await trace.close();
			await sleep(3);
		}

		expect(readdirSync(folder)).toHaveLength(5);
		expect(linesOf(file)).toMatchObject([{request_id: 'r7'}]);
	});

	test('leaves a file alone whose name only looks alike', async () => {
		const file = fileIn('control_trace.jsonl');
		appendFileSync(fileIn('control_trace.2.jsonl'), 'x');
		await new ControlTrace({path: file, onHealth, now}).close();
		expect(readFileSync(fileIn('control_trace.2.jsonl'), 'utf8')).toBe('x');
	});
});
