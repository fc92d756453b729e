import {messageOf} from '../../base/errors.ts';
import type {HistoryConfig} from '../../config/history.ts';
import type {StoreLimits} from '../../translate/store/response-index.ts';
import {HistoryFiles} from './history-files.ts';
import {ResponseStore} from './response-store.ts';

/** What the bridge's memory is opened with. */
export interface HistoryOptions {
	readonly config: HistoryConfig;
	/** `history/` of the home. */
	readonly folder: string;
	/** Wall clock. */
	readonly now: () => number;
	/** A sentence for the engine's log. */
	readonly onFault: (sentence: string) => void;
}

/** What of a configuration limits the response store; `isOnDisk` says where it really is. */
export const limitsOf = ({ttlMs, count, memoryBytes, diskBytes}: HistoryConfig, isOnDisk: boolean): StoreLimits => ({
	...{ttlMs, count},
	bytes: isOnDisk ? diskBytes : memoryBytes,
});

/** The response store, on disk where that is wanted and works, else in memory: then the log says why. */
export const openHistory = async ({
	config,
	folder,
	now,
	onFault,
}: HistoryOptions): Promise<{readonly responses: ResponseStore; readonly files: HistoryFiles | undefined}> => {
	if (config.store === 'disk') {
		try {
			const files = await HistoryFiles.open(config.dir ?? folder, onFault);
			return {files, responses: await ResponseStore.open({limits: limitsOf(config, true), files, now})};
		} catch (error) {
			onFault(`The response store cannot use its folder (${messageOf(error)}); conversations are kept in memory.`);
		}
	}

	const responses = await ResponseStore.open({limits: limitsOf(config, false), files: undefined, now});
	return {responses, files: undefined};
};
