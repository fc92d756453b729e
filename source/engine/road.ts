import type {Health} from '../attempt/health.ts';
import type {RetryBudgets} from '../attempt/retry-budget.ts';
import type {Pools} from '../attempt/pools.ts';
import type {Ticker} from '../attempt/ticker.ts';
import type {Cancellation} from '../base/cancellation.ts';
import type {Clock} from '../base/clock.ts';
import type {Account, Config} from '../config/config.ts';
import type {Announce} from '../event/catalogue.ts';
import type {LedgerRecord} from '../event/view.ts';
import type {RouteCandidate} from '../route/route-plan.ts';
import type {Capture} from '../observe/capture.ts';
import type {Call} from '../identify/call.ts';
import type {EarlierBodies} from '../identify/earlier-bodies.ts';
import type {Limits} from '../wire/limits.ts';
import type {BridgeMemory} from './memory/bridge-memory.ts';
import type {ResolvedCredential} from './headers.ts';
import type {BrokenTurns} from './search/broken-turns.ts';
import type {Replays} from './replay/replays.ts';
import type {RunningRequests} from './running-requests.ts';
import type {Continuity} from './brain/continuity.ts';
import type {Lessons} from './brain/lessons.ts';
import type {Mender} from './bridge/mender.ts';
import type {AuxiliaryLimits} from './brain/auxiliary-limits.ts';
import type {Places} from './brain/places.ts';
import type {Router} from './brain/router.ts';
import type {Asked} from './brain/session-profile.ts';
import type {UpstreamState} from './brain/upstream-state.ts';

/** What every station of the road works with; one per engine. A request reads `config` once and keeps that snapshot. */
export interface Road {
	readonly config: () => Config;
	readonly limits: Limits;
	readonly clock: Clock;
	readonly pools: Pools;
	readonly ticker: Ticker;
	readonly health: Health;
	readonly state: UpstreamState;
	readonly continuity: Continuity;
	/** What a call asks for after its session's override and profile. */
	readonly asked: (call: Call, config: Config) => Asked;
	readonly brokenTurns: BrokenTurns;
	/** What the next body of a conversation is compared with. */
	readonly bodies: EarlierBodies;
	readonly capture: Capture;
	readonly announce: Announce;
	/** A text without secrets: for what goes to the client. */
	readonly redact: (text: string) => string;
	/** One line without secrets and control characters: for everything that is announced or answered. */
	readonly clean: (text: string) => string;
	/** Whether a text holds a known secret; cheap enough for every header. */
	readonly holdsSecret: (text: string) => boolean;
	/** Cancelled when the engine ends and its grace is over: running answers get the contract's ending. */
	readonly stopping: Cancellation;
	/** Tells requests that a person asked for; without it there are none. */
	readonly replays?: Pick<Replays, 'take'>;
	/** What runs now, so that the user can move it. */
	readonly running: RunningRequests;
	/**
	 * A place among the requests that a candidate may serve at once, given back when the try ends; waits for one within the limits of its
	 * queue, and is `saturated` where none comes in time or the try is stopped meanwhile. Without it nobody counts.
	 */
	readonly permit?: Places['take'];
	/** What the bridge remembers between requests; without it nothing. */
	readonly memory?: BridgeMemory;
	/** Takes a sentence about a fault of ours that no request answers for. */
	readonly fault: (sentence: string) => void;
	/** Writes a line for people who look for a fault; undefined below log level debug, so that nothing is computed for it. */
	readonly debug?: ((line: string) => void) | undefined;
	readonly record: (record: LedgerRecord) => void;
	readonly router: Pick<Router, 'plan' | 'taken'>;
	/** What upstreams limit of calls beside the conversation; without it nothing of it is remembered. */
	readonly auxiliary?: Pick<AuxiliaryLimits, 'limited'>;
	/** The buckets that pay for retries. */
	readonly budgets: RetryBudgets;
	/** What tries teach beside health. */
	readonly lessons: Pick<Lessons, 'begin'>;
	/** What translated requests are mended by. */
	readonly mender: Pick<Mender, 'mends' | 'sent' | 'judge'>;
	/** The account's credential now; empty where it has none. */
	readonly credentialOf: (account: Account) => ResolvedCredential;
	/** The upstream refused the credential that it was sent; `login` is the client's own (see `clientLogin`). */
	readonly credentialRefused: (candidate: RouteCandidate, login: string | undefined) => void;
}
