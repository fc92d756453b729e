/*
 * What is drawn, and the keys that lead there: pages and overlays of the demo, and the dialogs that edit a configuration of one's own.
 */

/** Among keys: a moment in which what was typed is done. */
export const pause = '*';

/** Keys that lead to a view, and the text that says that it is there and worth looking at. */
export interface View {
	readonly name: string;
	readonly keys: string;
	readonly wanted: RegExp;
	/** Keys that lead back. */
	readonly after?: string;
}

/** Views of the demo. */
export const demoViews: readonly View[] = [
	{name: 'dash', keys: '0', wanted: /Incidents[^\n]*[1-9] open/},
	{name: 'routes', keys: '1', wanted: /│ pin /},
	{name: 'routes-detail', keys: '1\tz', wanted: /^[^\n]*\n[^\n]*\n╭─ moody/, after: 'z\t'},
	{name: 'graph', keys: '1v', wanted: /Routes · graph/, after: 'v'},
	{name: 'sessions', keys: '2', wanted: /│ session /},
	{name: 'requests', keys: '3', wanted: /Transcript[\s\S]*(user|model) /},
	{name: 'transcript', keys: '3\tz', wanted: /^[^\n]*\n[^\n]*\n╭─ Transcript[\s\S]*(user|model) /, after: 'z\t'},
	{name: 'trace', keys: '4', wanted: /Trace · request[\s\S]*attempt-/},
	{name: 'explain', keys: '3Gi', wanted: /Why did/, after: '3g'},
	{name: 'explain-next', keys: '5n', wanted: /Where does the next[\s\S]*in order/},
	{name: 'what-if', keys: '5wgjjj\r\u0015moody\r', wanted: /result /, after: '\u001B'},
	{name: 'incidents', keys: '6', wanted: /│ advice /},
	{name: 'usage', keys: '7', wanted: /▸ \S+[\s\S]*(per hour|Cost over time)/},
	{name: 'usage-detail', keys: '7vv\tz', wanted: /^[^\n]*\n[^\n]*\n╭─ Cost /, after: 'zVV\u001B'},
	{name: 'doctor', keys: '8', wanted: /Doctor ─[^\n]* ok {2}ran /},
	{name: 'settings', keys: '9', wanted: /app\.theme/},
	{name: 'help', keys: '?', wanted: /Keys /, after: '?'},
	{name: 'filter', keys: '3/model:gpt', wanted: /filter \/model:gpt/, after: '\u001B'},
	{name: 'palette', keys: '1:', wanted: /─ Commands/, after: '\u001B'},
	{name: 'palette-typed', keys: '1:rou pa', wanted: /route pause/, after: '\u001B'},
	{name: 'copy-as', keys: '3Y', wanted: /curl/, after: '\u001B'},
	{name: 'replay', keys: '3Gc', wanted: /─ Send it/, after: '\u001B'},
	{name: 'body', keys: '3Gd', wanted: /─ Request body[^\n]* of \d/, after: '\u001B'},
	{name: 'session-model', keys: '2m', wanted: /find:/, after: '\u001B'},
	{name: 'session-effort', keys: '2e', wanted: /find:/, after: '\u001B'},
	{name: 'session-pin', keys: '2o', wanted: /find:/, after: '\u001B'},
	{name: 'session-transcript', keys: '2t', wanted: /Transcript[\s\S]*(user|tool|model) /, after: '\u001B'},
	{name: 'usage-errors', keys: '7V', wanted: /HIDDEN/, after: 'v'},
	{name: 'help-requests', keys: '3?', wanted: /Keys · Requests/, after: '?'},
	{name: 'what-if-typing', keys: '5wgj\r\u0015gpt-5', wanted: /gpt-5_/, after: '\u001B'},
	{name: 'replay-ask', keys: '3Gc*\r', wanted: /Send it once more to \S+\?/, after: 'n'},
	{name: 'copied-curl', keys: '3GY*curl\r', wanted: /curl/},
	{name: 'session-tier', keys: '2v', wanted: /find:/, after: '\u001B'},
	{name: 'session-profile', keys: '2P', wanted: /no profiles|find:/, after: '\u001B'},
	{name: 'palette-complete', keys: '1:rou pa\t', wanted: /:route pause/, after: '\u001B'},
	{name: 'palette-none', keys: '1:qqqq', wanted: /No command/, after: '\u001B'},
	{name: 'move-now', keys: '3gm', wanted: /moves on|has ended/},
	{name: 'quit', keys: '0*q', wanted: /Quit\?/, after: 'n'},
	{name: 'demo-add', keys: '1*a', wanted: /config.toml first/},
	{name: 'demo-messages', keys: '\u000F', wanted: /─ Messages/, after: '\u001B'},
	{name: 'demo-undo-list', keys: '1o*O*U', wanted: /taken back/, after: '\u001B'},
];

/** The configuration that the dialogs edit: nothing of it is ever asked for anything. */
export const ownConfig = `version = 5 # mine

# the cheap one
[codex.providers.relay-a]
base_url = "http://127.0.0.1:9/v1" # east
auth_token = "plain-words-1"
tags = { region = "eu", billing = "monthly" }
limits = { max_concurrent_requests = 8 }

[codex.providers.relay-b]
base_url = "http://127.0.0.1:9/relay-b/with/a/long/path/that/wants/room/v1"
auth_token = "plain-words-2"

[codex.providers.openai]
preset = "openai"
auth_token = "plain-words-3"

[codex.providers."中转站-东京"]
base_url = "http://127.0.0.1:9/tokyo/v1"
auth_token = "plain-words-4"

[claude.providers.anthropic]
preset = "anthropic"
api_key = "plain-words-5"

[codex.routing]
entry = "main"
[codex.routing.routes.main]
strategy = "weighted"
children = ["relay-a", "relay-b", "openai", "中转站-东京"] # order
`;

/** Views of the program with {@link ownConfig}. */
export const ownViews: readonly View[] = [
	{name: 'add', keys: '1a', wanted: /preset/, after: '\u001B'},
	{name: 'add-preset', keys: '1a*\r', wanted: /search/, after: '\u001B*\u001B'},
	{name: 'add-preset-typed', keys: '1a*\rdee', wanted: /deepseek/, after: '\u001B*\u001B'},
	{name: 'add-filled', keys: '1a*\rdeeps\r', wanted: /base_url +https/, after: '\u001B*y'},
	{name: 'add-typing', keys: '1a*jj\rmy-relay', wanted: /my-relay_/, after: '\u001B*\u001B'},
	{name: 'add-preview', keys: '1a*\rdeeps\rp', wanted: /\+preset/, after: 'p*\u001B*y'},
	{name: 'add-leave', keys: '1a*\rdeeps\r\u001B', wanted: /Leave/, after: 'y'},
	{name: 'edit', keys: '1ge', wanted: /Edit codex/, after: '\u001B'},
	{name: 'edit-end', keys: '1ge*G', wanted: /continuity/, after: '\u001B'},
	{name: 'edit-choice', keys: '1ge*jjjj\r', wanted: /search/, after: '\u001B*\u001B'},
	{name: 'edit-changed', keys: '1ge*j\rTeam A\r', wanted: /Team A/, after: '\u001B*y'},
	{name: 'edit-preview', keys: '1ge*j\rTeam A\rp', wanted: /Team A/, after: 'p*\u001B*y'},
	{name: 'edit-problem', keys: '1ge*jjj\r*\u0015nonsense\r*p', wanted: /base_url is not/, after: 'p*\u001B*y'},
	{name: 'copy', keys: '1gA', wanted: /Add a copy/, after: '\u001B*y'},
	{name: 'copy-preview', keys: '1gA*p', wanted: /\+/, after: 'p*\u001B*y'},
	{name: 'remove', keys: '1g\u007F', wanted: /Remove codex/, after: 'n'},
	{name: 'removed', keys: '1g\u007F*y', wanted: /u takes it back/, after: 'u'},
	{name: 'undo-list', keys: '1gjK*+*U', wanted: /taken back/, after: '\u001B*u*u'},
	{name: 'messages', keys: '1g *u*o*o*\u000F', wanted: /─ Messages/, after: '\u001B'},
	{name: 'messages-typed', keys: '\u000Frelay', wanted: /─ Messages/, after: '\u001B'},
	{name: 'page-help', keys: '1?', wanted: /Keys/, after: '?'},
];
