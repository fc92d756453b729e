import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {Limiter, type LimitTarget, type Permit} from '../../source/attempt/limiter.ts';
import {Cancellation} from '../../source/base/cancellation.ts';
import {fakeClock} from '../support/clock.ts';
import {propertyRuns} from '../support/property-runs.ts';
import {applicant, target} from './limiter-fixtures.ts';

/** Lets everything that was granted arrive. */
const settle = async (): Promise<void> => {
	await new Promise(resolve => {
		setImmediate(resolve);
	});
};

type Move =
	| {readonly kind: 'ask'; readonly session: number; readonly group: number; readonly account: number}
	| {readonly kind: 'end' | 'leave'; readonly which: number}
	| {readonly kind: 'refused' | 'served'; readonly account: number}
	| {readonly kind: 'wait'; readonly ms: number};

const moves = fc.array(
	fc.oneof(
		{
			weight: 4,
			arbitrary: fc.record({
				kind: fc.constant('ask' as const),
				session: fc.nat(3),
				group: fc.nat(1),
				account: fc.nat(2),
			}),
		},
		{weight: 3, arbitrary: fc.record({kind: fc.constant('end' as const), which: fc.nat(30)})},
		fc.record({kind: fc.constant('leave' as const), which: fc.nat(30)}),
		fc.record({kind: fc.constantFrom('refused' as const, 'served' as const), account: fc.nat(2)}),
		fc.record({kind: fc.constant('wait' as const), ms: fc.nat(1500)}),
	) as fc.Arbitrary<Move>,
	{maxLength: 80},
);

const groupMax = [2, 5];

const targets = (group: number, account: number): LimitTarget =>
	target({limitKey: `g${group}`, max: groupMax[group], accountKey: `a${account}`, queue: 100});

/** Requests that come, run and go around a limiter. */
class Crowd {
	readonly clock = fakeClock();
	readonly limiter = new Limiter({monotonic: this.clock.monotonic});
	readonly #running: Array<{readonly permit: Permit; readonly group: number}> = [];
	readonly #leaving: Cancellation[] = [];
	#waiting = 0;

	get waiting(): number {
		return this.#waiting;
	}

	do(move: Move): void {
		switch (move.kind) {
			case 'ask': {
				void this.#ask(move.session, move.group, move.account);
				break;
			}

			case 'end': {
				this.end(move.which);
				break;
			}

			case 'leave': {
				this.#leaving[move.which % Math.max(1, this.#leaving.length)]?.cancel();
				break;
			}

			case 'refused':
			case 'served': {
				this.limiter[move.kind](targets(0, move.account));
				break;
			}

			case 'wait': {
				this.clock.advance(move.ms);
				break;
			}
		}
	}

	end(which: number): void {
		const [ended] = this.#running.splice(which % Math.max(1, this.#running.length), 1);
		ended?.permit[Symbol.dispose]();
	}

	check(): void {
		for (const group of [0, 1]) {
			const running = this.#running.filter(one => one.group === group);
			expect(running.length).toBeLessThanOrEqual(groupMax[group] ?? 0);
		}

		expect(this.limiter.totals()).toEqual({active: this.#running.length, waiting: this.#waiting});
	}

	async #ask(session: number, group: number, account: number): Promise<void> {
		const cancellation = new Cancellation();
		this.#leaving.push(cancellation);
		this.#waiting++;
		const result = await this.limiter.acquire(targets(group, account), applicant(`s${session}`, cancellation));
		this.#waiting--;
		if (typeof result === 'object') {
			this.#running.push({permit: result, group});
		}
	}
}

test('G7 never more than the limit, no permit lost, nobody starves, whatever comes, ends, leaves and is refused', async () => {
	await fc.assert(
		fc.asyncProperty(moves, async sequence => {
			const crowd = new Crowd();
			for (const move of sequence) {
				crowd.do(move);
				await settle();
				crowd.check();
			}

			// Whoever still waits gets a place in the end, as long as somebody ends.
			for (let round = 0; round < 200 && crowd.waiting > 0; round++) {
				crowd.end(0);
				await settle();
			}

			expect(crowd.waiting).toBe(0);
		}),
		propertyRuns(200),
	);
});
