import {createRedactor} from '../base/redact.ts';
import {isTable} from './toml.ts';

/* How values of a configuration are written for a person. */

/** What stands in the place of a text that may be a secret. */
export const hiddenText = '(set, not shown)';

/** What stands in the place of a value that is not there. */
export const noValue = 'none';

const redact = createRedactor([]);

/** JSON knows no integers beyond 2^53. */
const writeBig = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

/** A value in one line; what looks like a credential is masked. */
export const formatSettingValue = (value: unknown): string => {
	if (value === undefined || value === null) {
		return noValue;
	}

	if (Array.isArray(value)) {
		return value.length === 0 ? noValue : value.map(formatSettingValue).join(', ');
	}

	if (value instanceof Date) {
		return value.toISOString();
	}

	if (isTable(value)) {
		const entries = Object.entries(value);
		return entries.length === 0
			? noValue
			: entries.map(([name, member]) => `${redact(name)} = ${formatSettingValue(member)}`).join(', ');
	}

	return typeof value === 'string' && value !== '' ? redact(value) : JSON.stringify(value, writeBig);
};

const secretName = /key|token|secret|passw|auth|credential|webhook|cookie|headers/i;

/** Whether a value below these names may be a secret: names of variables are none. */
export const maySecret = (names: readonly (string | number)[]): boolean =>
	names.some(name => secretName.test(String(name))) && !String(names.at(-1)).endsWith('_env');
