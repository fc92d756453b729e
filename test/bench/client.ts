import {assertNever} from '../../source/base/errors.ts';
import {announceReady, answerJobs} from './child-side.ts';
import {codexBody, messagesBody} from './codex-request.ts';
import {isClientJob, type Address, type ClientJob, type ClientResult} from './messages.ts';
import {rotated} from './statistics.ts';
import {decodeChunks, encodeRequest, monotonicUs, readStamps, Wire} from './wire.ts';

/* The client of all targets: keep-alive connections by hand, so that it takes as little of the machine as it can. */

type Job<Kind extends ClientJob['kind']> = Extract<ClientJob, {readonly kind: Kind}>;

const nothing: ClientResult = {wallMs: 0, bytes: 0, events: 0, isComplete: false, firstByteUs: [], delaysUs: []};
const held: Wire[] = [];
const turns = [0, 1, 2, 3, 4, 5, 6, 7];
const bodies = new Map<string, readonly Buffer[]>();

/** Requests of one conversation: none is the same as the one before it. The turn of a request that is sent as the `index`-th is `index % 8`. */
const requestsFor = (address: Address, bodyBytes: number): ((index: number) => Buffer) => {
	const key = `${address.body ?? ''}${bodyBytes}`;
	const bodyOf = address.body === 'messages' ? messagesBody : codexBody;
	const made = bodies.get(key) ?? turns.map(turn => bodyOf(bodyBytes, turn));
	bodies.set(key, made);
	const requests = made.map(body => encodeRequest(address, body));
	return index => {
		const request = requests[index % requests.length];
		if (!request) {
			throw new RangeError(`No request has the index ${index}.`);
		}

		return request;
	};
};

/** One stream, read in full: a target that breaks streams must not count as a fast one. */
const verify = async ({address, bodyBytes}: Job<'verify'>): Promise<ClientResult> => {
	const wire = new Wire(address.port);
	const pieces: Buffer[] = [];
	const bytes = await wire.exchange(requestsFor(address, bodyBytes)(0), {onData: data => pieces.push(data)});
	wire.close();
	const all = Buffer.concat(pieces).toString('latin1');
	const events = decodeChunks(all.slice(all.indexOf('\r\n\r\n') + 4))
		.split('\n\n')
		.filter(event => event.includes('data: '));
	return {
		...nothing,
		bytes,
		events: events.length,
		isComplete: /response\.completed|message_stop|\[DONE\]/.test(events.at(-1) ?? ''),
	};
};

const load = async ({address, bodyBytes, requests, concurrency}: Job<'load'>): Promise<ClientResult> => {
	const requestAt = requestsFor(address, bodyBytes);
	const delaysUs: number[] = [];
	let left = requests;
	let bytes = 0;
	const startedAt = performance.now();
	const run = async (): Promise<void> => {
		const wire = new Wire(address.port);
		let rest = '';
		const onData = (data: Buffer): void => {
			// Reads of the coalesced mode are large and carry no stamps; looking through them would only take CPU from the target.
			if (data.length < 16_384) {
				const stamps = readStamps(rest + data.toString('latin1'), monotonicUs());
				rest = stamps.rest;
				delaysUs.push(...stamps.delaysUs);
			}
		};

		while (left-- > 0) {
			bytes += await wire.exchange(requestAt(left), {onData});
		}

		wire.close();
	};

	await Promise.all(Array.from({length: concurrency}, run));
	return {...nothing, wallMs: performance.now() - startedAt, bytes, delaysUs};
};

/** One request at a time, the targets taking turns request by request, so that whatever disturbs the machine disturbs all. */
const rotate = async ({addresses, bodyBytes, requests}: Job<'rotate'>): Promise<ClientResult> => {
	const entrants = addresses.map(address => ({
		wire: new Wire(address.port),
		requestAt: requestsFor(address, bodyBytes),
		firstByteUs: [] as number[],
	}));
	for (let index = 0; index < requests; index++) {
		for (const {wire, requestAt, firstByteUs} of rotated(entrants, index)) {
			const request = requestAt(index);
			const sentAtUs = monotonicUs();
			await wire.exchange(request, {onFirstByte: () => firstByteUs.push(monotonicUs() - sentAtUs)});
		}
	}

	for (const {wire} of entrants) {
		wire.close();
	}

	return {...nothing, firstByteUs: entrants.map(({firstByteUs}) => firstByteUs)};
};

/** Opens streams in small groups and keeps them until `release`; done when each has its head and its first event. */
const hold = async ({address, bodyBytes, streams}: Job<'hold'>): Promise<ClientResult> => {
	const request = requestsFor(address, bodyBytes)(0);
	const openOne = async (): Promise<void> =>
		new Promise((resolve, reject) => {
			const wire = new Wire(address.port);
			held.push(wire);
			wire.exchange(request, {onFirstByte: resolve}).catch(reject);
		});
	for (let open = 0; open < streams; open += 20) {
		await Promise.all(Array.from({length: Math.min(20, streams - open)}, openOne));
	}

	return nothing;
};

const release = (): ClientResult => {
	for (const wire of held.splice(0)) {
		wire.close();
	}

	return nothing;
};

const work = async (job: ClientJob): Promise<ClientResult> => {
	switch (job.kind) {
		case 'verify': {
			return verify(job);
		}

		case 'load': {
			return load(job);
		}

		case 'rotate': {
			return rotate(job);
		}

		case 'hold': {
			return hold(job);
		}

		case 'release': {
			return release();
		}

		default: {
			return assertNever(job);
		}
	}
};

answerJobs({isJob: isClientJob, run: work});
announceReady();
