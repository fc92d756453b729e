import {performance} from 'node:perf_hooks';
import {describe, expect, test} from 'vitest';
import {cooldownBaseMs, type BreakerOutcome} from '../../../source/attempt/breaker.ts';
import type {Account, Config, Endpoint} from '../../../source/config/config.ts';
import {accountViews} from '../../../source/engine/brain/account-list.ts';
import {EndpointHealthBook} from '../../../source/engine/brain/endpoint-health.ts';
import type {EngineEvent} from '../../../source/event/catalogue.ts';
import {fakeClock} from '../../support/clock.ts';
import {configOf, endpoint, noCredentials} from '../../support/endpoint.ts';
import {memoryState} from '../../support/memory-state.ts';

const refused: BreakerOutcome = {outcome: 'auth', reason: 'answered 401', baseMs: cooldownBaseMs.status5xx};
const spent: BreakerOutcome = {outcome: 'soft', reason: 'no quota', baseMs: cooldownBaseMs.quota, isQuota: true};

const account = (label: string, fields: Partial<Account> = {}): Account => ({
	label,
	service: 'codex',
	credentials: {...noCredentials, bearer: {kind: 'env', name: `KEY_${label.toUpperCase()}`}},
	weight: 1,
	quotaGroup: undefined,
	enabled: true,
	location: undefined,
	...fields,
});

/** Two endpoints with the accounts `work` and `spare`, which share a quota, and `own`, which has one of its own. */
const team = (name: string, fields: Partial<Endpoint> = {}): Endpoint =>
	endpoint('team', {
		key: `codex/team/${name}`,
		endpoint: name,
		accounts: [account('work', {quotaGroup: 'org-1'}), account('spare', {quotaGroup: 'org-1'}), account('own')],
		...fields,
	});

const env: NodeJS.ProcessEnv = {KEY_WORK: 'secret-work-1', KEY_SPARE: 'secret-spare-1', KEY_OWN: 'secret-own-1'};

const createBook = (config: Config, {store = memoryState(), clock = fakeClock(), variables = env} = {}) => {
	const events: EngineEvent[] = [];
	const credentials = {env: variables, readClientKey: () => undefined};
	const {now, monotonic} = clock;
	const book = new EndpointHealthBook({
		...{store, credentials, now, monotonic},
		uptime: monotonic,
		random: () => 0.5,
		announce: event => events.push(event),
	});
	book.configure(config);
	const at = (name: string, label: string, model?: string) =>
		book.lookUp(undefined)(`codex/team/${name}`, label, model);
	const send = (name: string, label: string, outcome: BreakerOutcome): void => {
		const target = book.target(`codex/team/${name}`, label, undefined);
		if (!target) {
			throw new Error(`no ${name} ${label}`);
		}

		book.health.end(book.health.begin(target, false), outcome);
	};

	return {at, book, clock, credentials, events, send, store};
};

const two = configOf(team('default'), team('eu'));

describe('what the plan sees of a candidate', () => {
	test('is the same value as long as nothing changes, and a new one where something does', () => {
		const {at, send, clock} = createBook(two);
		const first = at('default', 'work');
		expect(at('default', 'work', 'any-model')).toBe(first);
		send('default', 'work', {...spent, isQuota: false, baseMs: 15_000});
		expect(at('default', 'work')).toMatchObject({phase: 'open', cause: 'limit', untilMs: clock.now() + 15_000});
		expect(first.phase).toBe('closed');
		clock.advance(15_000);
		expect(at('default', 'work')).toMatchObject({phase: 'half-open', isProbing: false});
	});

	test('of one that nobody has configured speaks for it', () => {
		const {book} = createBook(two);
		expect(book.lookUp(undefined)('codex/elsewhere/default', 'default', 'm')).toMatchObject({
			phase: 'closed',
			isPaused: false,
			hasQueueRoom: true,
		});
	});

	test('names the variable of the one account that lacks its key', () => {
		const {at} = createBook(two, {variables: {KEY_WORK: 'secret-work-1'}});
		expect(at('default', 'work').missingCredential).toBeUndefined();
		expect(at('default', 'spare').missingCredential).toBe('KEY_SPARE');
	});

	test('has the tokens and the time to first byte of what was sent lately', () => {
		const {at, book, clock} = createBook(two);
		const end = book.measure('codex/team/default', 'work', 4000);
		expect(at('default', 'work').recentTokens).toBe(4000);
		end({tokens: 1000, ttfbMs: 800});
		end({tokens: 1000, ttfbMs: 800});
		expect(at('default', 'work')).toMatchObject({recentTokens: 1000, ttfbMs: 800});
		clock.advance(300_000);
		expect(at('default', 'work')).toMatchObject({recentTokens: 500, ttfbMs: 800});
		book.measure('codex/team/default', 'work', 0)({tokens: undefined, ttfbMs: 200});
		expect(at('default', 'work').ttfbMs).toBe(400);
		expect(at('default', 'spare')).toMatchObject({recentTokens: 0, ttfbMs: undefined});
	});

	test('has the used share of its quota until its window begins anew', () => {
		const {at, book, clock} = createBook(two);
		book.setQuotaUsed('codex/team/default', 'work', {used: 0.9, untilMs: clock.now() + 500});
		expect(at('default', 'work').quotaUsed).toBe(0.9);
		clock.advance(1000);
		expect(at('default', 'work').quotaUsed).toBeUndefined();
	});

	test('says how many run there against which limit', () => {
		const limits = {...team('default').limits, maxConcurrentRequests: 1, limitGroup: 'team', queue: 1};
		const {at, book} = createBook(configOf(team('default', {limits}), team('eu', {limits})));
		const [entry] = book.entries();
		expect(at('eu', 'own')).toMatchObject({active: 0, limit: 1, limitKey: 'codex/team'});
		using permit = entry && book.limiter.tryAcquire(entry.limits);
		expect(permit).toBeDefined();
		expect(at('eu', 'own')).toMatchObject({active: 1, limit: 1, limitKey: 'codex/team', hasQueueRoom: true});
	});
});

describe('an account', () => {
	test('that spends its quota marks its group at every endpoint of the provider', () => {
		const {at, send} = createBook(two);
		send('default', 'work', spent);
		const phases = ['work', 'spare', 'own'].flatMap(label => [at('default', label).phase, at('eu', label).phase]);
		expect(phases).toEqual(['open', 'open', 'open', 'open', 'closed', 'closed']);
		expect(at('eu', 'spare').cause).toBe('quota');
	});

	test('whose balance is trusted to be empty marks its group until the reset', () => {
		const {at, book, clock} = createBook(two);
		const exhausted = {untilMs: clock.now() + 60_000, text: 'balance 0.00 USD'};
		book.setExhausted('codex/team/default', 'work', exhausted);
		expect([at('eu', 'spare').exhausted, at('eu', 'own').exhausted]).toEqual([exhausted, undefined]);
		clock.advance(60_000);
		expect(at('eu', 'spare').exhausted).toBeUndefined();
		book.setExhausted('codex/team/default', 'work', {untilMs: undefined, text: 'x'});
		book.setExhausted('codex/team/eu', 'spare', undefined);
		expect(at('default', 'work').exhausted).toBeUndefined();
	});

	test('that is paused is so at all endpoints, over a restart too, until it is resumed', () => {
		const first = createBook(two);
		const name = {service: 'codex', provider: 'team', account: 'work'} as const;
		expect(first.at('eu', 'work').isPaused).toBe(false);
		first.book.setPaused(name, true);
		first.book.setPaused(name, true);
		expect([first.at('eu', 'work').isPaused, first.at('eu', 'spare').isPaused]).toEqual([true, false]);
		expect(first.events).toMatchObject([{type: 'account-changed', ...name, isPaused: true}]);
		const second = createBook(two, {store: first.store});
		expect(second.at('default', 'work').isPaused).toBe(true);
		second.book.setPaused(name, false);
		expect(createBook(two, {store: first.store}).at('default', 'work').isPaused).toBe(false);
	});

	test('that does not exist cannot be paused, and the sentence names those that do', () => {
		const {book} = createBook(two);
		const name = {service: 'codex', provider: 'team', account: 'nobody'} as const;
		expect(() => book.setPaused(name, true)).toThrow(/it has work, spare, own\./);
		expect(() => book.setPaused({...name, provider: 'x'}, true)).toThrow(/no provider codex\/x/);
	});

	test('whose key was refused is tried again when its key has changed, the others all the time', () => {
		const variables = {...env};
		const {at, book, send, clock} = createBook(two, {variables});
		book.credentialRefused(team('default'), undefined, 'work');
		send('default', 'work', refused);
		clock.advance(30 * 86_400_000);
		expect([at('default', 'work').phase, at('default', 'spare').phase]).toEqual(['open', 'closed']);
		variables['KEY_WORK'] = 'secret-work-2';
		expect(at('default', 'work').phase).toBe('closed');
	});

	test('whose key was refused inside a stream stays away as well', () => {
		const {at, send} = createBook(two);
		send('default', 'work', refused);
		expect([at('default', 'work').phase, at('default', 'work').phase]).toEqual(['open', 'open']);
	});

	test('is listed with its fingerprint and never with its key', () => {
		const {book, credentials, send} = createBook(two);
		send('default', 'work', spent);
		const views = accountViews(book, credentials);
		expect(views.map(view => [view.account, view.quotaGroup, view.endpoints.length])).toEqual([
			['work', 'org-1', 2],
			['spare', 'org-1', 2],
			['own', undefined, 2],
		]);
		expect(views[0]).toMatchObject({authSource: 'env KEY_WORK', endpoints: [{phase: 'open', cause: 'quota'}, {}]});
		expect(views[0]?.fingerprint).toMatch(/^[0-9a-f]{8}$/);
		expect(JSON.stringify(views)).not.toContain('secret');
	});
});

describe('a breaker in state.db', () => {
	test('of another version is ignored', () => {
		const first = createBook(two);
		first.send('default', 'work', spent);
		for (const [key, row] of first.store.list('breaker')) {
			first.store.set('breaker', key, {...(typeof row === 'object' ? row : {}), version: 1});
		}

		expect(createBook(two, {store: first.store}).at('default', 'work').phase).toBe('closed');
	});

	test('that an earlier program wrote without accounts is ignored', () => {
		const store = memoryState();
		store.set('breaker', 'codex/team/default', {
			...{phase: 'open', failures: 3, opened: 1, sinceMs: 1, untilMs: 9e12, baseMs: 30_000},
			...{reason: 'x', cause: 'hard'},
		});
		expect(createBook(two, {store}).at('default', 'work').phase).toBe('closed');
	});
});

test('a new configuration keeps what was measured of a candidate that stays', () => {
	const {at, book} = createBook(two);
	book.measure('codex/team/eu', 'own', 0)({tokens: 70, ttfbMs: 300});
	book.configure(configOf(team('eu')));
	expect(at('eu', 'own')).toMatchObject({recentTokens: 70, ttfbMs: 300});
	expect(book.target('codex/team/default', 'own', undefined)).toBeUndefined();
});

test('two hundred look-ups of a plan cost at most 50 µs', () => {
	const labels = ['a', 'b', 'c', 'd'];
	const endpoints = Array.from({length: 50}, (_, index) =>
		endpoint(`p${index}`, {accounts: [account('a'), account('b'), account('c'), account('d')]}),
	);
	const {book} = createBook(configOf(...endpoints));
	const plan = (): number => {
		const startedMs = performance.now();
		const of = book.lookUp(undefined);
		for (const {key} of endpoints) {
			for (const label of labels) {
				of(key, label, 'gpt-5.3-codex');
			}
		}

		return performance.now() - startedMs;
	};
	const tooks = Array.from({length: 2000}, plan).toSorted((one, other) => one - other);
	expect(tooks[1000]).toBeLessThan(0.05);
});
