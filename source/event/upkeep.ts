import type {EndpointKey, Service} from '../wire/names.ts';

/* Events about what the engine keeps beside the requests: cooldowns, accounts, its own state. Part of the catalogue. */

/** A cooldown began, was moved, or ended (codex-helper.md 3.5). */
export interface PolicyActionChanged {
	readonly type: 'policy-action-changed';
	readonly atMs: number;
	/** What dismisses or extends it. */
	readonly id: string;
	/** `quota` holds for every account that spends the same quota, `model` for one model of the account. */
	readonly scope: 'account' | 'model' | 'quota';
	readonly endpointKey: EndpointKey;
	readonly account: string;
	readonly model: string | undefined;
	readonly change: 'created' | 'extended' | 'dismissed' | 'ended';
	/** Undefined once it has ended. */
	readonly cause: 'hard' | 'limit' | 'quota' | 'auth' | undefined;
	readonly untilMs: number | undefined;
	readonly reason: string;
}

/** The user paused an account of a provider, or let it go on. */
export interface AccountChanged {
	readonly type: 'account-changed';
	readonly atMs: number;
	readonly service: Service;
	readonly provider: string;
	readonly account: string;
	readonly isPaused: boolean;
}

/** `state.db` could not be opened or is damaged; traffic goes on. */
export interface StateLost {
	readonly type: 'state-lost';
	readonly atMs: number;
	/** `damaged`: set aside, a new one was begun. `unusable`: this run keeps its state in memory. `unwritten`: a row was lost. */
	readonly problem: 'damaged' | 'unusable' | 'unwritten';
	/** One sentence. */
	readonly message: string;
}
