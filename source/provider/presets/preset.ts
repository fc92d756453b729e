import type {Dialect} from '../../wire/names.ts';
import type {ProfileName} from '../profiles/names.ts';

/** The headers in which an `api_key` may travel; `authorization` puts `Bearer` before it (presets.md, column auth). */
export const apiKeyHeaders = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'] as const;

/** One of {@link apiKeyHeaders}, in lower case. */
export type ApiKeyHeader = (typeof apiKeyHeaders)[number];

/** How a provider wants to be paid. */
export type PresetAuth =
	/** A key in this header. `variable`: the environment variable that is read where the file names no credential. */
	| {
			readonly kind: 'key';
			readonly header: ApiKeyHeader;
			readonly variable: string | undefined;
			readonly isOptional: boolean;
	  }
	/** The client's own login goes through. */
	| {readonly kind: 'client'}
	/** An OAuth client that the user supplies (PKCE). */
	| {readonly kind: 'oauth'}
	/** A server of this machine that asks for nothing. */
	| {readonly kind: 'none'}
	/** Nothing is known: the file says it. */
	| {readonly kind: 'asked'};

/** Where a provider lists its models. */
export type ModelSource =
	/** `GET <base>/models`, `data[].id`. */
	| 'openai'
	/** `GET <base>/v1/models`, `data[].id`, with `anthropic-version`. */
	| 'anthropic'
	/** `GET <base>/models`, `models[].name` without `models/`. */
	| 'gemini'
	/** There is no list: models are named in the file. */
	| 'none';

/** One provider as people know it: everything that `preset = "…"` fills in, each of which the file may say otherwise. */
export interface ProviderPreset {
	readonly name: string;
	/** For people. */
	readonly title: string;
	/** Undefined: the file must say it. */
	readonly baseUrl: string | undefined;
	/** What an address looks like where there is none, or another one of the same provider. */
	readonly otherUrls: readonly string[];
	/** Undefined: the service's own. */
	readonly dialect: Dialect | undefined;
	readonly auth: PresetAuth;
	readonly profile: ProfileName;
	readonly models: ModelSource;
	/** The vendor's documentation. */
	readonly docs: string | undefined;
	/** Where the vendor restricts what may be done with it: one sentence. */
	readonly terms: string | undefined;
	/** What one should know before using it: one sentence. */
	readonly note: string | undefined;
}
