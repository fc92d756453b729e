import {expect, test} from 'vitest';
import {recordedStreams} from '../support/recorded-streams.ts';
import {chunkOf, later, playStream, startFarEnd, streamHead, type RawArrival} from '../support/raw-http.ts';
import {call, startEngine, until} from '../support/running-engine.ts';

/* REL-04 for two upstreams that run beside each other (routing.md 12): one is cut at its bytes, the other one is healthy and slower. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const whole = Buffer.from(stream.toString().replaceAll('resp_1', 'resp_other'));

const playPart =
	(bytes: Buffer) =>
	({socket, head}: RawArrival): void => {
		const part = bytes.subarray(0, Number(/x-cut: (\d+)/.exec(head)?.[1] ?? 0));
		const sent = part.length === 0 ? streamHead : Buffer.concat([Buffer.from(streamHead), chunkOf(part)]);
		socket.write(sent, () => socket.resetAndDestroy());
	};

const placesOf = (length: number): readonly number[] => [
	...Array.from({length: 90}, (_, index) => Math.floor((index * length) / 90)),
	length - 1,
	length,
];

/** What is wrong with an answer of two upstreams of which the one was cut: exactly one ending, and nothing mixed. */
const wrongWith = (body: Buffer, at: number): string | undefined => {
	const endings = body.toString().match(/^event: response\.(?:completed|failed)$/gm) ?? [];
	if (endings.length !== 1) {
		return `byte ${at}: ${endings.length} endings`;
	}

	const tail = body.lastIndexOf('event: response.failed');
	const own = body.subarray(-whole.length).equals(whole)
		? body.subarray(0, -whole.length)
		: tail < 0
			? body
			: body.subarray(0, tail);
	return stream.subarray(0, own.length).equals(own) ? undefined : `byte ${at}: mixed`;
};

test.each([
	['the first', 0],
	['the rival', 1],
])(
	'wherever %s of two that run beside each other is cut, the client gets one whole answer or one ending',
	async (_, cut) => {
		// Whoever is cut speaks first, in the time in which both run.
		await using broken = await startFarEnd(later(cut === 0 ? 450 : 0, playPart(stream)));
		await using slow = await startFarEnd(later(cut === 0 ? 600 : 700, playStream(whole)));
		const fars = cut === 0 ? [broken, slow] : [slow, broken];
		await using engine = await startEngine({
			providers: fars.map(({url}, index) => ({name: `p${index}`, url})),
			limits: {hedgeAfterMs: 200, transportRepeatMs: 1},
		});
		const places = [...placesOf(stream.length)];
		const wrong: string[] = [];
		let both = 0;
		const work = async (): Promise<void> => {
			for (let at = places.pop(); at !== undefined; at = places.pop()) {
				for (const index of [1, 0]) {
					// Pins forget the cooldowns that the cuts bring.
					await engine.engine.act({
						type: 'pin',
						service: 'codex',
						endpointKey: `codex/p${index}/default`,
						mode: 'prefer',
					});
				}

				const {body} = await call(engine, {headers: {'x-cut': String(at)}});
				wrong.push(...[wrongWith(body, at)].filter(fault => fault !== undefined));
			}
		};
		await Promise.all(Array.from({length: 24}, work));
		await until('all records', () => engine.ledger().length === placesOf(stream.length).length);
		for (const {retry} of engine.ledger()) {
			both += (retry?.attempts ?? 0) >= 2 ? 1 : 0;
		}

		expect(wrong).toEqual([]);
		expect(both).toBeGreaterThan(placesOf(stream.length).length / 2);
	},
	30_000,
);
