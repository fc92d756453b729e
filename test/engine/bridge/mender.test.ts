import {describe, expect, test} from 'vitest';
import {CapabilityStore} from '../../../source/engine/brain/capabilities.ts';
import {Mender} from '../../../source/engine/bridge/mender.ts';
import {openStateStore} from '../../../source/engine/brain/state-store.ts';
import {mendedBody, shapeOf, wouldChange, type Mend} from '../../../source/translate/mend/mend.ts';
import {genericQuirks} from '../../../source/translate/codec/quirks.ts';
import {fakeClock} from '../../support/clock.ts';
import {endpoint} from '../../support/endpoint.ts';
import {judgedSuccess} from '../../support/judged.ts';
import {candidate} from '../../support/plans.ts';
import {startFarEnd, wholeAnswer, type RawArrival} from '../../support/raw-http.ts';
import {call, settled, startEngine, turn, type RunningEngine} from '../../support/running-engine.ts';

/* Learning from refusals of translated requests (translation.md 1.11), through a whole engine and a far end that speaks Chat Completions. */

const answer = JSON.stringify({
	id: 'c1',
	choices: [{index: 0, message: {role: 'assistant', content: 'Hello.'}, finish_reason: 'stop'}],
});

const bodyOf = ({body}: RawArrival): Record<string, unknown> => JSON.parse(body.toString());

const refusal = (name: string): Buffer =>
	wholeAnswer(400, JSON.stringify({error: {message: `Unknown parameter: '${name}'.`, param: name}}));

/** Refuses a body that holds one of the fields, the first of them first. */
const refusing =
	(...names: readonly string[]) =>
	(arrival: RawArrival): void => {
		const body = bodyOf(arrival);
		const found = names.find(name => name in body);
		arrival.socket.write(found === undefined ? wholeAnswer(200, answer) : refusal(found));
	};

const chat = (url: string, name = 'deep') => ({name, url, extra: 'dialect = "chat"'});

const asked = {
	...turn,
	stream: false,
	parallel_tool_calls: true,
	temperature: 0.5,
	tools: [{type: 'function', name: 'look', parameters: {type: 'object', properties: {}}}],
};

const mendsOf = ({engine}: RunningEngine) =>
	engine
		.ask({type: 'brain'})
		.capabilities.filter(({need}) => need.startsWith('mend:'))
		.map(({endpointKey, model, need, isLearned}) => [endpointKey, model, need, isLearned]);

describe('a translated request that is refused for a field', () => {
	test('is mended and sent again within the same client request, and the next one goes out mended', async () => {
		await using far = await startFarEnd(refusing('temperature'));
		await using engine = await startEngine({providers: [chat(far.url)]});
		const first = await call(engine, {body: asked});
		expect([first.status, first.text.includes('Hello.')]).toEqual([200, true]);
		expect(far.arrivals.map(arrival => 'temperature' in bodyOf(arrival))).toEqual([true, false]);
		expect((await call(engine, {body: asked})).status).toBe(200);
		expect(far.arrivals.map(arrival => 'temperature' in bodyOf(arrival))).toEqual([true, false, false]);
		expect(mendsOf(engine)).toEqual([['codex/deep/default', 'gpt-5.5', 'mend:drop:temperature', true]]);
		settled(engine);
		expect(engine.ledger()).toMatchObject([
			{outcome: 'success', retry: {attempts: 2, route_attempts: [{discarded: true}, {repairs: ['mended:1']}]}},
			{outcome: 'success', retry: {attempts: 1}},
		]);
		const losses = engine.events.flatMap(event => (event.type === 'body-translated' ? event.losses : []));
		expect(losses).toContainEqual({
			code: 'mended',
			count: 1,
			text: 'temperature was left out: deep refused it otherwise',
		});
		expect(engine.events.filter(({type}) => type === 'breaker-changed')).toEqual([]);
	});

	test.each([
		['a forced tool', 'tool_choice', {tool_choice: 'required'}],
		['a tool by its name', 'tool_choice', {tool_choice: {type: 'function', name: 'look'}}],
		['that no tool is called', 'tool_choice', {tool_choice: 'none'}],
	])('keeps %s: its refusal is passed on, and nothing is learned', async (_, field, more) => {
		await using far = await startFarEnd(refusing(field));
		await using engine = await startEngine({providers: [chat(far.url)]});
		for (let round = 0; round < 2; round++) {
			expect((await call(engine, {body: {...asked, ...more}})).status).toBe(400);
		}

		expect(far.arrivals.map(arrival => field in bodyOf(arrival))).toEqual([true, true]);
		expect(mendsOf(engine)).toEqual([]);
	});

	test('keeps where the client wants its answer to end, also where a lesson says otherwise', () => {
		const body = {model: 'm', stop: ['END'], stop_sequences: ['END'], tool_choice: 'required', user: 'u'};
		const mends: readonly Mend[] = ['drop:stop', 'drop:stop_sequences', 'drop:tool_choice', 'drop:user'];
		const {user: _, ...kept} = body;
		expect(mendedBody(body, mends)).toEqual(kept);
		expect(mendedBody({...body, tool_choice: 'auto'}, mends)).not.toHaveProperty('tool_choice');
		const shape = shapeOf(body, {quirks: genericQuirks, isChat: true});
		expect(mends.filter(mend => wouldChange(mend, shape))).toEqual(['drop:user']);
	});

	test('is mended twice at most', async () => {
		await using far = await startFarEnd(refusing('temperature', 'parallel_tool_calls'));
		await using engine = await startEngine({providers: [chat(far.url)]});
		expect((await call(engine, {body: asked})).status).toBe(200);
		expect(far.arrivals).toHaveLength(3);
		expect(mendsOf(engine).map(([, , need, isLearned]) => [need, isLearned])).toEqual([
			['mend:drop:parallel_tool_calls', true],
			['mend:drop:temperature', true],
		]);
		await using stubborn = await startFarEnd(refusing('temperature', 'parallel_tool_calls', 'tool_choice'));
		await using other = await startEngine({providers: [chat(stubborn.url)]});
		expect((await call(other, {body: {...asked, tool_choice: 'auto'}})).status).toBe(400);
		expect(stubborn.arrivals).toHaveLength(3);
	});

	test('is not sent again where it would be the same, and a 5xx teaches nothing', async () => {
		await using far = await startFarEnd(({socket}) => {
			socket.write(refusal('top_k'));
		});
		await using engine = await startEngine({providers: [chat(far.url)]});
		expect((await call(engine, {body: asked})).status).toBe(400);
		expect(far.arrivals).toHaveLength(1);
		await using broken = await startFarEnd(({socket}) => {
			socket.write(wholeAnswer(500, JSON.stringify({error: {message: "Unknown parameter: 'temperature'."}})));
		});
		await using other = await startEngine({providers: [chat(broken.url)], limits: {silentWaitMs: 0}});
		await call(other, {body: asked});
		expect(broken.arrivals.every(arrival => 'temperature' in bodyOf(arrival))).toBe(true);
		expect([mendsOf(engine), mendsOf(other)]).toEqual([[], []]);
	});

	test('teaches nothing about another model, another endpoint, or the client’s own dialect', async () => {
		await using far = await startFarEnd(refusing('temperature'));
		await using other = await startFarEnd(refusing());
		await using same = await startFarEnd(({socket}) => {
			socket.write(refusal('temperature'));
		});
		await using engine = await startEngine({providers: [chat(far.url), chat(other.url, 'wide')]});
		await call(engine, {body: asked});
		await call(engine, {body: {...asked, model: 'gpt-5.4'}});
		expect(far.arrivals.map(arrival => 'temperature' in bodyOf(arrival))).toEqual([true, false, true, false]);
		await engine.engine.act({type: 'account', service: 'codex', provider: 'deep', account: 'default', isPaused: true});
		await call(engine, {body: asked});
		expect(other.arrivals.map(arrival => 'temperature' in bodyOf(arrival))).toEqual([true]);
		await using own = await startEngine({providers: [{name: 'own', url: same.url}]});
		expect((await call(own, {body: asked})).status).toBe(400);
		expect([same.arrivals.length, mendsOf(own)]).toEqual([1, []]);
	});

	test('what was learned can be forgotten by hand, and is asked for again', async () => {
		await using far = await startFarEnd(refusing('temperature'));
		await using engine = await startEngine({providers: [chat(far.url)]});
		await call(engine, {body: asked});
		await engine.engine.act({
			type: 'forget-capabilities',
			endpointKey: 'codex/deep/default',
			need: 'mend:drop:temperature',
		});
		expect(mendsOf(engine)).toEqual([]);
		await call(engine, {body: asked});
		expect(far.arrivals.map(arrival => 'temperature' in bodyOf(arrival))).toEqual([true, false, true, false]);
	});

	test('a learned edit that coincides with a new refusal is forgotten', async () => {
		let isPoisoned = false;
		await using far = await startFarEnd(arrival => {
			if (isPoisoned) {
				arrival.socket.write(wholeAnswer(400, JSON.stringify({error: {message: 'temperature is a required field'}})));
			} else {
				refusing('temperature')(arrival);
			}
		});
		await using engine = await startEngine({providers: [chat(far.url)]});
		await call(engine, {body: asked});
		expect(mendsOf(engine)).toHaveLength(1);
		isPoisoned = true;
		expect((await call(engine, {body: asked})).status).toBe(400);
		expect(mendsOf(engine)).toEqual([]);
	});
});

const image = `data:image/png;base64,${Buffer.from('an image').toString('base64')}`;
const withImage = {
	...turn,
	stream: false,
	input: [
		{
			...{type: 'message', role: 'user'},
			content: [
				{type: 'input_text', text: 'what is this?'},
				{type: 'input_image', image_url: image},
			],
		},
	],
};
const blind = (arrival: RawArrival): void => {
	const hasImage = arrival.body.includes('image_url');
	const refused = JSON.stringify({error: {message: 'This model does not support image input'}});
	arrival.socket.write(hasImage ? wholeAnswer(400, refused) : wholeAnswer(200, answer));
};

describe('an image that an upstream refuses', () => {
	test('goes to another one that takes it, and nothing of it is left out', async () => {
		await using far = await startFarEnd(blind);
		await using other = await startFarEnd(refusing());
		await using engine = await startEngine({providers: [chat(far.url), chat(other.url, 'wide')]});
		expect((await call(engine, {body: withImage})).status).toBe(200);
		expect([far.arrivals.length, other.arrivals.length]).toEqual([1, 1]);
		expect(other.arrivals[0]?.body.includes('image_url')).toBe(true);
		expect(mendsOf(engine)).toEqual([]);
	});

	test('is left out where nobody else is there, and that upstream is asked with images no more', async () => {
		await using far = await startFarEnd(blind);
		await using engine = await startEngine({providers: [chat(far.url)]});
		expect((await call(engine, {body: withImage})).status).toBe(200);
		expect((await call(engine, {body: withImage})).status).toBe(200);
		expect(far.arrivals.map(({body}) => body.includes('image_url'))).toEqual([true, false, false]);
		const rows = engine.engine.ask({type: 'brain'}).capabilities;
		// Served without it is no sign that it can see.
		expect(rows.filter(({need}) => need === 'vision')).toMatchObject([{has: false, isLearned: false}]);
	});
});

test('an upstream that is mended is never passed over for what it was mended of', async () => {
	await using far = await startFarEnd(refusing('parallel_tool_calls'));
	await using engine = await startEngine({providers: [chat(far.url)]});
	const answers = await Promise.all([0, 1, 2, 3].map(() => call(engine, {body: asked})));
	expect(answers.map(({status}) => status)).toEqual([200, 200, 200, 200]);
	expect((await call(engine, {body: asked})).status).toBe(200);
	const rows = engine.engine.ask({type: 'brain'}).capabilities;
	expect(rows.filter(({need, isLearned}) => need === 'parallel_tools' && isLearned)).toEqual([]);
});

const key = 'codex/deep/default';
const refused = (message: string) =>
	({
		kind: 'status',
		head: {status: 400, headers: {}, headersMs: 1},
		body: Buffer.from(JSON.stringify({error: {message}})),
	}) as const;

const start = () => {
	const clock = fakeClock();
	const rows = openStateStore(':memory:', clock.now, () => undefined);
	const book = new CapabilityStore(rows, clock.now);
	const mender = new Mender(book);
	/** One try that is refused; `repairs` of a resend. */
	const refuse = (message: string, body: Record<string, unknown>, mends: readonly Mend[] = []) => {
		const step = {
			candidate: {...candidate('deep'), endpoint: endpoint('deep')},
			repairs: new Set<never>(),
			isLast: true,
		};
		const shape = shapeOf(body, {quirks: genericQuirks, isChat: true});
		mender.sent(step, {model: 'm', mends, shape});
		return mender.judge(step, refused(message), judgedSuccess);
	};
	return {clock, book, mender, refuse, rows};
};

describe('the book', () => {
	test('believes an edit after two refusals that agree, for a day', () => {
		const {clock, mender, refuse, rows} = start();
		const step = {
			candidate: {...candidate('deep'), endpoint: endpoint('deep')},
			repairs: new Set<never>(),
			isLast: true,
		};
		expect(refuse("Unknown parameter: 'user'.", {user: 'u'}).repair).toBe('mend');
		expect(mender.mends(step, 'm')).toEqual([]);
		refuse("Unknown parameter: 'user'.", {user: 'u'});
		expect(mender.mends(step, 'm')).toEqual(['drop:user']);
		clock.advance(24 * 3_600_000 + 1);
		expect(mender.mends(step, 'm')).toEqual([]);
		rows.close();
	});

	test('holds one of two opposite edits, the newer one', () => {
		const {book, refuse, rows} = start();
		refuse("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'.", {max_tokens: 1});
		refuse("Unknown parameter: 'max_completion_tokens'.", {max_completion_tokens: 1});
		expect(book.seen(key, 'm', 'mend:').map(({need}) => need)).toEqual(['mend:max_tokens']);
		rows.close();
	});
});
