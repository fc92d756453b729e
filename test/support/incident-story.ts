import type {AttemptEnd, EngineEvent} from '../../source/event/catalogue.ts';
import type {IncidentView} from '../../source/event/view.ts';
import {IncidentEngine} from '../../source/watch/incidents.ts';
import {attemptEnd} from './events.ts';

/** The endpoint that the builders of test/support/events.ts use. */
export const relayA = 'codex/relay-a/default';
/** Milliseconds. */
export const minute = 60_000;

/** An attempt that met a limit. */
export const limited: Partial<AttemptEnd> = {
	outcome: 'soft',
	status: 429,
	code: 'status-429',
	reason: '429',
	retryAfterMs: 41_000,
};
/** An attempt that met a server error. */
export const broken: Partial<AttemptEnd> = {
	outcome: 'hard',
	status: 503,
	code: 'status-503',
	reason: '503 Service Unavailable',
};
/** An attempt whose stream broke off. */
export const cut: Partial<AttemptEnd> = {
	outcome: 'hard',
	status: 200,
	phase: 'stream',
	code: 'stream-cut',
	reason: 'no terminal event',
};
/** An attempt whose key was refused. */
export const refused: Partial<AttemptEnd> = {outcome: 'auth', status: 401, code: 'status-401', reason: 'invalid key'};

/** The plan of a request, with the pin that it followed. */
export const planned = (requestId: string, atMs: number, pinnedKey?: string): EngineEvent => ({
	type: 'route-planned',
	requestId,
	atMs,
	plan: {
		service: 'codex',
		model: undefined,
		pin: pinnedKey === undefined ? undefined : {endpointKey: pinnedKey, mode: 'only', setAtMs: 0},
		candidates: [],
	},
});

/** Feeds an engine and remembers what it announced. */
export class Story {
	readonly engine = new IncidentEngine();
	readonly announced: EngineEvent[] = [];
	#count = 0;

	see(...events: readonly EngineEvent[]): this {
		for (const event of events) {
			this.announced.push(...this.engine.observe(event));
		}

		return this;
	}

	/** One attempt of a request of its own. */
	attempt(atMs: number, fields: Partial<AttemptEnd> = {}): this {
		this.#count++;
		return this.see(attemptEnd(`r${this.#count}`, atMs, fields));
	}

	tick(nowMs: number): this {
		this.announced.push(...this.engine.tick(nowMs));
		return this;
	}

	get open(): IncidentView[] {
		return this.engine.list().filter(({state}) => state === 'open');
	}

	get lines(): string[] {
		return this.announced.flatMap(event =>
			'incident' in event ? `${event.type} ${event.incident.id} ${event.incident.rule} ${event.incident.scope}` : [],
		);
	}
}
