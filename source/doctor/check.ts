import type {CheckFinding, CheckGroup} from '../event/doctor.ts';

/** One thing that can be looked at. */
export interface Check {
	readonly id: string;
	readonly group: CheckGroup;
	/** It asks no upstream and ends within moments: a start may wait for it. */
	readonly isForStart?: boolean;
	/** Rejects only where the check itself is broken. */
	readonly look: (signal: AbortSignal) => Promise<CheckFinding> | CheckFinding;
	/** Does what its finding's `repair` asks for; resolves with the sentence that says so. */
	readonly mend?: () => Promise<string>;
}

type More = Omit<CheckFinding, 'state' | 'what'>;

/** All is well. */
export const ok = (what: string, more: More = {}): CheckFinding => ({state: 'ok', what, ...more});

/** It works, but something should be done. */
export const warn = (what: string, more: More = {}): CheckFinding => ({state: 'warn', what, ...more});

/** It does not work. */
export const fail = (what: string, more: More = {}): CheckFinding => ({state: 'fail', what, ...more});

/** It was not looked at. */
export const skipped = (what: string, more: More = {}): CheckFinding => ({state: 'skipped', what, ...more});
