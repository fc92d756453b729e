import type {Client, RequestKind, Service} from '../wire/names.ts';
import type {Saying} from './plan-view.ts';

/* Why a request went, or would go, where: what explain and what-if answer, in one shape for screen, commands and control API. */

/** What an explanation is about: a request of the past, or the next one of this kind. */
export interface ExplainQuestion {
	readonly service: Service;
	/** A past request: its stored plan is explained. Without it a plan is made for now. */
	readonly requestId?: string | undefined;
	readonly model?: string | undefined;
	readonly sessionId?: string | undefined;
	readonly serviceTier?: string | undefined;
	readonly effort?: string | undefined;
	readonly request?: ImaginedRequest | undefined;
	/** Imagined: what the plan would be if … */
	readonly whatIf?: WhatIf | undefined;
}

/** What conditions ask of a request besides; what is not said is as an ordinary turn of the service's own client has it. */
export interface ImaginedRequest {
	readonly method?: string | undefined;
	readonly path?: string | undefined;
	/** Names in lower case. */
	readonly headers?: Readonly<Record<string, string>> | undefined;
	readonly cwd?: string | undefined;
	readonly client?: Client | undefined;
	readonly kind?: RequestKind | undefined;
	/** A subagent by its name. */
	readonly subagent?: string | undefined;
}

/** Changes to the world for a what-if. Names are providers, `provider.endpoint`, or endpoint keys. */
export interface WhatIf {
	/** These cannot serve. */
	readonly down?: readonly string[] | undefined;
	/** These can serve again: no cooldown, no breaker. */
	readonly up?: readonly string[] | undefined;
	/** So much later, milliseconds. */
	readonly inMs?: number | undefined;
	/** As if nothing were pinned. */
	readonly withoutPin?: boolean | undefined;
	/** As if the session were new. */
	readonly withoutAffinity?: boolean | undefined;
}

/** One line of an explanation, in the order of the decision. */
export interface ExplainStep {
	/** `chosen` is the one that serves; `yes` could have, `no` could not, `note` is about no candidate. */
	readonly mark: 'chosen' | 'yes' | 'no' | 'note';
	/** A candidate's short name, or what the note is about: `pin`, `affinity`, `route main`. */
	readonly subject: string;
	readonly text: string;
	/** What `text` is put together from, in its order. */
	readonly sayings?: readonly Saying[] | undefined;
	/** Where it is configured, for example `config.toml:14`. */
	readonly location?: string | undefined;
}

/** An explanation. */
export interface ExplainView {
	/** One sentence, for example `Why did req_01… go to openai?` */
	readonly question: string;
	/** The same with its code: `next`, `what_if`, `went_to` or `nobody_could`. */
	readonly asked?: Saying | undefined;
	/** The candidate that was or would be tried first; undefined: none. */
	readonly chosen: string | undefined;
	readonly steps: readonly ExplainStep[];
	/** The same as plain data with the fields of codex-helper.md 3.4. */
	readonly detail: Readonly<Record<string, unknown>>;
}
