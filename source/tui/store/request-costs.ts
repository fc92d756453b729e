import type {RequestView} from '../../event/view.ts';

/*
 * What each answered request cost. The engine tells tokens and models; prices are the home's, and what nobody knows the price of has no cost:
 * a guess in the place of money is worse than nothing.
 */

/** `isPartial`: something of it could not be priced, so it is the least that it cost. */
export interface RequestCost {
	/** Whole nanodollars. */
	readonly nanoUsd: number;
	readonly isPartial: boolean;
}

/** A row of the page Requests. */
export interface RequestRow extends RequestView {
	/** Undefined: not known, or not told yet. */
	readonly cost?: RequestCost;
}

/** What a price is found by. */
export type PricedRequest = Pick<RequestView, 'billed' | 'endpointKey' | 'service' | 'usage'>;

/** The cost of a request; undefined: unknown. */
export type CostOf = (request: PricedRequest) => RequestCost | undefined;

/** The prices of now; the same function as before where they are still the same. */
export type LoadCosts = () => Promise<CostOf>;

/** How soon a change of a price is seen. */
const freshMs = 30_000;

/** Puts costs to requests. Prices are loaded with the first answer: no first frame needs them. */
export class RequestCosts {
	readonly #load: LoadCosts | undefined;
	readonly #onChange: () => void;
	/** A row is priced once: a request that has ended does not change any more. */
	#rows = new WeakMap<RequestView, RequestRow>();
	#costOf: CostOf | undefined;
	#askedAtMs = -Infinity;

	/** `onChange`: other prices are known now. Without `load` nothing has a cost. */
	constructor(load: LoadCosts | undefined, onChange: () => void) {
		this.#load = load;
		this.#onChange = onChange;
	}

	/** The same requests with what they cost. */
	rows(requests: readonly RequestView[], nowMs: number): readonly RequestRow[] {
		if (nowMs - this.#askedAtMs >= freshMs && requests.some(({usage}) => usage !== undefined)) {
			this.#askedAtMs = nowMs;
			void this.#ask();
		}

		const costOf = this.#costOf;
		return costOf === undefined ? requests : requests.map(request => this.#rowOf(request, costOf));
	}

	#rowOf(request: RequestView, costOf: CostOf): RequestRow {
		if (request.usage === undefined) {
			return request;
		}

		const known = this.#rows.get(request);
		if (known !== undefined) {
			return known;
		}

		const cost = costOf(request);
		const row = cost === undefined ? request : {...request, cost};
		this.#rows.set(request, row);
		return row;
	}

	async #ask(): Promise<void> {
		// Whatever is wrong with the prices of a home is said on the page Usage.
		const costOf = await this.#load?.().catch(() => undefined);
		if (costOf !== undefined && costOf !== this.#costOf) {
			this.#costOf = costOf;
			this.#rows = new WeakMap();
			this.#onChange();
		}
	}
}
