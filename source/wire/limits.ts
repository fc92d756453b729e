/** Limits and clocks of the road: reliability-security.md 9 and routing.md 11. Sizes in bytes, times in milliseconds. */
export const limits = {
	requestHeaderBytes: 16 * 1024,
	requestHeaderMs: 10_000,
	requestBodyBytes: 64 * 1024 * 1024,
	requestBodyMs: 120_000,
	/** How often Node enforces the two clocks above; its own default of 30 s would enforce them late. */
	connectionsCheckMs: 2000,
	/** A compressed body may not grow by more than this factor once it is over `decompressionFloorBytes`. */
	decompressionRatio: 200,
	decompressionFloorBytes: 1024 * 1024,
	jsonDepth: 128,
	jsonKeys: 100_000,
	clientConnections: 4096,
	clientKeepAliveMs: 65_000,
	connectMs: 10_000,
	upstreamHeaderBytes: 16 * 1024,
	/** First byte: `clamp(base + 1 s per 2 kB of input + 30 s with tools)` while another candidate is left. */
	firstByteBaseMs: 60_000,
	firstByteMaxMs: 300_000,
	firstByteToolsMs: 30_000,
	firstByteLastCandidateMs: 600_000,
	idleCodexMs: 600_000,
	idleClaudeOpenBlockMs: 600_000,
	idleClaudeMs: 240_000,
	idleSdkMs: 300_000,
	heartbeatMs: 15_000,
	eventBytes: 8 * 1024 * 1024,
	slowClientBytes: 1024 * 1024,
	slowClientMs: 120_000,
	unaryBodyBytes: 64 * 1024 * 1024,
	errorBodyKeptBytes: 64 * 1024,
	errorBodyReadBytes: 1024 * 1024,
	errorBodyMs: 3000,
	sends: 8,
	/** The pause before a failed connection is tried once more where nobody else is left. */
	transportRepeatMs: 200,
	retryWindowMs: 60_000,
	silentWaitMs: 5000,
	/** After so much silence an attempt gets a rival, where its route says nothing else; 0: never (routing.md 12). */
	hedgeAfterMs: 0,
	captureBytes: 2 * 1024 * 1024,
	captureTotalBytes: 64 * 1024 * 1024,
	eventRing: 5000,
	batchMs: 50,
	upstreamIdleSocketMs: 30_000,
	upstreamIdleSockets: 32,
	drainMs: 30_000,
	requestsLogBytes: 64 * 1024 * 1024,
	traceLogBytes: 16 * 1024 * 1024,
	engineLogBytes: 16 * 1024 * 1024,
} as const;

/** The table above as a type, so that tests can pass shorter clocks. */
export type Limits = {readonly [Name in keyof typeof limits]: number};
