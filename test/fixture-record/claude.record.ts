import {execFileSync} from 'node:child_process';
import {expect, test} from 'vitest';
import type {Script} from '../../source/demo/script.ts';
import type {RecordedRequest} from '../../source/demo/scripted-upstream.ts';
import {runClaude} from '../support/claude.ts';
import {clientProgram} from '../support/program.ts';
import {startUpstream, upstreamKey} from '../support/upstream.ts';
import {claudeSubagent} from '../upstreams/claude-subagent.ts';
import {claudeText} from '../upstreams/claude-text.ts';
import {claudeTool} from '../upstreams/claude-tool.ts';
import {versionIn, writeExchange} from './write-exchange.ts';

/* What the installed Claude Code sends, written to test/fixture/claude-<version>/ (npm run fixtures:record). */

const version = versionIn(execFileSync(clientProgram('claude'), ['--version'], {encoding: 'utf8'}));

interface Case {
	readonly name: string;
	readonly script: Script;
	readonly prompt: string;
	readonly args?: readonly string[];
	/** A run that sends fewer did not do what the case is for. */
	readonly leastRequests?: number;
}

const cases: readonly Case[] = [
	{name: 'text', script: claudeText, prompt: 'say hi'},
	{name: 'tool', script: claudeTool, prompt: 'run a command', args: ['--allowedTools', 'Bash'], leastRequests: 2},
	{
		name: 'sub-agent',
		script: claudeSubagent,
		prompt: 'ask a helper',
		args: ['--allowedTools', 'Agent'],
		leastRequests: 3,
	},
	{name: 'small-model', script: claudeText, prompt: 'say hi', args: ['--model', 'haiku']},
	{name: 'count-tokens', script: claudeText, prompt: '/context', leastRequests: 10},
];

const isCount = ({path}: RecordedRequest): boolean => path.includes('count_tokens');

/** Counts come all at once, in any order: by their text they stand in the same one each time. */
const inOrder = (requests: readonly RecordedRequest[]): readonly RecordedRequest[] => {
	const counts = requests.filter(isCount).toSorted((left, right) => (left.text < right.text ? -1 : 1));
	return [...requests.filter(request => !isCount(request)), ...counts];
};

test.each(cases)('$name', async ({name, script, prompt, args = [], leastRequests = 1}) => {
	await using upstream = await startUpstream(script, {dialect: 'messages'});
	const turn = await runClaude(prompt, {url: upstream.origin, token: upstreamKey, args});
	expect({exitCode: turn.exitCode, isError: turn.isError}, turn.stderr + turn.stdout).toEqual({
		exitCode: 0,
		isError: false,
	});
	expect(upstream.refusals).toEqual([]);
	expect(upstream.requests.filter(({method}) => method === 'POST').length).toBeGreaterThanOrEqual(leastRequests);
	writeExchange({client: 'claude', version, name, requests: inOrder(upstream.requests)});
});
