/** What is said about keys.json. */
export const keys = {
	noJson: 'is no JSON from here on; all keys are the default ones. It looks like {"route.pin": ["ctrl+p"]}.',
	noObject: 'must be an object of commands and their keys, for example {"route.pin": ["ctrl+p"]}.',
	tooLarge: 'is too large for a file of keys; all keys are the default ones.',
	unknownCommand: (command: string, nearest: string | undefined) =>
		nearest === undefined
			? `there is no command "${command}"; "codex-tui keys" lists them.`
			: `there is no command "${command}"; is it "${nearest}"?`,
	twice: (command: string) => `"${command}" stands here twice; it keeps its default keys.`,
	noKeys: (command: string) =>
		`"${command}" needs a list of keys, for example ["ctrl+p", "x"]; [] takes its keys away.`,
	unknownKey: (key: string) =>
		`"${key.slice(0, 24)}" is no key that a terminal tells; there are letters, "ctrl+x", "f1" to "f12", "enter", "space", "tab", "pgup", …`,
	sameKey: (key: string, same: string) => `a terminal cannot tell "${key}" from "${same}"; write "${same}".`,
	mustKeep: (command: string, key: string) => `"${command}" must keep the key ${key}; others may stand beside it.`,
	reserved: (key: string, owner: string, command: string) =>
		`${key} always means "${owner}", so "${command}" cannot have it.`,
	clash: ({key, command, other, page}: Readonly<Record<'key' | 'command' | 'other' | 'page', string>>) =>
		`on the page ${page} ${key} would mean "${other}" and "${command}"; "${command}" keeps its default keys.`,
	read: (count: number) =>
		count === 0 ? 'The keys are the default ones.' : `keys.json was read again: ${count} changed.`,
	more: (count: number) => (count === 0 ? '' : ` (${count} more: codex-tui keys)`),
};
