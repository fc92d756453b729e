import {describe, expect, onTestFinished, test} from 'vitest';
import {CapabilityStore, type CapabilityObservation} from '../../../source/engine/brain/capabilities.ts';
import {capabilityFromError} from '../../../source/engine/brain/capabilities-error.ts';
import {openStateStore} from '../../../source/engine/brain/state-store.ts';
import {fakeClock} from '../../support/clock.ts';

const key = 'codex/relay/default';
const seen = (has: boolean, more: Partial<CapabilityObservation> = {}): CapabilityObservation => ({
	endpointKey: key,
	model: 'gpt-5.5',
	need: 'vision',
	has,
	source: 'traffic',
	...more,
});

const start = () => {
	const clock = fakeClock();
	const faults: string[] = [];
	const rows = openStateStore(':memory:', clock.now, fault => faults.push(fault));
	onTestFinished(() => {
		rows.close();
		expect(faults).toEqual([]);
	});
	return {clock, rows, store: new CapabilityStore(rows, clock.now)};
};

describe('a capability', () => {
	test('is learned from two observations that agree, not from one', () => {
		const {store} = start();
		store.observe(seen(false));
		expect(store.capability(key, 'gpt-5.5', 'vision')).toBeUndefined();
		store.observe(seen(false));
		expect(store.capability(key, 'gpt-5.5', 'vision')).toEqual({has: false, source: 'learned from traffic'});
		expect(store.capability(key, 'gpt-5.4', 'vision')).toBeUndefined();
		expect(store.capability('codex/other/default', 'gpt-5.5', 'vision')).toBeUndefined();
	});

	test('two that disagree teach nothing', () => {
		const {store} = start();
		store.observe(seen(false));
		store.observe(seen(true));
		expect(store.capability(key, 'gpt-5.5', 'vision')).toBeUndefined();
		store.observe(seen(true));
		expect(store.capability(key, 'gpt-5.5', 'vision')?.has).toBe(true);
	});

	test('is unlearned by two in a row that say the opposite', () => {
		const {store} = start();
		for (const has of [true, true, false, true, false]) {
			store.observe(seen(has));
			expect(store.capability(key, 'gpt-5.5', 'vision')?.has ?? true).toBe(true);
		}

		store.observe(seen(false));
		expect(store.capability(key, 'gpt-5.5', 'vision')?.has).toBe(false);
	});

	test('holds for 24 hours after the last observation', () => {
		const {store, clock} = start();
		store.observe(seen(false));
		store.observe(seen(false));
		clock.advance(23 * 3_600_000);
		store.observe(seen(false));
		clock.advance(23 * 3_600_000);
		expect(store.capability(key, 'gpt-5.5', 'vision')?.has).toBe(false);
		clock.advance(3_600_000);
		expect(store.capability(key, 'gpt-5.5', 'vision')).toBeUndefined();
		store.observe(seen(false));
		expect(store.capability(key, 'gpt-5.5', 'vision')).toBeUndefined();
	});

	test('of a transport is the endpoint’s, whatever the model', () => {
		const {store} = start();
		store.observe(seen(false, {need: 'websocket', model: 'a'}));
		store.observe(seen(false, {need: 'websocket', model: 'b'}));
		expect(store.capability(key, 'c', 'websocket')?.has).toBe(false);
	});

	test('of a preset counts until traffic knows better', () => {
		const {store} = start();
		store.setPresets([{endpointKey: key, model: undefined, need: 'vision', has: false}]);
		expect(store.capability(key, 'gpt-5.5', 'vision')).toEqual({has: false, source: 'preset'});
		store.observe(seen(true));
		store.observe(seen(true));
		expect(store.capability(key, 'gpt-5.5', 'vision')).toEqual({has: true, source: 'learned from traffic'});
		expect(store.capability(key, 'gpt-5.4', 'vision')?.has).toBe(false);
	});

	test('survives a restart, a foreign row and an old one do not', () => {
		const {store, rows, clock} = start();
		store.observe(seen(false, {need: 'model', model: 'old'}));
		store.observe(seen(false, {need: 'model', model: 'old'}));
		clock.advance(86_400_000);
		store.observe(seen(false));
		store.observe(seen(false));
		rows.set('capability', '["x"]', {has: 7});
		const again = new CapabilityStore(rows, clock.now);
		expect(again.capability(key, 'gpt-5.5', 'vision')?.has).toBe(false);
		expect(again.list()).toEqual(store.list());
		expect(rows.list('capability')).toHaveLength(1);
	});

	test('is forgotten one by one, by endpoint, or all at once, on disk as well', () => {
		const {store, rows} = start();
		for (const need of ['vision', 'json_schema', 'hosted_tools']) {
			store.observe(seen(false, {need}));
		}

		store.observe(seen(false, {endpointKey: 'codex/other/default'}));
		expect(store.forget({endpointKey: key, model: 'gpt-5.5', need: 'vision'})).toBe(1);
		expect(store.forget({endpointKey: key})).toBe(2);
		expect(store.forget()).toBe(1);
		expect([store.list(), rows.list('capability')]).toEqual([[], []]);
	});

	test('that is seen again and again is written once an hour', () => {
		const {clock, rows} = start();
		let writes = 0;
		const store = new CapabilityStore(
			{
				set: (...row) => {
					writes += 1;
					rows.set(...row);
				},
				delete: (...row) => rows.delete(...row),
				list: kind => rows.list(kind),
			},
			clock.now,
		);
		for (let request = 0; request < 1000; request += 1) {
			store.observe(seen(true));
		}

		expect(writes).toBe(2);
		clock.advance(3_600_000);
		store.observe(seen(true));
		expect(writes).toBe(3);
	});
});

describe('a refusal', () => {
	test.each([
		[400, `{"error":{"message":"Unknown parameter: 'parallel_tool_calls'."}}`, 'parallel_tools'],
		[400, '{"error":{"message":"This model does not support image input"}}', 'vision'],
		[400, '{"error":{"message":"该模型不支持图片输入"}}', 'vision'],
		[400, `{"error":{"message":"response_format json_schema is not supported"}}`, 'json_schema'],
		[422, '{"detail":"tool type web_search is unsupported"}', 'hosted_tools'],
		[400, `{"error":{"message":"unknown variant compaction_trigger"}}`, 'compact_v2'],
		[400, '{"error":{"message":"stream_options: Extra inputs are not permitted"}}', 'streaming_usage'],
		[404, '{"error":{"code":"model_not_found","message":"The model `x` does not exist"}}', 'model'],
		[403, '{"error":{"message":"model gpt-9 is not available for your plan"}}', 'model'],
		[400, '{"error":{"message":"不支持该模型"}}', 'model'],
		[426, '', 'websocket'],
	])('%i %s teaches that %s is missing', (status, body, need) => {
		expect(capabilityFromError({status, body})).toEqual({need, has: false});
	});

	test('a compact path that is not there teaches compact_v1, another path that is not there teaches nothing', () => {
		expect(capabilityFromError({status: 404, body: 'nope', path: '/v1/responses/compact'})?.need).toBe('compact_v1');
		expect(capabilityFromError({status: 404, body: 'nope', path: '/v1/responses'})).toBeUndefined();
	});

	test.each([
		[429, 'model gpt-5.5 is not available right now'],
		[503, '{"error":{"code":"model_not_found","message":"无可用渠道"}}'],
		[500, 'parallel_tool_calls is not supported'],
		[401, 'model not supported'],
		[400, 'unsupported image format for input_image'],
		[400, 'the image_url could not be downloaded: not allowed'],
		[400, '{"error":{"code":"context_length_exceeded"}}'],
		[400, 'missing required parameter: input'],
	])('%i %s teaches nothing', (status, body) => {
		expect(capabilityFromError({status, body})).toBeUndefined();
	});

	test('a huge hostile body costs nothing', () => {
		const startedMs = performance.now();
		capabilityFromError({status: 400, body: 'model '.repeat(100_000)});
		expect(performance.now() - startedMs).toBeLessThan(20);
	});
});

test('a row whose key or value was damaged is passed over: the engine starts without it', () => {
	const {rows, clock} = start();
	const learned = {has: false, atMs: clock.now(), agreeing: 2};
	for (const damaged of ['k0', '{', '[]', '[1,2,3]', 'null']) {
		rows.set('capability', damaged, learned);
	}

	expect(new CapabilityStore(rows, clock.now).list()).toEqual([]);
});
