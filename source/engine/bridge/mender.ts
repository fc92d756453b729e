import type {AttemptResult} from '../../attempt/sink.ts';
import type {RouteCandidate} from '../../route/route-plan.ts';
import {oppositeOf, readMend, type Mend, type SentShape} from '../../translate/mend/mend.ts';
import {mendsFor} from '../../translate/mend/read-refusal.ts';
import type {EndpointKey} from '../../wire/names.ts';
import type {CapabilityStore} from '../brain/capabilities.ts';
import type {Repair} from '../search/repair.ts';
import type {ReplyVerdict} from '../reply/reply.ts';
import type {Judged} from '../search/verdict.ts';

/*
 * Learning from refusals of translated requests (translation.md 1.11): the upstream's 4xx chooses an edit from a fixed list, the request is sent again with
 * it inside the same client request, and what helped is kept per endpoint and model in the book of capabilities, as `mend:NAME`. Whoever refuses a request
 * that was mended by what was kept, in words that ask for no other edit, has it forgotten: a wrong lesson costs one request.
 */

/** A try as far as mending looks at it; each is an object of its own. */
export interface MendableTry {
	readonly candidate: Pick<RouteCandidate, 'endpoint'>;
	readonly repairs: ReadonlySet<Repair>;
	/** Nobody is left behind it. */
	readonly isLast: boolean;
}

interface Sent {
	readonly endpointKey: EndpointKey;
	readonly model: string | undefined;
	/** What it went out with. */
	readonly mends: readonly Mend[];
	readonly shape: SentShape;
}

const prefix = 'mend:';

/** Edits that leave out what the user said: only where nobody else could be asked with it. */
const costly: ReadonlySet<Mend> = new Set(['no-images']);

const statuses: ReadonlySet<number> = new Set([400, 404, 415, 422]);

/** Classes of refusals that an edit may help against; those of keys, quotas, sizes and policies are about something else. */
const mendable: ReadonlySet<string | undefined> = new Set([
	undefined,
	'client_error_non_retryable',
	'routing_mismatch_capability',
]);

const isServed = (result: AttemptResult<ReplyVerdict>): boolean =>
	result.kind === 'verdict' && (result.verdict.kind === 'completed' || result.verdict.kind === 'unary');

const repairFor = ({repairs}: MendableTry): Repair | undefined =>
	repairs.has('mend') ? (repairs.has('mend-again') ? undefined : 'mend-again') : 'mend';

/** What translated requests are mended by, and who learns it. */
export class Mender {
	readonly #book: Pick<CapabilityStore, 'observe' | 'forget' | 'seen'>;
	readonly #sent = new WeakMap<MendableTry, Sent>();

	constructor(book: Pick<CapabilityStore, 'observe' | 'forget' | 'seen'>) {
		this.#book = book;
	}

	/** The edits for a try: what is learned, and in a resend also what was only heard once. `model` as the client's side names it. */
	mends({candidate, repairs, isLast}: MendableTry, model: string | undefined): readonly Mend[] {
		const isResend = repairs.has('mend');
		return this.#book
			.seen(candidate.endpoint.key, model, prefix)
			.filter(({isLearned}) => isLearned || isResend)
			.map(({need}) => readMend(need.slice(prefix.length)))
			.filter(mend => mend !== undefined)
			.filter(mend => isLast || !costly.has(mend));
	}

	/** A try is translated and goes out. */
	sent(step: MendableTry, sent: Omit<Sent, 'endpointKey'>): void {
		this.#sent.set(step, {...sent, endpointKey: step.candidate.endpoint.key});
	}

	/** Learns from the end of a try. What comes back asks for a resend where that would be mended. */
	judge(step: MendableTry, result: AttemptResult<ReplyVerdict>, judged: Judged): Judged {
		const sent = this.#sent.get(step);
		if (sent === undefined) {
			return judged;
		}

		if (isServed(result)) {
			this.#confirm(sent);
			return judged;
		}

		return result.kind === 'status' && statuses.has(result.head.status)
			? this.#refused(step, {sent, judged, body: result.body, status: result.head.status})
			: judged;
	}

	/** What was only heard once did help. What is learned already is not seen anew: it is tried without after a day. */
	#confirm({endpointKey, model, mends}: Sent): void {
		const heard = this.#book.seen(endpointKey, model, prefix).filter(({isLearned}) => !isLearned);
		for (const {need} of heard.filter(row => mends.some(mend => row.need === prefix + mend))) {
			this.#book.observe({endpointKey, model, need, has: true, source: 'traffic'});
		}
	}

	#refused(
		step: MendableTry,
		refusal: {readonly sent: Sent; readonly judged: Judged; readonly body: Buffer; readonly status: number},
	): Judged {
		const {sent, judged, status} = refusal;
		const isMatter = mendable.has(judged.fault?.errorClass) && judged.repair === undefined;
		const all = isMatter ? mendsFor({status, body: refusal.body.toString()}, sent.shape) : [];
		const found = all.filter(mend => step.isLast || !costly.has(mend));
		if (all.length === 0) {
			this.#distrust(sent);
		}

		if (found.length === 0) {
			return judged;
		}

		for (const mend of found) {
			this.#hear(sent, mend);
		}

		const repair = repairFor(step);
		// What the request brought along is no fault of the upstream.
		return repair === undefined ? judged : {...judged, repair, outcome: 'neutral'};
	}

	#hear({endpointKey, model}: Sent, mend: Mend): void {
		const opposite = oppositeOf(mend);
		if (opposite !== undefined) {
			this.#book.forget({endpointKey, model: model ?? '', need: prefix + opposite});
		}

		this.#book.observe({endpointKey, model, need: prefix + mend, has: true, source: 'traffic'});
	}

	/** A lesson that coincides with a new refusal is forgotten: kept wrong ones have caused outages elsewhere. */
	#distrust({endpointKey, model = '', mends}: Sent): void {
		for (const mend of mends) {
			this.#book.forget({endpointKey, model, need: prefix + mend});
		}
	}
}
