import type {JsonObject} from '../../wire/json-value.ts';
import type {Loss} from './loss.ts';
import type {ProviderQuirks} from './quirks.ts';
import type {ToolMap} from './tool-map.ts';

/** A request for an upstream. `body` becomes JSON as it is: the same request gives the same bytes. */
export interface EncodedRequest {
	readonly body: JsonObject;
	/** Needed to read the answer. */
	readonly tools: ToolMap;
	readonly losses: readonly Loss[];
	/** What `anthropic-beta` must list for this body; Messages only. */
	readonly betas?: readonly string[];
}

/** What a caller decides besides the request: the name of the model at this provider, and whether to stream. */
export interface EncodeOptions {
	readonly model: string;
	readonly stream: boolean;
	readonly quirks: ProviderQuirks;
}
