import {appendFileSync, chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {array, assert, asyncProperty, constantFrom, integer, record} from 'fast-check';
import {describe, expect, onTestFinished, test} from 'vitest';
import {periodOf, type RangeName} from '../../../source/observe/usage/calendar.ts';
import {defaultForecast} from '../../../source/observe/usage/forecast.ts';
import {ProjectFinder} from '../../../source/observe/usage/project.ts';
import {UsageSource} from '../../../source/observe/usage/usage-source.ts';
import {groupings, type Grouping} from '../../../source/observe/usage/usage-view.ts';
import {temporaryFolder} from '../../support/folder.ts';
import {poll} from '../../support/poll.ts';
import {propertyRuns} from '../../support/property-runs.ts';
import {flatPrice, usageLine} from '../../support/usage-lines.ts';

const noonMs = new Date(2026, 10, 21, 12).getTime();

const openSource = (logPath: string): UsageSource =>
	new UsageSource({
		...{path: logPath, price: flatPrice, forecast: defaultForecast},
		priceText: () => undefined,
		now: () => noonMs,
	});

const open = () => {
	const folder = temporaryFolder();
	const logPath = path.join(folder.path, 'requests.jsonl');
	const source = openSource(logPath);
	onTestFinished(async () => {
		await source.close();
		folder[Symbol.dispose]();
	});
	return {folder: folder.path, logPath, source};
};

const question = (range: RangeName = 'today', grouping: Grouping = 'provider') => ({
	period: periodOf(range, noonMs),
	grouping,
});

describe('the source of usage', () => {
	test('a home without a ledger has no requests, and that is an answer', async () => {
		const {source} = open();
		expect(await source.complete(question())).toMatchObject({
			total: {requests: 0},
			rows: [],
			coverage: {isReading: false, filesLeft: 0, brokenLines: 0},
		});
	});

	test('a request is in the next answer after its line was written', async () => {
		const {source, logPath} = open();
		writeFileSync(logPath, usageLine({atMs: noonMs}));
		expect((await source.complete(question())).total.requests).toBe(1);
		appendFileSync(logPath, usageLine({atMs: noonMs}) + '{"torn\n');
		const view = await source.complete(question());
		expect(view.total.requests).toBe(2);
		expect(view.coverage.brokenLines).toBe(1);
	});

	test('an answer does not change when more comes', async () => {
		const {source, logPath} = open();
		writeFileSync(logPath, usageLine({atMs: noonMs}));
		const before = await source.complete(question());
		const kept = structuredClone(before);
		appendFileSync(logPath, usageLine({atMs: noonMs}));
		await source.complete(question());
		expect(before).toEqual(kept);
	});

	test('a look does not wait for all of a large ledger; it says that there is more, and later looks have it', async () => {
		const {source, logPath} = open();
		writeFileSync(logPath, usageLine({atMs: noonMs}).repeat(40_000));
		const first = await source.look(question());
		expect(first.coverage.isReading || first.total.requests === 40_000).toBe(true);
		const last = await poll('all of it', async () => {
			const view = await source.look(question());
			return view.coverage.isReading ? undefined : view;
		});
		expect(last.total.requests).toBe(40_000);
	});

	test('a longer range reads older files, a shorter one leaves them', async () => {
		const {source, logPath, folder} = open();
		writeFileSync(logPath, usageLine({atMs: noonMs}));
		const old = noonMs - 20 * 86_400_000;
		const stamp = new Date(old).toISOString().replaceAll(/[:.]/g, '-');
		writeFileSync(path.join(folder, `requests.${stamp}.jsonl`), usageLine({atMs: old - 1000}));
		expect((await source.complete(question('week'))).total.requests).toBe(1);
		expect((await source.complete(question('month'))).total.requests).toBe(2);
		expect((await source.complete(question('week'))).total.requests).toBe(1);
	});

	test.skipIf(process.getuid?.() === 0)('a ledger that cannot be read is named', async () => {
		const {source, logPath} = open();
		writeFileSync(logPath, usageLine({atMs: noonMs}));
		chmodSync(logPath, 0);
		await expect(source.complete(question())).rejects.toThrow(`${logPath} cannot be read`);
	});

	test('questions asked at once are answered one after the other, each with every request once', async () => {
		const {source, logPath} = open();
		writeFileSync(logPath, usageLine({atMs: noonMs}).repeat(500));
		const views = await Promise.all(groupings.map(grouping => source.complete(question('week', grouping))));
		expect(views.map(({total}) => total.requests)).toEqual(groupings.map(() => 500));
	});

	test('a folder in place of the ledger is named', async () => {
		const {source, logPath} = open();
		mkdirSync(logPath);
		await expect(source.complete(question())).rejects.toThrow(/requests\.jsonl cannot be read: EISDIR/);
	});

	test('kept up to date it says the same as read anew, whatever was asked between', async () => {
		const fact = record({
			daysAgo: integer({min: 0, max: 9}),
			provider: constantFrom('a', 'b'),
			status: constantFrom(200, 429),
			session: constantFrom('s', 't'),
			cwd: constantFrom('/x', '/y'),
			failedTries: constantFrom<readonly string[]>([], ['status-429']),
		});
		const step = record({facts: array(fact, {maxLength: 4}), grouping: constantFrom(...groupings)});
		await assert(
			asyncProperty(array(step, {maxLength: 5}), async steps => {
				using folder = temporaryFolder();
				const logPath = path.join(folder.path, 'requests.jsonl');
				const source = openSource(logPath);
				for (const {facts, grouping} of steps) {
					const lines = facts.map(({daysAgo, ...rest}) => usageLine({...rest, atMs: noonMs - daysAgo * 86_400_000}));
					appendFileSync(logPath, lines.join(''));
					const fresh = openSource(logPath);
					const asked = question('week', grouping);
					expect(await source.complete(asked)).toEqual(await fresh.complete(asked));
					await fresh.close();
				}

				await source.close();
			}),
			propertyRuns(25),
		);
	});
});

describe('a project', () => {
	test('is the nearest folder above with a .git, else the folder itself', () => {
		using folder = temporaryFolder();
		const inner = path.join(folder.path, 'repo', 'packages', 'one');
		mkdirSync(inner, {recursive: true});
		mkdirSync(path.join(folder.path, 'repo', '.git'));
		const projects = new ProjectFinder();
		expect(projects.find(inner)).toBe(path.join(folder.path, 'repo'));
		expect(projects.find('/no/such/folder/anywhere')).toBe('/no/such/folder/anywhere');
		expect(projects.find('\\\\server\\share')).toBe('\\\\server\\share');
		expect(projects.find('//server/share')).toBe('//server/share');
		expect(projects.find('relative')).toBe('relative');
	});
});
