import type {Rule} from '../rule.ts';
import {allRoutesDown} from './all-routes-down.ts';
import {authFailure} from './auth-failure.ts';
import {configBroken} from './config-broken.ts';
import {engineCrashed, engineSlow} from './engine-trouble.ts';
import {logWriteFailed} from './log-write-failed.ts';
import {missingAuth} from './missing-auth.ts';
import {rateLimited} from './rate-limited.ts';
import {repeated5xx} from './repeated-5xx.ts';
import {stateLost} from './state-lost.ts';
import {stateLeftOut} from './state-left-out.ts';
import {streamCut} from './stream-cut.ts';

/** Every rule, in the order in which they look at an event. */
export const allRules: readonly Rule[] = [
	rateLimited,
	repeated5xx,
	streamCut,
	authFailure,
	allRoutesDown,
	configBroken,
	missingAuth,
	engineCrashed,
	engineSlow,
	logWriteFailed,
	stateLost,
	stateLeftOut,
];
