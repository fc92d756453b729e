import {connect} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {gzipSync, zstdCompressSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {execCommand, message, reasoning, stream, type JsonObject} from '../../source/demo/script.ts';
import type {ScriptedUpstream} from '../../source/demo/scripted-upstream.ts';
import {expectNoRefusals, post, readEvents, responsesBody, startUpstream, upstreamKey} from '../support/upstream.ts';

/** Sends bytes on a raw socket and gives back all that came until the other side ended or reset it. */
const sendRaw = async (upstream: ScriptedUpstream, bytes: string): Promise<{text: string; error: string | undefined}> =>
	new Promise(resolve => {
		const socket = connect(upstream.port, '127.0.0.1', () => socket.write(bytes));
		let text = '';
		let error: string | undefined;
		socket.on('data', data => (text += data.toString('latin1')));
		socket.on('error', (cause: Error & {code?: string}) => (error = cause.code));
		socket.on('close', () => resolve({text, error}));
	});

const rawRequest = (body: JsonObject, extraHead = ''): string => {
	const text = JSON.stringify(body);
	const length = Buffer.byteLength(text);
	return `POST /v1/responses HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${upstreamKey}\r\n${extraHead}content-length: ${length}\r\n\r\n${text}`;
};

const withItems = (...items: readonly JsonObject[]): JsonObject => responsesBody('a', {input: items});

const hello = stream([message('Hello, 世界 👋🏽')]);

describe('the rules of a script', () => {
	test('are tried in order: ordinals, once, words of the prompt, tool outputs', async () => {
		await using upstream = await startUpstream([
			{match: {ordinal: 2}, answer: stream([message('second request')])},
			{times: 1, answer: stream([message('once')])},
			{match: {promptContains: 'fish'}, answer: stream([message('about fish')])},
			{answer: [stream([message('odd')]), stream([message('even')])]},
		]);
		const answers: string[] = [];
		for (const prompt of ['a', 'b', 'c fish', 'd', 'e', 'f']) {
			const events = readEvents(await (await post(upstream, responsesBody(prompt))).text());
			answers.push(String(events.find(event => event['type'] === 'response.output_text.done')?.['text']));
		}

		expect(answers).toEqual(['once', 'second request', 'about fish', 'odd', 'even', 'odd']);
		expect(upstream.requests.map(request => request.prompt)).toEqual(['a', 'b', 'c fish', 'd', 'e', 'f']);
		expectNoRefusals(upstream);
	});

	test('that match nothing refuse, and a new script starts anew', async () => {
		await using upstream = await startUpstream([{times: 1, answer: hello}]);
		await (await post(upstream, responsesBody('a'))).text();
		expect((await post(upstream, responsesBody('b'))).status).toBe(501);
		expectNoRefusals(upstream, ['no-rule']);
		upstream.setScript([{match: {ordinal: 1}, answer: hello}]);
		expect((await post(upstream, responsesBody('c'))).status).toBe(200);
	});

	test('can answer a request that asks for no stream', async () => {
		await using upstream = await startUpstream([{answer: hello}]);
		const answer = await post(upstream, responsesBody('a', {stream: false}));
		expect(await answer.json()).toMatchObject({object: 'response', status: 'completed', output: [{type: 'message'}]});
	});
});

describe('the transport', () => {
	test('keeps a connection for the next request', async () => {
		await using upstream = await startUpstream([{answer: hello}]);
		const last = rawRequest(responsesBody('b'), 'connection: close\r\n');
		const {text} = await sendRaw(upstream, rawRequest(responsesBody('a')) + last);
		expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
		expect(upstream.acceptedSockets()).toBe(1);
	});

	test('notes a client that leaves in the middle, and when', async () => {
		await using upstream = await startUpstream([{answer: {...hello, silence: {beforeEvent: 3, ms: 60_000}}}]);
		const answer = await post(upstream, responsesBody('a'));
		await sleep(50);
		const leftAtMs = performance.now();
		await answer.body?.cancel();
		await expect.poll(() => upstream.requests[0]?.clientAborted).toBe(true);
		expect((upstream.requests[0]?.closedAtMs ?? 0) - leftAtMs).toBeLessThan(100);
		await expect.poll(() => upstream.openSockets()).toBe(0);
	});

	test('does not call a client that leaves after the last byte one that aborted', async () => {
		await using upstream = await startUpstream([{answer: {...hello, keepOpenMs: Number.POSITIVE_INFINITY}}]);
		const answer = await post(upstream, responsesBody('a'));
		const reader = answer.body?.getReader();
		let text = '';
		while (!text.includes('response.completed')) {
			text += Buffer.from((await reader?.read())?.value ?? []).toString('utf8');
		}

		await reader?.cancel();
		await expect.poll(() => upstream.requests[0]?.closedAtMs).toBeGreaterThan(0);
		expect(upstream.requests[0]?.clientAborted).toBe(false);
	});

	test('can accept connections and read nothing, reset them at once, or lose them all', async () => {
		await using upstream = await startUpstream([{answer: hello}]);
		upstream.setConnections('silent');
		const waiting = sendRaw(upstream, rawRequest(responsesBody('a')));
		await expect.poll(() => upstream.openSockets()).toBe(1);
		await sleep(50);
		expect(upstream.requests).toEqual([]);
		upstream.resetSockets();
		expect((await waiting).error).toBe('ECONNRESET');
		upstream.setConnections('reset');
		expect(await sendRaw(upstream, rawRequest(responsesBody('a')))).toEqual({text: '', error: 'ECONNRESET'});
		upstream.setConnections('serve');
		expect((await post(upstream, responsesBody('a'))).status).toBe(200);
	});

	test('speaks HTTP with one chunked body on a raw socket', async () => {
		await using upstream = await startUpstream([{answer: hello}]);
		const {text} = await sendRaw(upstream, rawRequest(responsesBody('a'), 'connection: close\r\n'));
		expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\ncontent-type: text\/event-stream\r\n/);
		expect(text.endsWith('0\r\n\r\n')).toBe(true);
		expectNoRefusals(upstream);
	});

	test('cannot be started twice on one port', async () => {
		await using upstream = await startUpstream([]);
		await expect(startUpstream([], {port: upstream.port})).rejects.toMatchObject({code: 'port-in-use'});
	});
});

describe('a refusal', () => {
	const plain = responsesBody('a');
	const cases: ReadonlyArray<{title: string; code: string; body: JsonObject; headers?: Record<string, string>}> = [
		{title: 'a wrong key', code: 'bad-key', body: plain, headers: {authorization: 'Bearer other'}},
		{title: 'a second, wrong credential', code: 'bad-key', body: plain, headers: {'x-api-key': 'other'}},
		{title: 'an unknown body key', code: 'unknown-key', body: responsesBody('a', {codex_tui_hint: 1})},
		{title: 'a body without a model', code: 'bad-field', body: responsesBody('a', {model: ''})},
		{title: 'an unknown input item', code: 'bad-field', body: withItems({type: 'magic'})},
		{title: 'a foreign turn state', code: 'foreign-turn-state', body: plain, headers: {'x-codex-turn-state': 'x'}},
		{title: 'a header of the local engine', code: 'local-header', body: plain, headers: {'x-codex-tui-note': 'x'}},
		{title: 'a secret in a header', code: 'leaked-secret', body: plain, headers: {'x-note': 'see local-token-1'}},
		{title: 'a secret in the body', code: 'leaked-secret', body: responsesBody('my local-token-1')},
		{
			title: 'a foreign reasoning state',
			code: 'foreign-encrypted-content',
			body: withItems({type: 'reasoning', encrypted_content: 'ENC'}),
		},
		{
			title: 'an output without its call',
			code: 'orphan-tool-output',
			body: withItems({type: 'function_call_output', call_id: 'c', output: ''}),
		},
		{
			title: 'a call without its output',
			code: 'missing-tool-output',
			body: withItems({type: 'custom_tool_call', call_id: 'c', name: 'x', input: ''}),
		},
		{
			title: 'an output of the other kind of call',
			code: 'orphan-tool-output',
			body: withItems({type: 'function_call', call_id: 'c'}, {type: 'custom_tool_call_output', call_id: 'c'}),
		},
	];
	test.each(cases)('meets $title', async ({code, body, headers}) => {
		await using upstream = await startUpstream([{answer: hello}], {forbiddenSecrets: ['local-token-1']});
		const answer = await post(upstream, body, headers);
		expect(answer.status).toBe(code === 'bad-key' ? 401 : 400);
		expect(upstream.refusals.map(refusal => refusal.code)).toEqual([code]);
		expect(JSON.stringify(upstream.refusals)).not.toContain('local-token-1');
		expect(() => expectNoRefusals(upstream)).toThrow('refused requests');
	});

	test('sees through compressed bodies', async () => {
		await using upstream = await startUpstream([{answer: hello}], {forbiddenSecrets: ['local-token-1']});
		for (const [encoding, compress] of [
			['zstd', zstdCompressSync],
			['gzip', gzipSync],
		] as const) {
			const send = async (prompt: string) =>
				fetch(`${upstream.url}/responses`, {
					method: 'POST',
					headers: {authorization: `Bearer ${upstreamKey}`, 'content-encoding': encoding},
					body: compress(JSON.stringify(responsesBody(prompt))),
				});
			expect((await send('fine')).status).toBe(200);
			expect((await send('local-token-1')).status).toBe(400);
		}

		expectNoRefusals(upstream, ['leaked-secret', 'leaked-secret']);
	});

	test('names foreign hidden state by the code of the real service', async () => {
		await using upstream = await startUpstream([{answer: hello}]);
		const input = [{type: 'compaction', encrypted_content: 'gAAAAx.y'}];
		const answer = await post(upstream, responsesBody('a', {input}));
		expect(await answer.json()).toMatchObject({error: {code: 'invalid_encrypted_content'}});
	});

	test.each([
		['two Host headers', 'host: b\r\n', 'two-hosts'],
		['a hop-by-hop header', 'te: trailers\r\n', 'hop-by-hop-header'],
		['a header that Connection names', 'connection: x-local\r\n', 'hop-by-hop-header'],
	])('meets %s on a raw socket', async (_title, head, code) => {
		await using upstream = await startUpstream([{answer: hello}]);
		const raw = sendRaw(upstream, rawRequest(responsesBody('a'), head));
		await expect.poll(() => upstream.refusals.map(refusal => refusal.code)).toEqual([code]);
		await upstream.close();
		expect((await raw).text).toMatch(/^HTTP\/1\.1 400 /);
	});

	test('meets bytes that are no HTTP, unknown paths and a body that is no JSON', async () => {
		await using upstream = await startUpstream([{answer: hello}]);
		await sendRaw(upstream, 'what is this\r\n\r\n');
		const headers = {authorization: `Bearer ${upstreamKey}`};
		expect((await fetch(`${upstream.url}/nothing`, {headers})).status).toBe(404);
		expect((await fetch(`${upstream.url}/responses`, {headers, method: 'POST', body: '[1'})).status).toBe(400);
		expectNoRefusals(upstream, ['malformed-http', 'unknown-path', 'bad-json']);
	});

	test('does not meet the catalogue, which is simply not there', async () => {
		await using upstream = await startUpstream([]);
		const answer = await fetch(`${upstream.url}/models`, {headers: {authorization: `Bearer ${upstreamKey}`}});
		expect(answer.status).toBe(404);
		expectNoRefusals(upstream);
	});
});

describe('hidden state', () => {
	const script = [{answer: stream([reasoning('**Thinking**'), execCommand('ls', 'call_1')], {turnState: 'one'})}];

	test('comes back to an upstream of the same name, and is refused by all others', async () => {
		await using first = await startUpstream(script, {name: 'first'});
		await using again = await startUpstream(script, {name: 'first'});
		await using other = await startUpstream(script, {name: 'other'});
		const answer = await post(first, responsesBody('a'));
		const items = readEvents(await answer.text())
			.filter(event => event['type'] === 'response.output_item.done')
			.map(event => event['item']);
		const input = [...items, {type: 'function_call_output', call_id: 'call_1', output: 'a.txt'}];
		const state = {'x-codex-turn-state': answer.headers.get('x-codex-turn-state') ?? ''};
		for (const upstream of [first, again]) {
			expect((await post(upstream, responsesBody('a', {input}), state)).status).toBe(200);
			expectNoRefusals(upstream);
		}

		expect((await post(other, responsesBody('a', {input}))).status).toBe(400);
		expect((await post(other, responsesBody('a'), state)).status).toBe(400);
		expectNoRefusals(other, ['foreign-encrypted-content', 'foreign-turn-state']);
	});
});
