/** The client family a config section serves. */
export type Service = 'codex' | 'claude';

/** The program in front. */
export type Client = 'codex' | 'claude-code' | 'sdk';

/** The protocol an endpoint or a request speaks. */
export type Dialect = 'responses' | 'chat' | 'messages' | 'gemini' | 'code-assist' | 'command-code';

/** What a request is for; read from Codex's turn metadata where it sends them (codex-wire.md 1). `other` is every call without a turn. */
export type RequestKind = 'turn' | 'compaction' | 'prewarm' | 'title' | 'subagent' | 'review' | 'other';

/** `<service>/<provider>/<endpoint>`, for example `codex/relay-a/default`. */
export type EndpointKey = string;
