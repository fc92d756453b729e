import {describe, expect, test} from 'vitest';
import {isObject} from '../../source/demo/read-request.ts';
import type {JsonObject, Script} from '../../source/demo/script.ts';
import {
	lastRequest,
	post,
	readEvents,
	responsesBody,
	startUpstream,
	upstreamKey,
	expectNoRefusals,
} from '../support/upstream.ts';
import {claudeSubagent} from '../upstreams/claude-subagent.ts';
import {claudeText} from '../upstreams/claude-text.ts';
import {claudeTool} from '../upstreams/claude-tool.ts';
import {codexCompact, codexCompactRemote} from '../upstreams/codex-compact.ts';
import {codexParallel} from '../upstreams/codex-parallel.ts';
import {codexReview} from '../upstreams/codex-review.ts';
import {codexSubagent} from '../upstreams/codex-subagent.ts';
import {codexText} from '../upstreams/codex-text.ts';
import {codexPatch, codexTool} from '../upstreams/codex-tool.ts';

/** Plays Codex: runs no tool, but answers each call with a word, until an answer needs none. Gives back all finished items. */
const converse = async (
	script: Script,
	{metadata = {}, prompt: text = 'go on'}: {metadata?: JsonObject; prompt?: string},
): Promise<readonly JsonObject[]> => {
	await using upstream = await startUpstream(script);
	const prompt = {type: 'message', role: 'user', content: [{type: 'input_text', text}]};
	let input: readonly JsonObject[] = [prompt];
	for (let hasCalls = true; hasCalls;) {
		const answer = await post(upstream, responsesBody('', {input}), {
			'x-codex-turn-metadata': JSON.stringify(metadata),
		});
		const items = readEvents(await answer.text()).flatMap(event =>
			event['type'] === 'response.output_item.done' && isObject(event['item']) ? [event['item']] : [],
		);
		const calls = items.filter(item => item['call_id'] !== undefined);
		const outputs = calls.map(call => ({
			type: `${String(call['type'])}_output`,
			call_id: call['call_id'],
			output: 'ok',
		}));
		input = [...input, ...items, ...outputs];
		hasCalls = calls.length > 0;
	}

	expectNoRefusals(upstream);
	expect(lastRequest(upstream).prompt).toBe(text);
	return input.slice(1);
};

describe('the ready scripts for the real clients', () => {
	test.each<{name: string; script: Script; types: readonly string[]; metadata?: JsonObject; prompt?: string}>([
		{name: 'text', script: codexText, types: ['reasoning', 'message']},
		{name: 'tool', script: codexTool, types: ['reasoning', 'function_call', 'function_call_output', 'message']},
		{name: 'patch', script: codexPatch, types: ['reasoning', 'custom_tool_call', 'custom_tool_call_output', 'message']},
		{
			name: 'parallel',
			script: codexParallel,
			types: ['reasoning', 'function_call', 'function_call', 'function_call_output', 'function_call_output', 'message'],
		},
		{
			name: 'sub-agent (parent)',
			script: codexSubagent,
			metadata: {thread_source: 'user'},
			types: ['reasoning', 'function_call', 'function_call_output', 'function_call', 'function_call_output', 'message'],
		},
		{name: 'sub-agent (child)', script: codexSubagent, prompt: 'say hi as a child', types: ['message']},
		{name: 'compaction', script: codexCompact, prompt: 'CONTEXT CHECKPOINT COMPACTION', types: ['message']},
		{
			name: 'remote compaction',
			script: codexCompactRemote,
			metadata: {request_kind: 'compaction'},
			types: ['compaction'],
		},
		{name: 'review', script: codexReview, metadata: {subagent_kind: 'review'}, types: ['message']},
	])('carry a Codex turn to its end: $name', async ({script, types, ...asked}) => {
		const items = await converse(script, asked);
		expect(items.map(item => item['type'])).toEqual(types);
	});

	test.each([
		{name: 'text', script: claudeText, types: ['thinking', 'text']},
		{name: 'tool', script: claudeTool, types: ['thinking', 'text', 'tool_use']},
		{name: 'sub-agent', script: claudeSubagent, types: ['text', 'tool_use']},
	])('answer Claude Code: $name', async ({script, types}) => {
		await using upstream = await startUpstream(script, {dialect: 'messages'});
		const answer = await fetch(`${upstream.url}/messages`, {
			method: 'POST',
			headers: {authorization: `Bearer ${upstreamKey}`, 'anthropic-version': '2023-06-01'},
			body: JSON.stringify({model: 'm', max_tokens: 9, messages: [{role: 'user', content: 'hi'}]}),
		});
		expect(await answer.json()).toMatchObject({
			stop_reason: types.includes('tool_use') ? 'tool_use' : 'end_turn',
			content: types.map(type => ({type})),
		});
		expectNoRefusals(upstream);
	});
});
