import type {AttemptEnd, EngineEvent} from '../event/catalogue.ts';
import type {EndpointKey, Service} from '../wire/names.ts';

/** What a rule may know of a running request beside the event itself. */
export interface RequestContext {
	readonly service: Service | undefined;
	/** The user's pin that the request's plan followed. */
	readonly pinnedKey: EndpointKey | undefined;
	/** How its newest attempt ended; undefined before the first one ended. */
	readonly lastAttempt: AttemptEnd | undefined;
}

/** A fact that speaks for an incident. */
export interface Finding {
	/** An endpoint key, `config`, `engine`, `all routes of codex`, or a log's path. */
	readonly scope: string;
	readonly requestId: string | undefined;
	/** One line for people. */
	readonly text: string;
	/** How much it counts towards the threshold. */
	readonly weight: number;
}

/** What an incident says about itself in plain words. */
interface RuleWords {
	readonly title: string;
	/** What the user notices. */
	readonly effect: string;
	/** What the user can do. */
	readonly advice: string;
	readonly closesWhen: string;
}

/**
 * A rule reads typed events, never log text. It opens an incident for a scope when the weights of its findings within the
 * window reach the threshold, and closes it after some reliefs in a row, or after a quiet time. Attempts that the client
 * cancelled and attempts that the user forced with a pin are never findings.
 */
export interface Rule {
	readonly id: string;
	/** The events that `findings` and `relieves` may answer to; they are asked about no others. */
	readonly looksAt: ReadonlyArray<EngineEvent['type']>;
	readonly threshold: number;
	readonly windowMs: number;
	readonly findings: (event: EngineEvent, request: RequestContext | undefined) => readonly Finding[];
	/** Says of an open scope whether this event speaks for its end. */
	readonly relieves: (event: EngineEvent, scope: string) => boolean;
	readonly reliefsToClose: number;
	/** Closes without a finding for this long; undefined: only reliefs close it. */
	readonly quietMs: number | undefined;
	readonly words: (scope: string) => RuleWords;
}

/** The window and the quiet time that most rules share. */
export const minutes = (count: number): number => count * 60_000;

/** What the rules about one endpoint look at: its attempts, and whether the config still has it. */
export const endpointEvents: Rule['looksAt'] = ['attempt-end', 'config-loaded'];

/** True for an attempt whose failure says something about the upstream and that the user did not force. */
export const isJudgedAttempt = (event: EngineEvent, request: RequestContext | undefined): event is AttemptEnd =>
	event.type === 'attempt-end' && event.outcome !== 'cancelled' && request?.pinnedKey !== event.endpointKey;

/** True where a config was loaded that no longer uses the endpoint. */
const isGone = (event: EngineEvent, endpointKey: string): boolean =>
	event.type === 'config-loaded' &&
	!event.endpoints.some(endpoint => endpoint.enabled && endpoint.endpointKey === endpointKey);

/** True for a success at an endpoint, and where the config no longer has the endpoint or has switched it off. */
export const isSuccessAt = (event: EngineEvent, endpointKey: string): boolean =>
	event.type === 'attempt-end'
		? event.outcome === 'success' && event.endpointKey === endpointKey
		: isGone(event, endpointKey);
