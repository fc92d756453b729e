import {fingerprint} from '../../../base/ids.ts';
import type {Item} from '../ir.ts';
import type {NameQuirks} from '../quirks.ts';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const mistralLength = 9;
const maxLength = 64;

const base62 = (text: string, length: number): string => {
	let rest = BigInt(`0x${fingerprint(text, 32)}`);
	let result = '';
	for (let place = 0; place < length; place += 1) {
		result += digits.charAt(Number(rest % 62n));
		rest /= 62n;
	}

	return result;
};

const mistralId = (id: string): string => (/^[A-Za-z\d]{9}$/.test(id) ? id : base62(id, mistralLength));

const plainId = (id: string): string => {
	const safe = id.replaceAll(/[^\w-]/g, '_');
	return safe === id && id !== '' && id.length <= maxLength
		? id
		: `${safe.slice(0, maxLength - 9)}_${fingerprint(id, 8)}`;
};

/**
 * Call ids in a form that the provider takes (translation.md 1.9.6): the same id gives the same result in every request, and two
 * ids never share one.
 */
export const createCallIds = (policy: NameQuirks['callIds']): ((id: string) => string) => {
	const shape = policy === 'mistral' ? mistralId : plainId;
	const byId = new Map<string, string>();
	const used = new Set<string>();
	return id => {
		const known = byId.get(id);
		if (known !== undefined) {
			return known;
		}

		let wire = shape(id);
		for (let salt = 1; used.has(wire); salt += 1) {
			wire = shape(`${id}#${salt}`);
		}

		used.add(wire);
		byId.set(id, wire);
		return wire;
	};
};

/** All calls and results with ids that the provider takes. */
export const renameCallIds = (items: readonly Item[], policy: NameQuirks['callIds']): readonly Item[] => {
	const wireId = createCallIds(policy);
	return items.map(item =>
		item.type === 'call' || item.type === 'result' || item.type === 'found-tools'
			? {...item, callId: wireId(item.callId)}
			: item,
	);
};
