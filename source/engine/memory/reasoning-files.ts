import {messageOf} from '../../base/errors.ts';
import type {ReasoningMemory, RememberedReasoning} from '../../translate/store/reasoning-memory.ts';
import {isJsonObject, parseJsonObject, textField} from '../../wire/json-value.ts';
import type {HistoryFiles, HistoryFolder} from './history-files.ts';

/** Where entries of a kind lie (translation.md 6.1). */
export const reasoningFolder = (kind: RememberedReasoning['kind']): HistoryFolder =>
	kind === 'call' ? 'reasoning' : 'turns';

const readEntry = (text: string | undefined, name: string): RememberedReasoning | undefined => {
	const value = parseJsonObject(text);
	const key = textField(value, 'key');
	const probe = textField(value, 'probe');
	const kind = value?.['kind'];
	const items = value?.['items'];
	return key === name && probe !== undefined && (kind === 'call' || kind === 'turn') && Array.isArray(items)
		? {key, probe, kind, items: items.filter(isJsonObject)}
		: undefined;
};

/** Fills the memory with what an earlier run left; what is older than `oldestMs` or does not fit any more is removed. Never rejects. */
export const loadReasoning = async (
	files: HistoryFiles,
	memory: ReasoningMemory,
	{oldestMs, onFault}: {readonly oldestMs: number; readonly onFault: (sentence: string) => void},
): Promise<void> => {
	for (const folder of ['reasoning', 'turns'] as const) {
		try {
			for (const {name, usedAtMs} of await files.list(folder)) {
				const entry = usedAtMs < oldestMs ? undefined : readEntry(await files.read(folder, name), name);
				if (usedAtMs < oldestMs) {
					files.remove(folder, name);
				} else if (entry) {
					memory.keep(entry).forEach(({kind, key}) => files.remove(reasoningFolder(kind), key));
				} else {
					files.setAside(folder, name);
				}
			}
		} catch (error) {
			onFault(`Remembered reasoning in ${folder}/ cannot be read (${messageOf(error)}); it is made anew.`);
		}
	}
};
