import {PassThrough} from 'node:stream';
import {setImmediate as turn} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {Tap, type MouseEvent} from '../../../source/tui/input/tap.ts';

const escape = '\u001B';

const tapOn = (): {
	readonly send: (chunk: string) => Promise<void>;
	readonly heard: unknown[];
	readonly passed: () => string;
} => {
	const input = new PassThrough();
	const heard: Array<MouseEvent | string> = [];
	let passed = '';
	const tap = new Tap(input, {
		onMouse: event => heard.push(event),
		onFunctionKey: name => heard.push(name),
		onBackground: color => heard.push(color),
	});
	tap.on('data', (chunk: string) => {
		passed += chunk;
	});
	return {
		heard,
		passed: () => passed,
		send: async chunk => {
			input.write(chunk);
			await turn();
			await turn();
		},
	};
};

const typed = `a${escape}[<64;10;5Mb${escape}[A${escape}OPc${escape}[15~${escape}[<0;3;4M${escape}[<0;3;4m中`;
const expected = [{kind: 'wheel-up', x: 9, y: 4}, 'f1', 'f5', {kind: 'click', x: 2, y: 3}];

test('mouse reports and function keys are cut out and everything else goes on untouched', async () => {
	const {send, heard, passed} = tapOn();
	await send(typed);
	expect(heard).toEqual(expected);
	expect(passed()).toBe(`ab${escape}[Ac中`);
});

test('a mouse report may be cut anywhere by the chunks', async () => {
	const report = `x${escape}[<65;120;44My`;
	for (let at = 3; at < report.length; at++) {
		const {send, heard, passed} = tapOn();
		await send(report.slice(0, at));
		await send(report.slice(at));
		expect(heard).toEqual([{kind: 'wheel-down', x: 119, y: 43}]);
		expect(passed()).toBe('xy');
	}
});

test.each(['\u0007', `${escape}\\`])(
	"the terminal's answer about its background is cut out wherever the chunks end (%j)",
	async end => {
		const answer = `x${escape}]11;rgb:fafa/fbfb/ffff${end}y`;
		for (let at = 4; at < answer.length; at++) {
			const {send, heard, passed} = tapOn();
			await send(answer.slice(0, at));
			await send(answer.slice(at));
			expect(heard).toEqual(['rgb:fafa/fbfb/ffff']);
			expect(passed()).toBe('xy');
		}
	},
);

test('Alt+] is a key, and so is what follows an answer that never ends', async () => {
	const {send, heard, passed} = tapOn();
	await send(`${escape}]`);
	expect(passed()).toBe(`${escape}]`);
	await send(`${escape}]11;${'r'.repeat(200)}`);
	await send('q');
	expect(heard).toEqual([]);
	expect(passed()).toContain('q');
});

test('a lone Esc is a key at once and not the start of something', async () => {
	const {send, passed} = tapOn();
	await send(escape);
	expect(passed()).toBe(escape);
});
