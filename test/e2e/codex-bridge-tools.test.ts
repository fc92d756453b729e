import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {message, stream} from '../../source/demo/script.ts';
import {bridgedDialects, expectGrowingPrefix, startBridged} from '../support/bridge-upstream.ts';
import {bridgedCodex} from '../support/bridged-codex.ts';
import {expectUnnoticed, makeCodex} from '../support/codex.ts';
import {startEngine} from '../support/engine.ts';
import {root} from '../support/scratch.ts';
import {expectNoRefusals, lastRequest} from '../support/upstream.ts';
import {claudeSearch} from '../upstreams/claude-search.ts';
import {codexDay} from '../upstreams/codex-day.ts';
import {codexLite} from '../upstreams/codex-lite.ts';
import {codexMcp, codexToolSearch} from '../upstreams/codex-mcp.ts';

/* Every kind of tool that Codex has, on strict providers that know functions only (translation.md 1.6). */

const mcpServer = `[mcp_servers.words]
command = ${JSON.stringify(process.execPath)}
args = [${JSON.stringify(path.join(root, 'test/e2e/child/mcp-words.ts'))}]
`;

/** A red pixel. */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';

const colourSchema = {
	type: 'object',
	properties: {colour: {type: 'string'}},
	required: ['colour'],
	additionalProperties: false,
};

/** How a provider is asked for an answer in a schema; DeepSeek cannot be, so the model is told in words. */
const schemas = {
	chat: '"response_format":{"type":"json_object"}',
	messages: '"output_config":{"effort":"medium","format":{"type":"json_schema","schema":{"type":"object"',
	gemini: '"responseMimeType":"application/json","responseJsonSchema":{"type":"object"',
} as const;

/** How the last request shows an image, by dialect; DeepSeek sees none, so it is told of one. */
const pictures = {
	chat: '[image omitted: model has no image input]',
	messages: '"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBOR',
	gemini: '"inlineData":{"mimeType":"image/png","data":"iVBOR',
} as const;

describe.each(bridgedDialects)('Codex on a strict %s upstream', dialect => {
	test('runs a command, then two at once, applies a patch and looks at an image, in one turn', async () => {
		const {upstream, engine, codex} = await bridgedCodex(dialect, codexDay);
		writeFileSync(path.join(codex.folder, 'pixel.png'), Buffer.from(pixel, 'base64'));
		const turn = await codex.exec('do it all');
		expectNoRefusals(upstream);
		expectUnnoticed(turn, 'Everything is done.');
		expect(turn.commands.map(({output}) => output).toSorted()).toEqual(['first\n', 'second\n', 'tool-ran\n']);
		expect(readFileSync(path.join(codex.folder, 'hello.txt'), 'utf8')).toBe('"héllo"\t\\world\n');
		const {text} = lastRequest(upstream);
		expect(text).toContain('A hello.txt');
		expect(text).toContain(pictures[dialect]);
		expectGrowingPrefix(upstream);
		expect((await engine.finish()).ledger.map(({outcome}) => outcome)).toEqual(Array(5).fill('success'));
	});

	test('finds an MCP tool and the tools of sub-agents by search, and calls both', async () => {
		const {upstream, engine, codex} = await bridgedCodex(dialect, codexToolSearch, {provider: mcpServer});
		const turn = await codex.exec('what is a plum?');
		expectNoRefusals(upstream);
		expectUnnoticed(turn, 'A plum is a fruit, and the helper said hi.');
		const declared = upstream.requests.map(({text}) => text.includes('"name":"mcp__words__lookup","description"'));
		expect(declared.slice(0, 2)).toEqual([false, true]);
		expect(lastRequest(upstream).text).toContain('plum: a fruit');
		expect(turn.events.some(({item}) => item?.type === 'collab_tool_call' && item.tool === 'spawn_agent')).toBe(true);
		const {ledger} = await engine.finish();
		expect(ledger.map(({request_kind}) => request_kind)).toContain('subagent');
		expect(new Set(ledger.map(({thread_id}) => thread_id)).size).toBe(2);
	});

	test('calls an MCP tool that is declared by its namespace', async () => {
		const {upstream, codex} = await bridgedCodex(dialect, codexMcp, {provider: mcpServer});
		// Codex declares everything to a model that its catalogue does not know.
		const turn = await codex.exec('--model', 'my-local', 'what is a plum?');
		expectNoRefusals(upstream);
		expectUnnoticed(turn, 'A plum is a fruit.');
		expect(turn.events.some(({item}) => item?.type === 'mcp_tool_call' && item.status === 'completed')).toBe(true);
		expect(lastRequest(upstream).text).toContain('plum: a fruit');
	});

	test('runs a program of its code mode and starts a sub-agent of the second kind', async () => {
		const {upstream, codex} = await bridgedCodex(dialect, codexLite);
		const turn = await codex.exec('--model', 'gpt-6-astra', 'use a program and a helper');
		expectNoRefusals(upstream);
		expectUnnoticed(turn, 'The helper said hi.');
		expect(turn.commands).toEqual([{output: 'code-mode\n', exitCode: 0}]);
		expect(lastRequest(upstream).text).toContain('child says hi');
	});

	test('takes an image from the user and answers in a schema', async () => {
		const {upstream, codex} = await bridgedCodex(dialect, [{answer: stream([message('{"colour":"red"}')])}]);
		writeFileSync(path.join(codex.folder, 'pixel.png'), Buffer.from(pixel, 'base64'));
		writeFileSync(path.join(codex.folder, 'schema.json'), JSON.stringify(colourSchema));
		const turn = await codex.exec('--output-schema', 'schema.json', '--image=pixel.png', 'which colour?');
		expectNoRefusals(upstream);
		expectUnnoticed(turn, '{"colour":"red"}');
		expect(lastRequest(upstream).text).toContain(schemas[dialect]);
		expect(lastRequest(upstream).text).toContain(pictures[dialect]);
	});
});

test('a search that Anthropic runs itself is shown as one, and the session goes on behind it', async () => {
	const upstream = await startBridged('messages', claudeSearch);
	const engine = await startEngine({codex: [upstream]});
	const codex = makeCodex({url: engine.url});
	const turn = await codex.exec('what is a plum?');
	expectNoRefusals(upstream);
	expectUnnoticed(turn, 'Found.');
	expect(turn.events.some(({type, item}) => type === 'item.completed' && item?.type === 'web_search')).toBe(true);
	expect(turn.commands).toEqual([{output: 'hi\n', exitCode: 0}]);
});

test.each(['kimi', 'mistral', 'xai'] as const)(
	'on %s, whose models see, Codex runs every tool and shows the image',
	async kind => {
		const upstream = await startBridged(kind, codexDay);
		const engine = await startEngine({codex: [upstream]});
		const codex = makeCodex({url: engine.url});
		writeFileSync(path.join(codex.folder, 'pixel.png'), Buffer.from(pixel, 'base64'));
		const turn = await codex.exec('do it all');
		expectNoRefusals(upstream);
		expectUnnoticed(turn, 'Everything is done.');
		expect(lastRequest(upstream).text).toMatch(/"image_url":(?:\{"url":)?"data:image\/png;base64,iVBOR/);
	},
);
