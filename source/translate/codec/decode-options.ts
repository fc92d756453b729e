import type {IdSource} from './ids.ts';
import type {ProviderQuirks} from './quirks.ts';
import type {ToolMap} from './tool-map.ts';

/** What reading an answer needs: the request's tool map, the provider's quirks, and ids for what the provider left out. */
export interface DecodeOptions {
	readonly tools: ToolMap;
	readonly quirks: ProviderQuirks;
	readonly ids: IdSource;
	/** The call ids of the conversation so far; a repeated one is renamed. */
	readonly knownCallIds?: ReadonlySet<string>;
}
