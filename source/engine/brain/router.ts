import type {Config} from '../../config/config.ts';
import type {Pin} from '../../event/view.ts';
import type {EndpointKey} from '../../wire/names.ts';
import type {Service} from '../../wire/names.ts';
import type {Affinity, PlanHealth, PlanInputs, RouteCall, Turns} from '../../route/inputs.ts';
import {plan} from '../../route/plan.ts';
import type {RoutePlan} from '../../route/route-plan.ts';
import {speaksFor} from '../../route/speaks.ts';
import type {AuxiliaryLimits} from './auxiliary-limits.ts';
import type {EndpointHealthBook} from './endpoint-health.ts';
import type {Pins} from './pins.ts';

/** What a {@link Router} plans with. */
export interface RouterOptions {
	readonly book: Pick<EndpointHealthBook, 'lookUp'>;
	readonly pins: Pick<Pins, 'of' | 'pinFor'>;
	readonly affinityOf: (service: Service, sessionId: string | undefined) => Affinity | undefined;
	readonly capability: PlanHealth['capability'];
	readonly price: PlanHealth['price'];
	/** Without it calls beside the conversation have no limits of their own. */
	readonly auxiliary?: Pick<AuxiliaryLimits, 'over'>;
	readonly now: () => number;
}

/** What of a request a plan depends on besides its call. */
export interface RouteFacts {
	readonly call: RouteCall;
	readonly config: Config;
	/** The client's own login: the credential of an endpoint that passes it on. A secret. */
	readonly login: string | undefined;
	readonly brokeOff: ReadonlySet<EndpointKey>;
	/** Of this request alone; it goes before every other. */
	readonly pin?: Pin | undefined;
}

/** Makes plans from what the engine knows now, and remembers whose turn it is. Routing, explain and what-if all ask here (routing.md 1). */
export class Router {
	readonly #options: RouterOptions;
	readonly #turns: Readonly<Record<Service, Map<string, readonly number[]>>> = {codex: new Map(), claude: new Map()};

	constructor(options: RouterOptions) {
		this.#options = options;
	}

	/** Every candidate of the request in order. Changes nothing: the turns move with {@link taken}. */
	plan(facts: RouteFacts): RoutePlan {
		return plan(this.inputs(facts));
	}

	/** What a plan is made from now; a what-if changes parts of it. */
	inputs({call, config, login, brokeOff, pin}: RouteFacts): PlanInputs {
		const {book, pins, affinityOf, capability, price, auxiliary, now} = this.#options;
		const {service, sessionId} = call;
		const global = pins.of(service);
		const followed = pins.pinFor(service, sessionId);
		const nowMs = now();
		const lookUp = book.lookUp(login);
		return {
			...{call, brokeOff},
			speaks: speaksFor(call),
			graph: config.services[service].graph,
			health: {of: auxiliary?.over(lookUp, call.path, nowMs) ?? lookUp, capability, price},
			affinity: affinityOf(service, sessionId),
			pins: {session: pin ?? (followed === global ? undefined : followed), global},
			turns: this.#turns[service],
			nowMs,
		};
	}

	/** The selected candidate of a plan is sent to, in the tick of the plan: its turn is over. */
	taken({inputs, next}: {readonly inputs: Pick<PlanInputs, 'call'>; readonly next: Turns}): void {
		const turns = this.#turns[inputs.call.service];
		for (const [name, counters] of next) {
			turns.set(name, counters);
		}
	}
}
