import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {readInBandError} from '../../source/engine/gate/stream-error.ts';
import {judge, type Judged} from '../../source/engine/search/verdict.ts';

/** One labelled body of test/fixture/error-bodies/bodies.jsonl, written after public documentation and issue reports. */
interface Labelled {
	readonly name: string;
	readonly language: 'en' | 'zh';
	readonly kind: 'json' | 'page' | 'plain' | 'in-band' | 'trap';
	/** Missing for an error inside a stream, whose `body` is its event. */
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body: unknown;
	readonly expected: {
		readonly class: string | null;
		readonly outcome: string;
		readonly scope: string;
		readonly canMove?: boolean;
		readonly waitMs?: number;
	};
}

const nowMs = Date.parse('2026-11-21T10:00:00Z');
const file = new URL('../fixture/error-bodies/bodies.jsonl', import.meta.url);
const bodies: readonly Labelled[] = readFileSync(file, 'utf8')
	.trim()
	.split('\n')
	.map((line): Labelled => JSON.parse(line));

const textOf = ({body}: Labelled): string => (typeof body === 'string' ? body : JSON.stringify(body));

const judgeLabelled = (labelled: Labelled): Judged => {
	const {status, headers = {}} = labelled;
	const event = Buffer.from(`data: ${textOf(labelled)}\n\n`);
	return judge(
		status === undefined
			? {
					kind: 'verdict',
					verdict: readInBandError(event),
					head: {status: 200, headers: {}, headersMs: 1},
				}
			: {kind: 'status', head: {status, headers, headersMs: 1}, body: Buffer.from(textOf(labelled))},
		nowMs,
		text => text,
	);
};

test('the corpus is as large and as mixed as it promises', () => {
	const count = (isCounted: (labelled: Labelled) => boolean): number => bodies.filter(isCounted).length;
	expect(bodies.length).toBeGreaterThanOrEqual(120);
	expect(new Set(bodies.map(({name}) => name)).size).toBe(bodies.length);
	expect(count(({language}) => language === 'zh')).toBeGreaterThanOrEqual(25);
	expect(count(({kind}) => kind === 'in-band')).toBeGreaterThanOrEqual(10);
	expect(count(({kind}) => kind === 'page' || kind === 'plain')).toBeGreaterThanOrEqual(10);
	expect(count(({kind}) => kind === 'trap')).toBeGreaterThanOrEqual(10);
});

describe('the error body', () => {
	test.for(bodies.map(labelled => [labelled.name, labelled] as const))('%s', ([, labelled]) => {
		const {expected} = labelled;
		const judged = judgeLabelled(labelled);
		expect({
			class: judged.fault?.errorClass ?? null,
			outcome: judged.outcome,
			scope: judged.fault?.scope,
			canMove: expected.canMove === undefined ? undefined : judged.canMove,
			waitMs: judged.retryAfterMs,
		}).toEqual({canMove: undefined, waitMs: undefined, ...expected});
	});
});
