import {describe, expect, test} from 'vitest';
import {recordedStreams} from '../../support/recorded-streams.ts';
import {chunkOf, rawRequest, sendRaw, startFarEnd, streamHead} from '../../support/raw-http.ts';
import {call, startEngine, until, type ClientFamily} from '../../support/running-engine.ts';

/* The control plane's answers, and the end of an engine (REL-41). */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const messagesStream = recordedStreams.find(({dialect}) => dialect === 'messages')?.bytes ?? stream;

describe('the control plane', () => {
	const rows: ReadonlyArray<readonly [string, string, string, number]> = [
		['a page', 'GET /api/v1/routes', '', 200],
		['a page that is not there', 'GET /api/v1/nothing', '', 404],
		['a prototype', 'GET /constructor', '', 404],
		['another method', 'PUT /api/v1/routes', '{}', 405],
		['a removal', 'DELETE /api/v1/routes', '', 405],
		['no JSON', 'POST /api/v1/pin', 'nonsense', 400],
		['nothing', 'POST /api/v1/pin', '', 400],
		['an array', 'POST /api/v1/pin', '[]', 400],
		['a pin of a number', 'POST /api/v1/pin', '{"endpoint":7}', 400],
		['a pin of an endpoint that is not there', 'POST /api/v1/pin', '{"endpoint":"codex/x/default"}', 409],
		['a pin', 'POST /api/v1/pin', '{"endpoint":"codex/a/default","mode":"prefer"}', 200],
		['a move without its request', 'POST /api/v1/move', '{}', 400],
		['a move to a number', 'POST /api/v1/move', '{"request":"req_1","to":7}', 400],
		['a move of a request that is not there', 'POST /api/v1/move', '{"request":"req_1","to":null}', 409],
		['a replay without an endpoint', 'POST /api/v1/replay', '{"request":"req_1"}', 400],
		['a replay of a request that is not there', 'POST /api/v1/replay', '{"request":"r","to":"codex/a/default"}', 409],
		['a body of a request that is not there', 'GET /api/v1/requests/r/body', '', 404],
		[
			'a cooldown of an endpoint that is not there',
			'POST /api/v1/actions',
			'{"action":"cool","endpoint":"codex/x/default","until_ms":9999999999999}',
			409,
		],
		[
			'a cooldown',
			'POST /api/v1/actions',
			'{"action":"cool","endpoint":"codex/a/default","until_ms":9999999999999}',
			200,
		],
		[
			'a cooldown that is over',
			'POST /api/v1/actions',
			'{"action":"cool","endpoint":"codex/a/default","until_ms":1}',
			409,
		],
		['brackets without end', 'POST /api/v1/pin', '['.repeat(60_000), 400],
		['a body that is too large', 'POST /api/v1/pin', `{"x":"${'x'.repeat(70_000)}"}`, 413],
		['a model with an escape', 'POST /api/v1/overrides', String.raw`{"session":"s","model":"x\u001b[31m"}`, 400],
		['a model without end', 'POST /api/v1/overrides', `{"session":"s","model":"${'m'.repeat(2000)}"}`, 400],
		['a slip that would forget everything', 'POST /api/v1/capabilities', '{"forgt":{"need":"vision"}}', 400],
		['everything to forget', 'POST /api/v1/capabilities', '{"forget":{}}', 200],
		['a reload', 'POST /api/v1/reload', '{}', 200],
		['what a screen may', 'GET /api/v1/attach', '', 200],
		['what decides the routing', 'GET /api/v1/brain', '', 200],
		['a transcript of nothing', 'GET /api/v1/transcript', '', 400],
		['a transcript of two things', 'GET /api/v1/transcript?request=a&session=b', '', 400],
		['a transcript of a request that is not there', 'GET /api/v1/transcript?request=a', '', 200],
		['a transcript of no version', 'GET /api/v1/transcript?request=a&known=-1', '', 400],
	];
	test('answers each question and mistake with its status, as problem details', async () => {
		await using own = await startEngine({providers: [{name: 'a', url: 'http://127.0.0.1:9/v1'}]});
		for (const [name, line, body, status] of rows) {
			const headers = [
				['host', `127.0.0.1:${own.controlPort}`],
				['content-type', 'application/json'],
				['authorization', `Bearer ${own.token}`],
			] as const;
			const request = rawRequest(line, headers, body);
			const answer = await sendRaw(own.controlPort, request, {
				timeoutMs: 1000,
				until: text => /\}\r\n0\r\n\r\n$|\]\r\n0\r\n\r\n$/.test(text),
			});
			expect([name, answer.status]).toEqual([name, status]);
			if (status >= 400) {
				expect(answer.headers['content-type']).toBe('application/problem+json');
			}
		}
	});
});

describe('every path of the control plane', () => {
	const paths = [
		...['snapshot', 'events', 'routes', 'brain', 'attach', 'accounts', 'explain'].map(name => `GET /api/v1/${name}`),
		...['pin', 'overrides', 'accounts', 'actions', 'move', 'replay', 'reload', 'what-if'].map(
			name => `POST /api/v1/${name}`,
		),
	];
	const guards: ReadonlyArray<
		readonly [
			name: string,
			status: number,
			change: (headers: Map<string, string>) => void,
			target?: (path: string) => string,
		]
	> = [
		['SEC-02 a foreign Host', 403, headers => headers.set('host', 'evil.example')],
		['SEC-03 an Origin', 403, headers => headers.set('origin', 'https://evil.example')],
		['SEC-03 the Origin null', 403, headers => headers.set('origin', 'null')],
		['SEC-03 a page of another site', 403, headers => headers.set('sec-fetch-site', 'cross-site')],
		['SEC-04 no token', 403, headers => headers.delete('authorization')],
		['SEC-04 a wrong token', 403, headers => headers.set('authorization', 'Bearer wrong')],
		['SEC-08 an absolute target', 400, () => undefined, path => `http://evil.example${path}`],
		['SEC-08 two slashes', 400, () => undefined, path => `/${path}`],
	];
	test('is behind the same guards', async () => {
		await using own = await startEngine({providers: [{name: 'a', url: 'http://127.0.0.1:9/v1'}]});
		for (const line of paths) {
			const [method = '', path = ''] = line.split(' ');
			for (const [name, status, change, target = (same: string) => same] of guards) {
				const headers = new Map([
					['host', `127.0.0.1:${own.controlPort}`],
					['content-type', 'application/json'],
					['authorization', `Bearer ${own.token}`],
				]);
				change(headers);
				const request = rawRequest(`${method} ${target(path)}`, [...headers], method === 'POST' ? '{}' : '');
				const answer = await sendRaw(own.controlPort, request, {
					timeoutMs: 1000,
					until: text => text.includes('\r\n\r\n'),
				});
				expect([name, line, answer.status]).toEqual([name, line, status]);
				expect(answer.headers['access-control-allow-origin']).toBeUndefined();
			}
		}

		const headers = [
			['host', `127.0.0.1:${own.controlPort}`],
			['content-type', 'text/plain'],
			['authorization', `Bearer ${own.token}`],
		] as const;
		for (const line of paths.filter(path => path.startsWith('POST'))) {
			const request = rawRequest(line, headers, '{}');
			const answer = await sendRaw(own.controlPort, request, {
				timeoutMs: 1000,
				until: text => text.includes('\r\n\r\n'),
			});
			expect(['SEC-03 what a form can send', line, answer.status]).toEqual(['SEC-03 what a form can send', line, 415]);
		}
	});
});

/** Streams its part and then says nothing more. */
const startHalf = (client: ClientFamily) =>
	startFarEnd(({socket}) => {
		const bytes = client === 'claude-code' ? messagesStream : stream;
		socket.write(Buffer.concat([Buffer.from(streamHead), chunkOf(bytes.subarray(0, bytes.length - 400))]));
	});

describe('REL-41 an engine that is stopped', () => {
	const rows = [
		[
			'codex',
			/event: response\.failed\ndata: [^\n]*"code":"server_error","message":"codex-tui: the engine is being stopped[^\n]*\n\n$/,
		],
		[
			'claude-code',
			/event: error\ndata: [^\n]*overloaded_error[^\n]*codex-tui: the engine is being stopped[^\n]*\n\n$/,
		],
		['sdk', /"type":"error"[^\n]*codex-tui: the engine is being stopped[^\n]*\n\n$/],
	] as const;
	test.each(rows)(
		'lets a running answer go on for its grace and then ends it as %s can read it',
		async (client, ending) => {
			await using far = await startHalf(client);
			const service = client === 'claude-code' ? 'claude' : 'codex';
			const extra = client === 'claude-code' ? 'dialect = "messages"' : '';
			await using engine = await startEngine({providers: [{name: 'a', url: far.url, service, extra}]});
			const answer = call(engine, {client});
			await until('the first bytes', () => engine.events.some(({type}) => type === 'reply-start'));
			const startedMs = performance.now();
			await engine.engine.stop(300);
			const {text, isComplete, status} = await answer;
			expect(performance.now() - startedMs).toBeGreaterThan(290);
			expect(performance.now() - startedMs).toBeLessThan(1000);
			expect([status, isComplete]).toEqual([200, true]);
			expect(text).toMatch(ending);
			expect(engine.ledger()).toMatchObject([{outcome: 'cut'}]);
			expect(far.openSockets()).toBe(0);
		},
	);

	test('waits no longer when it is told a second time, and not at all when nothing runs', async () => {
		await using far = await startHalf('codex');
		await using busy = await startEngine({providers: [{name: 'a', url: far.url}]});
		const answer = call(busy);
		await until('the first bytes', () => busy.events.some(({type}) => type === 'reply-start'));
		const startedMs = performance.now();
		const first = busy.engine.stop(30_000);
		await Promise.all([first, busy.engine.stop(0)]);
		expect((await answer).text).toContain('response.failed');
		await using idle = await startEngine({providers: [{name: 'a', url: far.url}]});
		await idle.engine.stop(30_000);
		expect(performance.now() - startedMs).toBeLessThan(1500);
	});
});
