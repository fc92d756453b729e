import {randomBytes} from 'node:crypto';
import {RelayError} from '../../base/errors.ts';
import type {Config} from '../../config/config.ts';
import type {Pin} from '../../event/view.ts';
import type {Call} from '../../identify/call.ts';
import type {Capture, SentHead} from '../../observe/capture.ts';
import type {EndpointKey} from '../../wire/names.ts';
import {knock} from '../door/knock.ts';

/*
 * A request that a person sends once more, to an endpoint of their choice. It comes in at our own door like any other, with a
 * header that names it; so it has a row, a trace and a line in the ledger, and is paid for like any other.
 */

/** What tells a replay from other requests. */
export interface ReplayMark {
	/** The request that it repeats. */
	readonly of: string;
	/** The only endpoint that may serve it. */
	readonly pin: Pin;
}

/** What {@link Replays} works with. */
export interface ReplayOptions {
	readonly capture: Pick<Capture, 'read'>;
	readonly config: () => Config;
	/** The data listener's origin; undefined before it is open. */
	readonly url: () => string | undefined;
	/** The local token. */
	readonly token: string;
	readonly now: () => number;
	/** A header that holds one is not sent again. */
	readonly holdsSecret: (text: string) => boolean;
}

interface Expected extends ReplayMark {
	readonly onTaken: () => void;
}

/** Names a replay to our own door. It never goes upstream, like all headers that begin so. */
const markHeader = 'x-codex-tui-replay';

/** Sends captured requests again, and knows them when they come in. */
export class Replays {
	readonly #options: ReplayOptions;
	/** By the value of the header, which nobody else knows and which is good for one request. */
	readonly #expected = new Map<string, Expected>();

	constructor(options: ReplayOptions) {
		this.#options = options;
	}

	/** The mark of a request that came in; undefined for every other. */
	take(headers: Readonly<Record<string, string | undefined>>): ReplayMark | undefined {
		const name = headers[markHeader];
		const expected = name === undefined ? undefined : this.#expected.get(name);
		if (name === undefined || expected === undefined) {
			return undefined;
		}

		this.#expected.delete(name);
		expected.onTaken();
		return {of: expected.of, pin: expected.pin};
	}

	/**
	 * Sends a request again. Resolves when it is on the road; what becomes of it is told like that of any other. Rejects with RelayError
	 * `unknown-request`, `body-missing`, `unknown-endpoint` or `replay-refused`.
	 */
	async start(requestId: string, to: EndpointKey): Promise<void> {
		const {now, url, token, holdsSecret} = this.#options;
		const {body, sent} = this.#held(requestId, to);
		const origin = url();
		if (origin === undefined) {
			throw new RelayError('replay-refused', 'The engine does not listen yet; try again in a moment.');
		}

		const name = randomBytes(24).toString('base64url');
		const taken = Promise.withResolvers<void>();
		this.#expected.set(name, {
			of: requestId,
			pin: {endpointKey: to, mode: 'only', setAtMs: now()},
			onTaken: taken.resolve,
		});
		const headers = Object.entries(sent.headers).filter(([, value]) => !holdsSecret(value));
		const answered = knock({
			...{url: `${origin}${sent.path}${sent.query}`, method: sent.method, body},
			headers: {...Object.fromEntries(headers), authorization: `Bearer ${token}`, [markHeader]: name},
		});
		try {
			await Promise.race([taken.promise, answered.then(refuseUntaken)]);
		} finally {
			this.#expected.delete(name);
			// Once it is on the road its row tells how it ends.
			answered.catch(() => undefined);
		}
	}

	#held(requestId: string, to: EndpointKey): {readonly body: Buffer; readonly sent: SentHead} {
		const held = this.#options.capture.read(requestId);
		if (held?.sent === undefined) {
			throw new RelayError(
				'unknown-request',
				`Request ${requestId.slice(0, 60)} cannot be sent again: its text is no longer held (only the newest 64 MiB are), or it had none.`,
			);
		}

		if (held.body === undefined) {
			throw new RelayError(
				'body-missing',
				`Request ${requestId} cannot be sent again: its body was cut short when it was kept (more than 2 MiB), and half a request is another one.`,
			);
		}

		const services = Object.values(this.#options.config().services);
		const owner = services.find(({endpoints}) => endpoints.some(({key}) => key === to));
		if (owner === undefined) {
			throw new RelayError('unknown-endpoint', `There is no endpoint ${to.slice(0, 100)}; see the Routes page.`);
		}

		const service = /\/messages\b/.test(held.sent.path) ? 'claude' : 'codex';
		if (owner.service !== service) {
			throw new RelayError('unknown-endpoint', `${to} serves ${owner.service}, and the request is one of ${service}.`);
		}

		return {body: held.body, sent: held.sent};
	}
}

const refuseUntaken = (status: number): never => {
	throw new RelayError('replay-refused', `The engine's own door refused the request (${status}); is it being stopped?`);
};

/** A call that belongs to nobody's conversation: whoever serves a replay gets no affinity, and no session moves. */
export const withoutSession = (call: Call): Call => ({
	...call,
	sessionId: undefined,
	sessionIdSource: undefined,
	threadId: undefined,
	parentThreadId: undefined,
	turnId: undefined,
	turnState: undefined,
});
