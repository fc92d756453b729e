import {homedir} from 'node:os';
import path from 'node:path';
import {codexHomeOf} from '../client/codex/switch-status.ts';
import type {ClientHomes} from '../observe/sessions/session-files.ts';

/** Where the clients of an environment keep what is theirs: `CODEX_HOME` and `CLAUDE_CONFIG_DIR`, else their usual folders. */
export const clientHomesOf = (env: NodeJS.ProcessEnv): ClientHomes => ({
	codexHome: codexHomeOf(env),
	claudeHome: env['CLAUDE_CONFIG_DIR'] ?? path.join(env['HOME'] ?? homedir(), '.claude'),
});
