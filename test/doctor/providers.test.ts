import {createServer as createTls} from 'node:tls';
import {once} from 'node:events';
import {describe, expect, onTestFinished, test} from 'vitest';
import {json, startBalanceFarEnd, type Answers} from '../support/balance.ts';
import {listenRaw} from '../support/attempt.ts';
import {doctorKey, startDoctor, teamConfig} from '../support/doctor.ts';
import {selfSigned} from '../support/self-signed.ts';

const id = 'provider:codex/team/default';

const startFarEnd = async (answers: Answers) => {
	const far = await startBalanceFarEnd(answers);
	onTestFinished(async () => await far[Symbol.asyncDispose]());
	return far;
};

/** What the doctor finds of a provider that answers its list of models like this. */
const withList = async (answer: Answers[string], more = '') => {
	const far = await startFarEnd({'/v1/models': answer});
	const doctor = startDoctor({config: teamConfig(`${far.origin}/v1`, more)});
	return {far, result: await doctor.look(id)};
};

describe('every provider by DNS, TCP, TLS and key', () => {
	test('a provider that takes the key is well, with its steps and their times', async () => {
		const {far, result} = await withList(json({data: [{id: 'a'}, {id: 'b'}]}));
		expect(result).toMatchObject({
			state: 'ok',
			group: 'providers',
			what: 'team: it takes the key and lists 2 models.',
			where: `${far.origin}/v1`,
		});
		expect(result.steps?.map(({name, state}) => [name, state])).toEqual([
			['dns', 'skipped'],
			['tcp', 'ok'],
			['tls', 'skipped'],
			['auth', 'ok'],
		]);
		expect(far.requests[0]?.headers['authorization']).toBe(`Bearer ${doctorKey}`);
	});

	test.each([
		[401, {error: `no key ${doctorKey}`}, 'fail', /it refuses the key \(401: .*no key \[redacted/],
		[403, {}, 'fail', /it refuses the key \(403/],
		[400, {error: 'API key not valid'}, 'fail', /it refuses the key \(400/],
		[404, {}, 'skipped', /it has no list of models \(404\), so its key was not tried/],
		[429, {}, 'warn', /it answered 429/],
		[503, {}, 'warn', /it answered 503/],
		[200, {hello: 1}, 'warn', /it answered, but with no list of models/],
	] as const)('an answer %i %j is "%s"', async (...[status, body, state, what]) => {
		const {result} = await withList(json(body, status));
		expect(result.state).toBe(state);
		expect(result.what).toMatch(what);
		expect(result.fix === undefined).toBe(state === 'skipped');
	});

	test('a web page and a redirect are told, and the key does not follow', async () => {
		const page = await withList((_, response) => void response.writeHead(200).end('<html>hi</html>'));
		expect(page.result).toMatchObject({state: 'warn', what: 'team: its answer is not JSON.'});
		const other = await startFarEnd({'/v1/models': json({data: []})});
		const moved = await withList((_, response) => {
			response.writeHead(302, {location: `${other.origin}/v1/models`}).end();
		});
		expect(moved.result.what).toContain('it redirects (status 302)');
		expect(other.asked).toEqual([]);
	});

	test('a silent provider is given up after the clock', async () => {
		const {result} = await withList(() => undefined);
		expect(result).toMatchObject({state: 'fail', what: 'team: no answer within 0.5 s.'});
		expect(result.tookMs).toBeLessThan(3000);
	});

	test('a dead port and an unknown name end at their own step', async () => {
		const far = await startFarEnd({});
		await far[Symbol.asyncDispose]();
		const dead = await startDoctor({config: teamConfig(`${far.origin}/v1`)}).look(id);
		expect(dead).toMatchObject({
			state: 'fail',
			what: 'team: tcp, nothing listens there (connection refused).',
			fix: `Start the server that should listen on ${far.origin}.`,
		});
		const unknown = await startDoctor({config: teamConfig('https://nowhere.invalid/v1')}).look(id);
		expect(unknown.state).toBe('fail');
		expect(unknown.what).toMatch(/^team: dns, (?:its host name does not resolve|no answer within)/);
		expect(unknown.steps).toHaveLength(1);
	});

	test('a certificate that signs itself, and a port that speaks no TLS, fail at tls', async () => {
		const server = createTls(selfSigned).listen(0, '127.0.0.1');
		await once(server, 'listening');
		onTestFinished(() => void server.close());
		const address = server.address();
		const port = typeof address === 'object' && address !== null ? address.port : 0;
		const signed = await startDoctor({config: teamConfig(`https://localhost:${port}/v1`)}).look(id);
		expect(signed).toMatchObject({state: 'fail', what: 'team: tls, its certificate is self-signed.'});
		expect(signed.fix).toContain('NODE_EXTRA_CA_CERTS');
		await using silent = await listenRaw(() => undefined);
		const mute = await startDoctor({config: teamConfig(`${silent.origin.replace('http', 'https')}/v1`)}).look(id);
		expect(mute).toMatchObject({state: 'fail', what: 'team: tls, no answer within 0.5 s.'});
	});

	test('each account is tried with its own key, one without its key is not', async () => {
		const far = await startFarEnd({
			'/v1/models': (request, response) => {
				const isGood = request.headers['authorization'] === `Bearer ${doctorKey}`;
				json(isGood ? {data: []} : {}, isGood ? 200 : 401)(request, response);
			},
		});
		const config = `version = 5
[codex.providers.team]
base_url = "${far.origin}/v1"
accounts = [
  { label = "good", auth_token_env = "DOCTOR_KEY" },
  { label = "bad", auth_token_env = "BAD_KEY" },
  { label = "none", auth_token_env = "NO_KEY" } ]
`;
		const result = await startDoctor({config, env: {BAD_KEY: 'sk-bad-0123456789'}}).look(id);
		expect(result).toMatchObject({
			state: 'fail',
			what: expect.stringContaining('team (account bad): it refuses the key'),
		});
		expect(result.steps?.slice(3).map(({name, state}) => [name, state])).toEqual([
			['auth good', 'ok'],
			['auth bad', 'fail'],
			['auth none', 'skipped'],
		]);
		expect(far.requests).toHaveLength(2);
	});

	test('a provider that answers slowly at every step costs no more than one limit for all of them', async () => {
		const far = await startFarEnd({'/v1/models': () => undefined});
		const clocks = {dnsMs: 5000, tcpMs: 5000, tlsMs: 5000, authMs: 5000, providerMs: 300};
		const result = await startDoctor({config: teamConfig(`${far.origin}/v1`), clocks}).look(id);
		expect(result.state).toBe('fail');
		expect(result.tookMs).toBeLessThan(1500);
	});

	test('many providers are looked at side by side, each silent one costs only its own clock', async () => {
		const far = await startFarEnd(
			Object.fromEntries(Array.from({length: 12}, (_, index) => [`/p${index}/models`, () => undefined])),
		);
		const providers = Array.from(
			{length: 12},
			(_, index) =>
				`[codex.providers.p${index}]\nbase_url = "${far.origin}/p${index}"\nauth_token_env = "DOCTOR_KEY"\n`,
		);
		const doctor = startDoctor({config: `version = 5\n${providers.join('')}`});
		const startedMs = performance.now();
		const results = await doctor.run();
		expect([...results.keys()].filter(name => name.startsWith('provider:'))).toHaveLength(12);
		// One after the other would be six seconds.
		expect(performance.now() - startedMs).toBeLessThan(4500);
	});

	test('plain HTTP to another machine is a warning: the key can be read on its way', async () => {
		const result = await startDoctor({config: teamConfig('http://192.0.2.1:9/v1')}).look(id);
		expect(result.steps?.[1]?.name).toBe('tcp');
		expect(['fail', 'warn']).toContain(result.state);
	});
});
