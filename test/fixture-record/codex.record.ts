import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {message, stream, type ReplyPart, type Script} from '../../source/demo/script.ts';
import {makeCodex, type CodexSetup, type TestCodex} from '../support/codex.ts';
import {clientProgram} from '../support/program.ts';
import {startUpstream, upstreamKey} from '../support/upstream.ts';
import {codexCompact, codexCompactRemote} from '../upstreams/codex-compact.ts';
import {codexParallel} from '../upstreams/codex-parallel.ts';
import {codexReview} from '../upstreams/codex-review.ts';
import {codexSubagent} from '../upstreams/codex-subagent.ts';
import {codexText} from '../upstreams/codex-text.ts';
import {codexPatch, codexTool} from '../upstreams/codex-tool.ts';
import {versionIn, writeExchange} from './write-exchange.ts';

/* What the installed Codex sends in the course of a day, written to test/fixture/codex-<version>/ (npm run fixtures:record). */

const version = versionIn(execFileSync(clientProgram('codex'), ['--version'], {encoding: 'utf8'}));

/** One white dot. */
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=';

const look = (folder: string): ReplyPart => ({
	type: 'function-call',
	name: 'view_image',
	arguments: {path: path.join(folder, 'dot.png')},
});

const search: ReplyPart = {
	type: 'item',
	item: {
		type: 'tool_search_call',
		id: 'tsc_search',
		call_id: 'call_search',
		status: 'completed',
		execution: 'client',
		arguments: {query: 'spawn_agent', limit: 1},
	},
};

const edit = (file: string, what: string | RegExp, into: string): void =>
	writeFileSync(file, readFileSync(file, 'utf8').replace(what, into));

interface Case {
	readonly name: string;
	readonly script: (codex: TestCodex) => Script;
	readonly setup?: Partial<CodexSetup>;
	readonly prepare?: (codex: TestCodex) => void;
	/** The arguments of each run, one behind the other. */
	readonly runs: ReadonlyArray<readonly string[]>;
	/** A run that sends fewer did not do what the case is for. */
	readonly leastRequests?: number;
}

const afterTool = (part: ReplyPart): Script => [
	{match: {toolOutputs: 0}, answer: stream([part])},
	{match: {afterTool: true}, answer: stream([message('I have seen it.')])},
];

const cases: readonly Case[] = [
	{name: 'text', script: () => codexText, runs: [['say hi']]},
	{name: 'tool', script: () => codexTool, runs: [['run a command']], leastRequests: 2},
	{name: 'parallel', script: () => codexParallel, runs: [['look twice']], leastRequests: 2},
	{name: 'patch', script: () => codexPatch, runs: [['write a file']], leastRequests: 2},
	{
		name: 'view-image',
		script: ({folder}) => afterTool(look(folder)),
		prepare: ({folder}) => writeFileSync(path.join(folder, 'dot.png'), Buffer.from(picture, 'base64')),
		runs: [['look at the picture']],
		leastRequests: 2,
	},
	{name: 'tool-search', script: () => afterTool(search), runs: [['find a tool']], leastRequests: 2},
	{name: 'sub-agent', script: () => codexSubagent, runs: [['use a helper']], leastRequests: 4},
	{
		name: 'resume',
		script: () => codexText,
		runs: [['remember the word plum'], ['resume', '--last', 'which word?']],
		leastRequests: 2,
	},
	{
		name: 'compaction',
		script: () => codexCompact,
		setup: {top: 'model_auto_compact_token_limit = 50000'},
		runs: [['work long']],
		leastRequests: 3,
	},
	{
		name: 'remote-compaction',
		script: () => codexCompactRemote,
		setup: {top: 'model_auto_compact_token_limit = 50000'},
		// Only a provider of this name is asked for a compaction item.
		prepare: ({configFile}) => edit(configFile, 'name = "codex-tui"', 'name = "OpenAI"'),
		runs: [['work long']],
		leastRequests: 3,
	},
	{
		name: 'review',
		script: () => codexReview,
		prepare: ({folder}) => writeFileSync(path.join(folder, 'f.txt'), 'helo\n'),
		runs: [['review', '--uncommitted']],
	},
];

test.each(cases)('$name', async ({name, script, setup, prepare, runs, leastRequests = 1}) => {
	await using upstream = await startUpstream([]);
	const codex = makeCodex({url: upstream.origin, ...setup});
	// No engine stands between: the upstream gets its own key, and no token of ours.
	edit(codex.configFile, /^http_headers = .*$/m, `experimental_bearer_token = "${upstreamKey}"`);
	// A repository of its own: Codex would tell of the one around it.
	execFileSync('git', ['init', '--quiet'], {cwd: codex.folder});
	upstream.setScript(script(codex));
	prepare?.(codex);
	for (const run of runs) {
		const turn = await codex.exec(...run);
		expect({exitCode: turn.exitCode, errors: turn.errors}, turn.stderr).toEqual({exitCode: 0, errors: []});
	}

	expect(upstream.refusals).toEqual([]);
	expect(upstream.requests.length).toBeGreaterThanOrEqual(leastRequests);
	writeExchange({client: 'codex', version, name, requests: upstream.requests});
});
