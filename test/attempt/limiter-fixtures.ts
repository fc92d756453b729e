import type {LimitTarget} from '../../source/attempt/limiter.ts';
import {Cancellation} from '../../source/base/cancellation.ts';

/** A limit of two for one account, with fields changed. */
export const target = (fields: Partial<LimitTarget> = {}): LimitTarget => ({
	limitKey: 'codex/a/default',
	max: 2,
	accountKey: 'codex/a#default',
	queue: 8,
	queueTimeoutMs: 30_000,
	...fields,
});

/** Somebody who asks, and may leave. */
export const applicant = (sessionId: string, cancellation = new Cancellation()) => ({
	sessionId,
	onCancel: (leave: () => void) => cancellation.onCancel(leave),
});
