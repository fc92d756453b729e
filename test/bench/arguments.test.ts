import {describe, expect, test} from 'vitest';
import {readArguments} from './arguments.ts';
import {measuredRows} from './rows.ts';

describe('the command line of the bench', () => {
	test('measures every row of ourselves when nothing is asked for', () => {
		expect(readArguments([])).toEqual({
			isHelp: false,
			isQuick: false,
			isCheck: false,
			rows: measuredRows,
			subject: 'codex-tui',
		});
	});

	test('takes rows in any case, with or without spaces', () => {
		expect(readArguments(['--only', 'p1, P6', '--check']).rows).toEqual(['P1', 'P6']);
	});

	test.each([
		[['--only', 'P1,P4'], 'not "P4"'],
		[['--only', ''], 'not ""'],
		[['--fast'], "Unknown option '--fast'"],
		[['extra'], 'extra'],
	])('refuses %j with exit code 2 and a sentence', (args, sentence) => {
		expect(() => readArguments(args)).toThrow(
			expect.objectContaining({exitCode: 2, message: expect.stringContaining(sentence)}),
		);
	});
});
