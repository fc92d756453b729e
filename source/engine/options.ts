/** What the host tells the engine at its start; crosses the thread as plain data. */
export interface EngineOptions {
	/** The home's folder; it exists and is ours. */
	readonly homeRoot: string;
	/** Embedded upstreams and a scripted client instead of the user's configuration. */
	readonly isDemo: boolean;
	/** Overrides of `[listen]`; 0 takes free ports for all listeners. */
	readonly host: string | undefined;
	readonly port: number | undefined;
	readonly codexHome: string;
	readonly claudeHome: string;
	readonly version: string;
	/** Somebody takes batches; without a screen none is made. */
	readonly hasScreen: boolean;
}
