import {describe, expect, test} from 'vitest';
import {FakeDoctor, sampleChecks} from '../support/sample-doctor.ts';
import {openScreen} from '../support/screen.ts';

const clipboardOf = (bytes: string): string | undefined => {
	const base64 = bytes.split('\u001B]52;c;').at(-1)?.split('\u0007')[0];
	return bytes.includes('\u001B]52;') ? Buffer.from(base64 ?? '', 'base64').toString() : undefined;
};

const quiet = sampleChecks.filter(({state}) => state === 'ok' || state === 'skipped');

describe('the page Doctor', () => {
	test('looks at everything when it is first shown, what is wrong first, and not again until it is asked', async () => {
		const doctor = new FakeDoctor(sampleChecks.toReversed());
		await using screen = await openScreen({doctor});
		await screen.type('8');
		await screen.until(/3 failed {2}1 warned {2}6 ok {2}ran \d\d:\d\d:\d\d/);
		const rows = screen.lines().filter(line => /[✖✔] (?:fail|ok)|! warn|- skip/.test(line.slice(0, 12)));
		expect(rows.map(row => row.slice(3, 9).trim()).slice(0, 5)).toEqual([
			'✖ fail',
			'✖ fail',
			'✖ fail',
			'! warn',
			'✔ ok',
		]);
		await screen.type('08');
		const whole = (): number => doctor.choices.filter(choice => choice === 'all').length;
		expect(whole()).toBe(1);
		await screen.type('r');
		expect(whole()).toBe(2);
	});

	test('H looks at the selected check only; the filter narrows by state and group', async () => {
		const doctor = new FakeDoctor();
		await using screen = await openScreen({doctor});
		await screen.type('8');
		await screen.until('3 failed');
		await screen.type('jH');
		expect(doctor.choices).toContainEqual(['key:codex/spare/default']);
		await screen.type('/state:warn\r');
		await screen.until('/state:warn  1 of 11');
		await screen.until('files.home');
	});

	test('Enter asks before it mends, n leaves all as it is, y mends and looks again', async () => {
		const doctor = new FakeDoctor();
		await using screen = await openScreen({doctor});
		await screen.type('8/about:files\r');
		await screen.until('1 of 11');
		await screen.type('\r');
		await screen.until('Make 1 file yours alone?');
		await screen.type('n');
		expect(doctor.repairs).toEqual([]);
		await screen.type('\ry');
		await screen.until('files.home was mended.');
		expect(doctor.repairs).toEqual(['files.home']);
		expect(doctor.choices).toContainEqual(['files.home']);
		await screen.until(/✔ ok +files +files\.home was mended/);
	});

	test('a repair that fails says why; where none is possible Enter shows how', async () => {
		const doctor = new FakeDoctor();
		doctor.refusal = 'The mode cannot be changed.';
		await using screen = await openScreen({doctor});
		await screen.type('8/about:files\r');
		await screen.until('1 of 11');
		await screen.type('\ry');
		await screen.until('The mode cannot be changed.');
		await screen.type('\u001B');
		await screen.type('/about:keys\r');
		await screen.until('Set SPARE_KEY in the shell');
		await screen.type('\r');
		expect(doctor.repairs).toEqual(['files.home']);
	});

	test('y copies the fix and Y the report, by OSC 52', async () => {
		await using screen = await openScreen({doctor: new FakeDoctor()});
		await screen.type('8');
		await screen.until('3 failed');
		await screen.type('jy');
		await screen.until('The fix is on the clipboard');
		expect(clipboardOf(screen.output.bytes)).toBe(
			'Set SPARE_KEY in the shell that starts codex-tui, and start it again.',
		);
		await screen.type('Y');
		await screen.until('The report is on the clipboard');
		expect(clipboardOf(screen.output.bytes)).toMatch(/^FAIL {4}client\.codex: [\s\S]*\n {8}fix: Run chmod 600/);
	});

	test('c tests a provider by a request only after it was told that it costs', async () => {
		const doctor = new FakeDoctor();
		await using screen = await openScreen({doctor});
		await screen.type('8c');
		await screen.until('Select a key or a provider');
		await screen.type('jc');
		await screen.until('Send spare one small request per account? It costs money. y yes  n no');
		await screen.type('\u0003');
		expect(doctor.choices.flat().filter(id => id.startsWith('deep:'))).toEqual([]);
		await screen.type('cy');
		expect(doctor.choices).toContainEqual(['deep:codex/spare/default']);
		expect(screen.quits()).toBe(0);
	});

	test('a read-only screen may look and copy, and neither mends nor spends', async () => {
		const doctor = new FakeDoctor();
		await using screen = await openScreen({doctor, readOnly: true});
		await screen.type('8');
		await screen.until('3 failed');
		await screen.type('\r');
		await screen.until('it may not mend anything');
		await screen.type('jc');
		await screen.until('it may not send a request');
		await screen.type('r');
		expect(doctor.choices.filter(choice => choice === 'all')).toHaveLength(2);
		expect(doctor.repairs).toEqual([]);
	});

	test('without a doctor the page says what to type instead', async () => {
		await using screen = await openScreen();
		await screen.type('8');
		await screen.until('codex-tui doctor');
	});
});

describe('an alert of the start', () => {
	test('is shown once, F asks and mends it, and the next one follows', async () => {
		const doctor = new FakeDoctor();
		await using screen = await openScreen({doctor, columns: 120});
		await screen.until(/✖ Codex is pointed at http:\/\/127\.0\.0\.1:9.*F fixes {2}Esc later 1 more/);
		await screen.type('F');
		await screen.until('Point Codex at http://127.0.0.1:3211? y yes  n no');
		await screen.type('y');
		await screen.until('client.codex was mended.');
		expect(doctor.repairs).toEqual(['client.codex']);
		await screen.type('F');
		await screen.until('key:codex/spare/default');
		await screen.until('Set SPARE_KEY');
		expect(screen.text()).not.toContain('F shows how');
	});

	test('Esc puts it away for good; a quiet start has none', async () => {
		await using screen = await openScreen({doctor: new FakeDoctor(), columns: 120});
		await screen.until('F fixes');
		await screen.type('\u001B');
		await screen.until(/spare lacks its key.*F shows how {2}Esc later/);
		await screen.type('b');
		await screen.until('● engine');
		const well = new FakeDoctor(quiet);
		await using calm = await openScreen({doctor: well, columns: 120});
		await expect.poll(() => well.choices).toEqual(['start']);
		await calm.type('F');
		await calm.until('There is no alert.');
	});
});
