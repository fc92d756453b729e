import type {Limits} from '../wire/limits.ts';

/** What the host tells the engine at its start; crosses the thread as plain data. */
export interface EngineOptions {
	/** The home's folder; it exists and is ours. */
	readonly homeRoot: string;
	/** Embedded upstreams and a scripted client instead of the user's configuration. */
	readonly isDemo: boolean;
	/** Overrides of `[listen]`; 0 takes free ports for all listeners. */
	readonly host: string | undefined;
	readonly port: number | undefined;
	/** The ports of the other two listeners, where they are not to follow `port`: those of the engine that died. */
	readonly claudePort?: number | undefined;
	readonly controlPort?: number | undefined;
	/** Variables that flags of the command line put in the place of the environment's own. */
	readonly environment?: Readonly<Record<string, string>> | undefined;
	readonly codexHome: string;
	readonly claudeHome: string;
	readonly version: string;
	/** `debug` adds lines for people who look for a fault (tool-log.ts); default `info`. */
	readonly logLevel?: 'info' | 'debug' | undefined;
	/** Somebody takes batches; without a screen none is made. */
	readonly hasScreen: boolean;
	/** A configuration from the command line, in place of `config.toml`; as its text. */
	readonly configText?: string | undefined;
	/** Other values than those of limits.ts, such as short clocks in tests. */
	readonly limits?: Partial<Limits> | undefined;
}
