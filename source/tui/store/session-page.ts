import type {ClientSessionsView} from '../../event/client-session.ts';
import type {ExplainView} from '../../event/explain.ts';
import type {UsageView} from '../../observe/usage/usage-view.ts';

/** The page Sessions. */
export interface SessionPageState {
	/** Only what the engine saw since it runs; without it also what the clients wrote down before. */
	readonly isLiveOnly: boolean;
	/** The clients' own records; undefined until they were read. */
	readonly files: ClientSessionsView | undefined;
	/** Why there are none. */
	readonly notice: string | undefined;
	/** What the ledger counted, by session. */
	readonly usage: UsageView | undefined;
	/** Where the next request of the selected session would go, and why. */
	readonly next: {readonly sessionId: string; readonly answer: ExplainView} | undefined;
}

/** The page before anything was read. */
export const initialSessionPage: SessionPageState = {
	isLiveOnly: false,
	files: undefined,
	notice: undefined,
	usage: undefined,
	next: undefined,
};
