import {readFileSync, writeFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {runProvider} from '../../source/command/provider.ts';
import {undoEdit} from '../../source/config/edit/edit-file.ts';
import {acquireHomeLock} from '../../source/config/home-lock.ts';
import {json, startBalanceFarEnd} from '../support/balance.ts';
import {startFarEnd, wholeAnswer, type RawArrival} from '../support/raw-http.ts';
import {call, newHome, startEngine, turn} from '../support/running-engine.ts';

/* `provider learned|forget|import-models`: what was learned of providers is seen and forgotten by hand; model ids in bulk. */

const answer = JSON.stringify({
	id: 'c1',
	choices: [{index: 0, message: {role: 'assistant', content: 'Hello.'}, finish_reason: 'stop'}],
});

const refuseTemperature = ({socket, body}: RawArrival): void => {
	const refused = JSON.stringify({error: {message: "Unknown parameter: 'temperature'."}});
	socket.write('temperature' in JSON.parse(body.toString()) ? wholeAnswer(400, refused) : wholeAnswer(200, answer));
};

const runIn = async (env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<string> => {
	const written: string[] = [];
	await runProvider(args, {env, nowMs: 0, write: text => written.push(text)});
	return written.join('\n');
};

describe('what was learned', () => {
	test('is listed with what it means, and forgotten', async () => {
		await using far = await startFarEnd(refuseTemperature);
		await using engine = await startEngine({providers: [{name: 'deep', url: far.url, extra: 'dialect = "chat"'}]});
		const env = {CODEX_TUI_HOME: engine.home.root};
		using lock = {
			own: await acquireHomeLock(engine.home, {command: 'test'}),
			[Symbol.dispose]: () => lock.own.release(),
		};
		await lock.own.update({url: engine.url, claudeUrl: undefined, controlUrl: engine.engine.doors?.controlUrl ?? ''});
		const body = {...turn, stream: false, temperature: 0.5};
		expect(await runIn(env, 'learned')).toBe('Nothing was learned within the last day.');
		await call(engine, {body});
		expect(await runIn(env, 'learned', 'deep')).toMatch(
			/codex\/deep\/default +│ gpt-5\.5 +│ mend:drop:temperature +│ temperature was left out/,
		);
		expect(JSON.parse(await runIn(env, 'learned', '--json'))).toMatchObject({
			learned: [{need: 'mend:drop:temperature', model: 'gpt-5.5', isLearned: true}],
		});
		expect(await runIn(env, 'learned', 'other')).toContain('Nothing was learned');
		expect(await runIn(env, 'forget', 'deep', '--need', 'mend:drop:user')).toBe('There was nothing to forget.');
		expect(await runIn(env, 'forget', 'deep', '--model', 'gpt-5.5')).toContain('1 lesson is forgotten');
		expect(await runIn(env, 'learned')).toContain('Nothing was learned');
	});

	test('needs an engine, and a name or --all', async () => {
		const home = await newHome();
		const env = {CODEX_TUI_HOME: home.root};
		await expect(runIn(env, 'learned')).rejects.toThrow('No engine runs');
		await expect(runIn(env, 'forget')).rejects.toThrow('or --all');
		await expect(runIn(env, 'forget', 'deep', '--all')).rejects.toThrow('or --all');
		await expect(runIn(env, 'models', 'deep', '--write')).rejects.toThrow('has no --write');
	});
});

const config = (origin: string): string =>
	`version = 5\n# mine\n[codex.providers.team]\nbase_url = "${origin}/v1"\nsupported_models = { "a" = false }\n`;

const start = async () => {
	const far = await startBalanceFarEnd({'/v1/models': json({data: [{id: 'a'}, {id: 'b'}]})});
	const home = await newHome();
	writeFileSync(home.config, config(far.origin), {mode: 0o600});
	return {far, home, env: {CODEX_TUI_HOME: home.root}};
};

describe('import-models', () => {
	test('shows what a provider lists, and writes it with --write only', async () => {
		const {far, home, env} = await start();
		await using _far = far;
		const before = readFileSync(home.config, 'utf8');
		expect(await runIn(env, 'import-models', 'team')).toBe(
			'codex/team: 1 model to add, 1 in the file already.\n+ b\nNothing is written; add --write to do it.',
		);
		expect(readFileSync(home.config, 'utf8')).toBe(before);
		expect(await runIn(env, 'import-models', 'team', '--write')).toContain('is written');
		expect(readFileSync(home.config, 'utf8')).toBe(before.replace('false }', 'false, "b" = true }'));
		expect(await runIn(env, 'import-models', 'team', '--write')).toContain('There is nothing to add.');
		expect((await undoEdit(home)).what).toBe('codex/team: 1 model added to supported_models.');
		expect(readFileSync(home.config, 'utf8')).toBe(before);
	});

	test('takes ids by commas and lines, from the arguments or standard input, without control characters', async () => {
		const {far, home, env} = await start();
		await using _far = far;
		await runIn(env, 'import-models', 'team', 'x,y,x', '--write');
		const written: string[] = [];
		const input = (async function* () {
			yield Buffer.from('z\nw\u0007\n\n');
		})();
		await runProvider(['import-models', 'team', '-', '--json', '--write'], {
			nowMs: 0,
			env,
			input,
			write: line => written.push(line),
		});
		expect(JSON.parse(written.join(''))).toEqual({
			provider: 'codex/team',
			added: ['z', 'w'],
			known: [],
			isWritten: true,
		});
		expect(readFileSync(home.config, 'utf8')).toContain(
			'{ "a" = false, "x" = true, "y" = true, "z" = true, "w" = true }',
		);
		expect(far.asked).toEqual([]);
	});

	test('writes nothing that the file could not hold', async () => {
		const {far, home, env} = await start();
		await using _far = far;
		const before = readFileSync(home.config, 'utf8');
		await expect(runIn(env, 'import-models', 'team', 'a*b*c', '--write')).rejects.toThrow('more than one *');
		const many = Array.from({length: 5001}, (_, index) => `m${index}`).join(',');
		await expect(runIn(env, 'import-models', 'team', many, '--write')).rejects.toThrow('more than 5000 models');
		expect(readFileSync(home.config, 'utf8')).toBe(before);
	});
});
