/** The client families that sections of the configuration serve. */
export const services = ['codex', 'claude'] as const;
/** One of {@link services}. */
export type Service = (typeof services)[number];

/** The programs in front. */
export const clients = ['codex', 'claude-code', 'sdk'] as const;
/** One of {@link clients}. */
export type Client = (typeof clients)[number];

/** The protocols that endpoints and requests speak. */
export const dialects = ['responses', 'chat', 'messages', 'gemini', 'code-assist', 'command-code'] as const;
/** One of {@link dialects}. */
export type Dialect = (typeof dialects)[number];

/** What requests are for; read from Codex's turn metadata where it sends them (codex-wire.md 1). `other` is every call without a turn. */
export const requestKinds = ['turn', 'compaction', 'prewarm', 'title', 'subagent', 'review', 'other'] as const;
/** One of {@link requestKinds}. */
export type RequestKind = (typeof requestKinds)[number];

/** `<service>/<provider>/<endpoint>`, for example `codex/relay-a/default`. */
export type EndpointKey = string;
