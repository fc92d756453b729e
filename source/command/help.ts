import {exitCode} from '../base/errors.ts';

const text = `codex-tui: one local proxy for all your upstreams, with failover, and a live screen beside Codex.

  codex-tui                 start the engine and the screen; Codex is pointed at it while it runs
  codex-tui --demo          the same with embedded demo upstreams: no network, no configuration
  codex-tui serve           the engine without a screen (--upstream URL: without a configuration file)
  codex-tui attach          the screen of an engine that runs already, read-only unless --allow-actions
  codex-tui init            a first config.toml from what is found, or from --preset NAME --key-env VARIABLE
  codex-tui switch on       point Codex at codex-tui (off, status, heal)
  codex-tui routing explain why a request went where it went (show, what-if, pin, unpin, override, actions, dismiss, extend)
  codex-tui account list    accounts with their keys, quota and cooldowns (pause, resume)
  codex-tui provider        what one line sets up (presets), models and what was learned (models, import-models, learned, forget)
  codex-tui balance         what is left on the accounts
  codex-tui usage           tokens, cost and errors by day, provider, model, session or project, out of the ledger
  codex-tui provider add    write a provider into config.toml (edit, duplicate, remove, enable, disable; config undo takes it back)
  codex-tui routing order   the order in which upstreams are tried (set, prefer-tag)
  codex-tui config check    say what is wrong with the configuration (edit: open it in $EDITOR; import, migrate: carry an older one over)
  codex-tui config show     every value, its default and the line that it comes from
  codex-tui doctor          looks at ports, keys, clients, providers and file modes, and says how to mend them (--fix, --deep)
  codex-tui session         Codex's and Claude's sessions with upstream, tokens and cost (list, show, override, reset)
  codex-tui request         the requests of the running engine (list, show, curl, replay on another upstream)
  codex-tui transcript ID   a conversation: of a request, or of a session out of its client's file (--markdown, --json)
  codex-tui keys            every command of the screen with its keys, and what keys.json changes
  codex-tui COMMAND --help  flags and an example of a command
  codex-tui --version

The configuration is ~/.codex-tui/config.toml; CODEX_TUI_HOME moves it. The README is the manual.
`;

/** `codex-tui --help`. */
export const run = async (): Promise<number> => {
	process.stdout.write(text);
	return exitCode.done;
};
