import {describe, expect, test} from 'vitest';
import {english} from '../../../source/tui/language/english/english.ts';
import {titleOfSession} from '../../../source/tui/panes/session-facts.ts';
import {sessionRows, type SessionRow} from '../../../source/tui/store/session-rows.ts';
import {sampleState} from '../../support/sample-state.ts';

const rows = sessionRows(sampleState('full', 'sessions', [160, 48]));

const rowOf = (key: string): SessionRow => rows.find(row => row.key.startsWith(key)) ?? expect.fail(`no row ${key}`);

describe('what a session is about', () => {
	test('is its first words where they are known', () => {
		expect(titleOfSession(rowOf('01a9e3f0'), english)).toBe('Mend the flaky test of the invoice export');
	});

	test('is the folder that it works in where no word is known', () => {
		const untitled = {...rowOf('01a9e3f0'), title: undefined, file: undefined, cwd: '/home/ada/projects/invoices'};
		expect(titleOfSession(untitled, english)).toContain('invoices');
	});

	test('names who works before the words of a thread that another began', () => {
		expect(titleOfSession(rowOf('01a9e3f1'), english)).toMatch(/^[^:]+: \S/);
	});
});
