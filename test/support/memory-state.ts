import type {StateRows} from '../../source/engine/brain/state-store.ts';

const nameOf = (kind: string, key: string): string => `${kind}\n${key}`;

/** State rows that outlive whoever uses them, without a file. */
export const memoryState = (): StateRows => {
	const rows = new Map<string, string>();
	return {
		get: (kind, key) => {
			const text = rows.get(nameOf(kind, key));
			return text === undefined ? undefined : JSON.parse(text);
		},
		set: (kind, key, value) => void rows.set(nameOf(kind, key), JSON.stringify(value)),
		delete: (kind, key) => void rows.delete(nameOf(kind, key)),
		list: kind =>
			[...rows].flatMap(([name, text]) =>
				name.startsWith(`${kind}\n`) ? [[name.slice(kind.length + 1), JSON.parse(text) as unknown] as const] : [],
			),
	};
};
