import {isRecord} from '../base/json.ts';
import type {Breaker} from './breaker.ts';

const causes: readonly unknown[] = ['hard', 'limit', 'quota', 'auth'];

/** Whether a stored value is a breaker of this version; anything else is forgotten, since a half-known one could never close. */
export const isBreaker = (value: unknown): value is Breaker => {
	if (!isRecord(value) || !hasNumbers(value, ['failures', 'opened', 'baseMs'])) {
		return false;
	}

	switch (value['phase']) {
		case 'closed': {
			return hasNumbers(value, ['healthySinceMs']) && isWindow(value['recent']);
		}

		case 'open': {
			const isTimed = hasNumbers(value, ['untilMs']) || (value['cause'] === 'auth' && value['untilMs'] === undefined);
			return isTimed && hasCause(value) && typeof value['isExtended'] === 'boolean';
		}

		case 'half-open': {
			return hasNumbers(value, ['successes']) && hasCause(value) && typeof value['isProbing'] === 'boolean';
		}

		default: {
			return false;
		}
	}
};

const hasNumbers = (value: Record<string, unknown>, keys: readonly string[]): boolean =>
	keys.every(key => Number.isFinite(value[key]));

const hasCause = (value: Record<string, unknown>): boolean =>
	hasNumbers(value, ['sinceMs']) && typeof value['reason'] === 'string' && causes.includes(value['cause']);

const isWindow = (value: unknown): boolean =>
	Array.isArray(value) &&
	value.every(entry => isRecord(entry) && Number.isFinite(entry['atMs']) && typeof entry['isHard'] === 'boolean');
