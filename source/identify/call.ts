import type {Client, Dialect, RequestKind, Service} from '../wire/names.ts';
import type {Held} from '../wire/body-scan.ts';
import type {ByteRange, Member} from '../wire/json-scan.ts';
import type {ServedPath} from './paths.ts';
import type {StateEvidence} from './state-evidence.ts';

/** Everything that the road knows of a request before it is sent anywhere. The body's bytes stay as they came. */
export interface Call {
	readonly method: string;
	/** As the client wrote it, without the query. */
	readonly path: string;
	/** With its question mark, or empty. */
	readonly query: string;
	readonly target: ServedPath;
	/** The client's, in lower case; they hold its credentials. */
	readonly headers: Readonly<Record<string, string | undefined>>;
	/** The members of its body's top level by key; undefined where it has no body. */
	readonly fields: ReadonlyMap<string, Member> | undefined;
	/** What these members hold, by key; undefined where it has no body. */
	readonly held: ReadonlyMap<string, Held> | undefined;
	/** The bits of `bodyWords` that were seen in its body. */
	readonly words: number;
	/** The hidden state that it carries. */
	readonly state: StateEvidence;
	readonly client: Client;
	readonly service: Service;
	readonly dialect: Dialect | undefined;
	readonly kind: RequestKind;
	readonly isStreaming: boolean;
	readonly hasTools: boolean;
	readonly model: string | undefined;
	/** The bytes of the model's JSON string, quotes included. */
	readonly modelRange: ByteRange | undefined;
	/** The bytes of the array `input` of a Responses body. */
	readonly inputRange: ByteRange | undefined;
	readonly effort: string | undefined;
	readonly tier: string | undefined;
	readonly promptCacheKey: string | undefined;
	readonly sessionId: string | undefined;
	/** `header`, `metadata_user_id`, `body_session_id`, `prompt_cache_key` or `metadata_session_id`. */
	readonly sessionIdSource: string | undefined;
	readonly threadId: string | undefined;
	readonly parentThreadId: string | undefined;
	readonly turnId: string | undefined;
	readonly isSubagent: boolean;
	/** What Codex calls its sub-agent: `collab_spawn`, `review`, …; undefined where the client gives it no name. */
	readonly subagent: string | undefined;
	readonly cwd: string | undefined;
	/** What Codex echoes of `x-codex-turn-state`. */
	readonly turnState: string | undefined;
	readonly body: Buffer | undefined;
}
