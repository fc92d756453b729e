import type {ResetClock} from '../provider/balance/exhaustion.ts';
import type {ApiKeyHeader} from '../provider/presets/preset.ts';
import type {ProfileName} from '../provider/profiles/names.ts';
import type {TextToolMode} from '../provider/profiles/profile.ts';
import type {Dialect, EndpointKey, Service} from '../wire/names.ts';
import type {RouteGraph} from './graph.ts';
import type {HistoryConfig} from './history.ts';
import type {Profiles} from './profiles.ts';
import type {RetryConfig} from './retry.ts';

/*
 * The configuration as the engine uses it: read-only, complete (every default filled in), never holding runtime state.
 * A request keeps the snapshot it started with. Keys of the file: product.md 6 and codex-helper.md 1.2–1.4.
 */

/** A place in a file, counted from 1. */
export interface Location {
	readonly path: string;
	readonly line: number;
	readonly column: number;
}

/** Where one credential comes from. The value of `inline` is a secret; `env` is looked up at run time. */
export type CredentialSource =
	| {readonly kind: 'inline'; readonly value: string}
	| {
			readonly kind: 'env';
			readonly name: string;
			/** Where the environment lacks it, the client's own file may be asked: at the client's own maker only. Absent: it may not. */
			readonly isInClientFile?: true;
	  };

/** How an endpoint is paid for. Both kinds may be set: then both headers are sent (codex-helper.md 1.3). */
export interface Credentials {
	/** Sent as `Authorization: Bearer …`. */
	readonly bearer: CredentialSource | undefined;
	/** Sent in the endpoint's `apiKeyHeader`. */
	readonly apiKey: CredentialSource | undefined;
	/** The client's own `authorization` and `chatgpt-account-id` go through (`requires_openai_auth = true`). */
	readonly passesClientAuth: boolean;
}

/** `faithful`: an incomplete answer. `endturn`: Codex asks on by itself, at most three times in a row. `soft`: complete, although cut. */
export type LengthPolicy = 'faithful' | 'endturn' | 'soft';

/** How many requests may run at once, and how many may wait for their turn. */
export interface ConcurrencyLimits {
	/** Undefined: no limit. */
	readonly maxConcurrentRequests: number | undefined;
	/** Endpoints with the same name share one counter, `<service>/<group>`. */
	readonly limitGroup: string | undefined;
	/** Requests that may wait; 0: a saturated endpoint is skipped at once. */
	readonly queue: number;
	readonly queueTimeoutMs: number;
	/** The endpoint has it from its provider. */
	readonly isInherited: boolean;
}

/** One credential of a provider. A provider without `accounts` has exactly one, labelled `default`. */
export interface Account {
	/** Unique within its provider. */
	readonly label: string;
	readonly service: Service;
	readonly credentials: Credentials;
	/** Share of the traffic among the accounts of an endpoint; above 0, 1 where the file names none. */
	readonly weight: number;
	/** Accounts of one group share one quota: where one is out of it, all are (product.md 7). */
	readonly quotaGroup: string | undefined;
	readonly enabled: boolean;
	readonly location: Location | undefined;
}

/** What happens where a model announces work and calls no tool (translation.md 5.5). */
export interface IntentConfig {
	/** 0 nothing, 1 the upstream is asked once more, 2 then a constant line is run, 3 then a command is made from the model's words. */
	readonly level: 0 | 1 | 2 | 3;
	/** Level 3 may fetch addresses that neither the user nor a tool has named. */
	readonly anyUrl: boolean;
	/** Level 3 may run commands outside of the list of reading ones. */
	readonly anyCommand: boolean;
}

/** One base URL of a provider, with all that a candidate needs. */
export interface Endpoint {
	readonly key: EndpointKey;
	readonly service: Service;
	readonly provider: string;
	readonly endpoint: string;
	readonly alias: string | undefined;
	readonly enabled: boolean;
	/** Without a trailing slash; its path is kept (`https://relay.example/v1`). */
	readonly baseUrl: string;
	readonly dialect: Dialect;
	/** The name of the preset that filled in what the file does not say. */
	readonly preset: string | undefined;
	/** How this provider departs from its dialect (translation.md 1.10). */
	readonly profile: ProfileName;
	/** Whether tool calls are looked for in the text of its answers. */
	readonly textTools: TextToolMode;
	readonly intent: IntentConfig;
	/** Where an `api_key` travels; in `authorization` behind `Bearer`, unless a bearer token stands there already. */
	readonly apiKeyHeader: ApiKeyHeader;
	/** At least one; in the file's order. */
	readonly accounts: readonly [Account, ...Account[]];
	readonly limits: ConcurrencyLimits;
	/** What this provider charges in relation to the price table; 1 where the file names none. */
	readonly priceMultiplier: number;
	/** `pass` leaves `reasoning` as the client wrote it, `off` removes it, anything else is the effort to ask for (routing.md 13). */
	readonly reasoning: string;
	/** How long this upstream may be silent; undefined: the client's default of `[timeouts]` and limits.ts. */
	readonly idleMs: number | undefined;
	/** What a Responses client gets of an answer of another protocol that met the provider's limit of length (translation.md 2.8). */
	readonly onLength: LengthPolicy;
	/** Added to every request; names in lower case, `${ENV}` already replaced. */
	readonly headers: Readonly<Record<string, string>>;
	readonly tags: Readonly<Record<string, string>>;
	/** Model pattern (exact or one `*`) → allowed. Empty means everything. */
	readonly supportedModels: ReadonlyMap<string, boolean>;
	/** Model pattern → name at this upstream. */
	readonly modelMapping: ReadonlyMap<string, string>;
	/** Tools that a translated request never offers here: `name`, `namespace__name` or `namespace/name`. */
	readonly toolDenylist: readonly string[];
	/** Endpoints with the same label share the upstream's hidden state. */
	readonly continuityDomain: string | undefined;
	readonly location: Location | undefined;
}

/** A leaf of the route graph in its order: which endpoint, through which routes, in which preference group. */
export interface RouteLeaf {
	readonly endpoint: Endpoint;
	readonly preferenceGroup: number;
	readonly routePath: readonly string[];
}

/** The section `[codex]` or `[claude]`. */
export interface ServiceConfig {
	readonly service: Service;
	/** Every endpoint of the file, disabled ones included. */
	readonly endpoints: readonly Endpoint[];
	/** The compiled `[S.routing]`; without a routing table the ordered failover over all providers in the order of names. */
	readonly graph: RouteGraph;
	/** The graph's order for a call that meets no condition, before health: what is enabled, in the order in which it is tried. */
	readonly leaves: readonly RouteLeaf[];
	readonly profiles: Profiles;
}

/** The section `[listen]`. */
export interface ListenConfig {
	readonly host: string;
	readonly port: number;
	/** Undefined: the claude service has no provider, so nothing listens for it. */
	readonly claudePort: number | undefined;
	readonly controlPort: number;
	readonly auth: 'token' | 'none';
	/** An attached screen may change things over the control port; over the home's socket it always may. */
	readonly remoteActions: boolean;
}

/** Clocks that the user may set in `[timeouts]`, in milliseconds; the rest of limits.ts is fixed. */
export interface ClockConfig {
	readonly idleCodexMs: number;
	readonly heartbeatMs: number;
	readonly firstByteBaseMs: number;
	readonly connectMs: number;
}

/** One loaded and checked configuration. */
export interface Config {
	/** Undefined for the demo. */
	readonly path: string | undefined;
	/** SHA-256 of the file's bytes. */
	readonly hash: string;
	readonly listen: ListenConfig;
	readonly clocks: ClockConfig;
	readonly retry: RetryConfig;
	readonly history: HistoryConfig;
	readonly services: Readonly<Record<Service, ServiceConfig>>;
	/** When daily quotas begin anew, for balances that say no reset themselves. */
	readonly resetClock: ResetClock;
	/** What `switch on` writes: the section `[codex.client_patch]`. */
	readonly clientPatch: Readonly<Record<string, unknown>>;
	/** Sentences about unknown keys and the like, each with file and line. */
	readonly warnings: readonly string[];
}
