import {createServer, request as sendOn} from 'node:http';
import {text} from 'node:stream/consumers';
import {describe, expect, test} from 'vitest';
import {startDemoClient} from '../../source/demo/demo-client.ts';
import {startDemoUpstreams, type DemoUpstream} from '../../source/demo/demo-upstreams.ts';
import {expectNoRefusals} from '../support/upstream.ts';

const token = 'local-token-of-the-demo';

/** The least engine that can stand between: takes the local token away, puts the upstream's key in, passes the rest on. */
const startPass = async ({baseUrl, key}: DemoUpstream) => {
	const seen: Array<{name: string; headers: readonly string[]; body: string}> = [];
	const origin = new URL(baseUrl).origin;
	const server = createServer(async (request, response) => {
		const body = await text(request);
		seen.push({name: request.url ?? '', headers: request.rawHeaders, body});
		const kept = Object.entries(request.headers).filter(
			([name]) => !['x-codex-tui-token', 'connection'].includes(name),
		);
		const headers = {...Object.fromEntries(kept), authorization: `Bearer ${key}`};
		const onward = sendOn(`${origin}${request.url}`, {method: 'POST', headers}, answer => {
			response.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.on('error', () => response.destroy());
			answer.on('aborted', () => response.destroy());
			answer.pipe(response);
		});
		onward.on('error', () => response.destroy());
		response.on('close', () => onward.destroy());
		onward.end(body);
	});
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	return {
		url: `http://127.0.0.1:${port}`,
		seen,
		async [Symbol.asyncDispose]() {
			server.closeAllConnections();
			await new Promise(resolve => {
				server.close(resolve);
			});
		},
	};
};

const find = (upstreams: readonly DemoUpstream[], name: string): DemoUpstream => {
	const found = upstreams.find(upstream => upstream.name === name);
	expect(found, `demo upstream ${name}`).toBeDefined();
	return found ?? {name, baseUrl: '', dialect: 'responses', key: ''};
};

describe('the demo', () => {
	test('keeps several Codex sessions and one of Claude Code busy without one refused request', async () => {
		await using demo = await startDemoUpstreams({seed: 7, forbiddenSecrets: [token]});
		await using codex = await startPass(find(demo.upstreams, 'steady'));
		await using claude = await startPass(find(demo.upstreams, 'steady-messages'));
		const leave = new AbortController();
		const startedAtMs = performance.now();
		const options = {url: `${codex.url}/v1`, claudeUrl: claude.url, token, signal: leave.signal, seed: 7};
		const running = startDemoClient(options);
		await expect.poll(() => codex.seen.length).toBeGreaterThan(0);
		expect(performance.now() - startedAtMs).toBeLessThan(1000);
		const {scripted} = demo;
		const [steady] = scripted;
		// Five sessions have answered with tools, and a sub-agent has worked beside the second turn of the first one.
		await expect
			.poll(() => steady?.requests.filter(({toolOutputs}) => toolOutputs > 0).length, {timeout: 8000})
			.toBeGreaterThan(4);
		await expect
			.poll(() => steady?.requests.some(({kind}) => kind === 'subagent'), {timeout: 19_000, interval: 200})
			.toBe(true);
		leave.abort();
		await running;
		for (const upstream of scripted) {
			expectNoRefusals(upstream);
		}

		const sessions = new Set(steady?.requests.map(({headers}) => headers['session-id']));
		expect(sessions.size).toBe(5);
		expect(new Set(steady?.requests.map(({prompt}) => prompt)).size).toBeGreaterThan(4);
		expect(claude.seen[0]?.name).toBe('/v1/messages?beta=true');
		const names = codex.seen[0]?.headers.filter((_, index) => index % 2 === 0);
		expect(names?.slice(0, 4)).toEqual([
			'x-codex-tui-token',
			'x-codex-beta-features',
			'x-codex-window-id',
			'x-codex-turn-metadata',
		]);
		expect(names).not.toContain('Connection');
	}, 30_000);

	test('goes on over upstreams that limit, fail and break off', async () => {
		await using demo = await startDemoUpstreams({seed: 3});
		for (const name of ['moody', 'brittle']) {
			await using pass = await startPass(find(demo.upstreams, name));
			const leave = new AbortController();
			const running = startDemoClient({url: `${pass.url}/v1`, token, signal: leave.signal, seed: 3});
			await expect.poll(() => pass.seen.length, {timeout: 9000}).toBeGreaterThan(9);
			leave.abort();
			await running;
		}

		for (const upstream of demo.scripted) {
			expectNoRefusals(upstream);
		}
	}, 30_000);

	test('waits out an engine that is not there, and ends when told to', async () => {
		const leave = new AbortController();
		const running = startDemoClient({url: 'http://127.0.0.1:9/v1', token, signal: leave.signal, seed: 1});
		setTimeout(() => leave.abort(), 500);
		await expect(running).resolves.toBeUndefined();
	});

	test('answers a prompt of its own user, and a review', async () => {
		await using demo = await startDemoUpstreams({seed: 1});
		const {baseUrl, key} = find(demo.upstreams, 'steady');
		const ask = async (headers: Record<string, string>) =>
			fetch(`${baseUrl}/responses`, {
				method: 'POST',
				headers: {authorization: `Bearer ${key}`, ...headers},
				body: JSON.stringify({model: 'gpt-5.5', input: [{role: 'user', content: 'anything else'}]}),
			});
		expect(await (await ask({})).text()).toContain('nothing left this machine');
		expect(await (await ask({'x-codex-turn-metadata': '{"subagent_kind":"review"}'})).text()).toContain('findings');
	});
});
