import {type ExitCode, exitCode} from '../base/errors.ts';
import {actions, settle} from './routing-actions.ts';
import {needControl, type RoutingContext} from './routing-control.ts';
import {routingEditVerbs, runRoutingEdit} from './routing-edit.ts';
import {explain, whatIf} from './routing-explain.ts';
import {readRoutingFlags, readVerb, type RoutingFlags, type RoutingVerb, wrongUsage} from './routing-flags.ts';
import {override, pin, unpin} from './routing-pin.ts';
import {show} from './routing-show.ts';

const help = `Usage: codex-tui routing VERB [flags]      asks and steers the engine that runs in this home

  show                     the routes as they were compiled, pins and overrides
  explain [REQUEST]        why a request went where it went; without one: where the next one would go, and why
  what-if                  the same for an imagined situation; nothing changes
  pin NAME                 only NAME serves; with --prefer the others follow when it fails
  unpin                    the routes decide again
  override --session ID    what one session asks for; without a field: what is overridden now
  actions                  the cooldowns that hold now
  dismiss NAME [ACCOUNT]   end its cooldowns: it may serve again
  extend NAME [ACCOUNT]    let its cooldowns last --for or --until another time
  order, set, prefer-tag   change the routes in config.toml (codex-tui routing order --help)

NAME is a provider, provider.endpoint, or a key such as codex/team/default.

Flags:
  --codex, --claude, --service S            the service; codex where nothing else says it
  --model M  --session ID  --tier T  --effort E   what the request asks for (explain, what-if), or is to ask for (override)
  --cwd DIR  --header N=V  --path P  --method M   what conditions of routes ask besides (explain, what-if)
  --kind turn  --client codex  --subagent NAME    the same
  --down NAME  --up NAME                    what-if: cannot serve, can serve again; may be repeated
  --in 2h  --no-pin  --no-affinity          what-if: so much later, without pins, as a new session
  --prefer                                  pin: try it first, do not insist
  --for 2h  --until 18:30                   pin, extend: when it ends; 90s, 10m, 2h, 1d, a time or a date
  --profile NAME  --clear                   override: a profile of config.toml; take everything away. A field "-" is the client's own
  --json                                    the engine's own JSON

Exit codes: 0 done · 1 failed, or no engine runs · 2 wrong usage, or no such name.

Example:
  codex-tui routing what-if --model gpt-5.5 --down team --in 10m
`;

type Run = (context: RoutingContext, flags: RoutingFlags) => Promise<void>;

const verbs: Readonly<Record<RoutingVerb, Run>> = {
	show,
	explain,
	'what-if': whatIf,
	pin,
	unpin,
	override,
	actions,
	dismiss: settle('dismiss'),
	extend: settle('extend'),
};

/** What the command works with. */
export interface RoutingOptions {
	readonly env: NodeJS.ProcessEnv;
	readonly write: (text: string) => void;
	/** Wall clock, milliseconds. */
	readonly nowMs: number;
}

/**
 * `codex-tui routing VERB`. Resolves with the exit code; throws `CommandError` (exit code 2: wrong usage or an unknown name; 1: no engine
 * runs), and the `RelayError` of an engine that refuses or does not answer.
 */
export const runRouting = async (args: readonly string[], {env, write, nowMs}: RoutingOptions): Promise<ExitCode> => {
	const [name, ...rest] = args;
	const editing = routingEditVerbs.find(each => each === name);
	if (editing !== undefined) {
		return await runRoutingEdit(editing, rest, {env, write, nowMs});
	}

	const verb = readVerb(name);
	const flags = verb === undefined ? undefined : readRoutingFlags(verb, rest);
	if (name === undefined) {
		throw wrongUsage('routing takes a verb, such as show or explain.');
	}

	if (verb === undefined || flags === undefined || flags.help === true) {
		write(help.trimEnd());
		return exitCode.done;
	}

	await verbs[verb]({control: await needControl(env), write, nowMs}, flags);
	return exitCode.done;
};

/** `codex-tui routing`. */
export const run = async (args: readonly string[]): Promise<ExitCode> =>
	await runRouting(args, {env: process.env, write: text => console.log(text), nowMs: Date.now()});
