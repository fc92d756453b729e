import {writeFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {editedConfig} from '../support/edited-config.ts';
import {startEdits} from '../support/edit-command.ts';

describe('codex-tui routing changes the routes in the file', () => {
	test('order puts the named children first, with their comments', async () => {
		const {run, file} = startEdits(editedConfig);
		expect(await run('routing order main spare')).toContain('The route codex/main tries spare, team.');
		expect(file()).toContain('\t# slow, but it works\n\t"spare",\n\t"team", # cheap\n]');
	});

	test('set changes fields of a route and of the routing at once', async () => {
		const {run, file} = startEdits(editedConfig);
		await run('routing set main --weight team=5 --weight spare=0.5 --hedge-after-ms 800 --affinity-policy hard');
		expect(file()).toContain('weights = { team = 5, spare = 0.5 }\nhedge_after_ms = 800\n');
		expect(file()).toContain('entry = "main"\naffinity_policy = "hard"\n');
		await run('routing set --children team --strategy ordered-failover --weight= --hedge-after-ms=');
		expect(file()).toContain('children = [\n\t"team", # cheap\n\t# slow, but it works\n]\n');
	});

	test('prefer-tag: any of the words, each with all of its tags', async () => {
		const {run, file} = startEdits(editedConfig.replace('weights = { team = 3 }\n', ''));
		await run('routing prefer-tag main billing=monthly,region=eu tier=fast --on-exhausted stop');
		expect(file()).toContain(
			'prefer_tags = [{ billing = "monthly", region = "eu" }, { tier = "fast" }]\non_exhausted = "stop"\n',
		);
		expect(file()).toContain('strategy = "tag-preferred"');
	});

	test.each([
		['routing order', 'routing order takes the name of a route, then its children'],
		['routing order main x', 'x is no child of the route codex/main; its children are team, spare.'],
		['routing order main team --strategy weighted', 'routing order takes no --strategy.'],
		['routing set', 'routing set takes at least one field'],
		['routing set a b --strategy weighted', 'routing set takes the name of one route.'],
		['routing set side --strategy weighted', 'There is no route codex/side; there are main.'],
		['routing set --weight team', '--weight takes NAME=VALUE'],
		['routing prefer-tag main', 'routing prefer-tag takes a tag'],
		['routing set --service x --strategy weighted', 'The service is codex or claude.'],
	])('%s is wrong', async (line, sentence) => {
		const {run, file} = startEdits(editedConfig);
		await expect(run(line)).rejects.toMatchObject({exitCode: 2, message: expect.stringContaining(sentence) as unknown});
		expect(file()).toBe(editedConfig);
	});

	test('a strategy that does not fit the other fields is refused with the place', async () => {
		const {run} = startEdits(editedConfig);
		await expect(run('routing set --strategy cheapest')).rejects.toThrow('contradicts the strategy cheapest');
		await expect(run('routing set --weight team=heavy')).rejects.toThrow('weights.team is a string');
	});
});

describe('codex-tui config undo', () => {
	test('takes edits back one by one, to the byte', async () => {
		const {run, file} = startEdits(editedConfig);
		await run('provider disable team');
		const once = file();
		await run('routing order main spare');
		expect(await run('undo --list')).toBe(
			'1970-01-01 00:00:01Z  The route codex/main tries spare, team.\n1970-01-01 00:00:01Z  codex/team is disabled.',
		);
		expect(await run('undo --dry-run')).toContain('This would be taken back: The route codex/main tries spare, team.');
		expect(JSON.parse(await run('undo --json'))).toMatchObject({
			undone: 'The route codex/main tries spare, team.',
			written: true,
		});
		expect(file()).toBe(once);
		expect(await run('undo')).toContain('Taken back: codex/team is disabled.');
		expect(file()).toBe(editedConfig);
		await expect(run('undo')).rejects.toThrow('There is no edit of');
	});

	test('refuses where the file has changed since, and says so', async () => {
		const {run, file, home} = startEdits(editedConfig);
		await run('provider disable team');
		writeFileSync(home.config, `${editedConfig}# mine\n`);
		await expect(run('undo')).rejects.toThrow(
			'was changed after the last edit (codex/team is disabled.), so it is not taken back',
		);
		expect(file()).toBe(`${editedConfig}# mine\n`);
	});
});
