import {historyNames} from '../config/history.ts';

/** The flags that stand for the environment of the response store, for `readFlags`. */
export const historyFlags = {
	'history-store': {type: 'string'},
	'history-dir': {type: 'string'},
	'session-ttl-hours': {type: 'string'},
	'max-sessions': {type: 'string'},
	'max-session-memory-mb': {type: 'string'},
} as const;

type HistoryFlag = keyof typeof historyFlags;

const variables: Readonly<Record<HistoryFlag, string>> = {
	'history-store': historyNames.store,
	'history-dir': historyNames.dir,
	'session-ttl-hours': historyNames.ttl,
	'max-sessions': historyNames.count,
	'max-session-memory-mb': historyNames.memory,
};

const isHistoryFlag = (name: string): name is HistoryFlag => Object.hasOwn(historyFlags, name);

const given = (values: Readonly<Record<string, unknown>>): ReadonlyArray<readonly [HistoryFlag, string]> =>
	Object.entries(values).flatMap(([name, value]) =>
		isHistoryFlag(name) && typeof value === 'string' ? [[name, value] as const] : [],
	);

/** The variables that the given flags stand for (product.md 6: each variable is also a flag). */
export const historyEnvironment = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
	Object.fromEntries(given(values).map(([name, value]) => [variables[name], value]));

/** The flag that stands for one of these variables, as it is typed. */
export const historyFlagOf = (variable: string): string | undefined => {
	const found = Object.entries(variables).find(([, name]) => name === variable);
	return found && `--${found[0]}`;
};

/** The given flags again, for another command's line. */
export const historyArguments = (values: Readonly<Record<string, unknown>>): readonly string[] =>
	given(values).flatMap(([name, value]) => [`--${name}`, value]);

/** Their lines of a command's help. */
export const historyHelp = `  --history-store S          where answers of translated upstreams are kept: memory (default), disk or off
  --history-dir D            folder for disk (default history/ in the home)
  --session-ttl-hours N      forget what nobody continued for so long (default 168)
  --max-sessions N           answers to keep (default 2048)
  --max-session-memory-mb N  room for them in memory (default 512)
`;
