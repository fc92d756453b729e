/** Why keys cannot change a setting now, and what they ask before. `place` is a file with a line, a variable or a flag. */
export const settingKeys = {
	readOnly: 'This screen is read-only: it may not change settings.',
	noneSelected: 'No setting is selected.',
	standsAt: (place: string) => `It stands at ${place}: change it there.`,
	notChangedHere: (key: string) => `${key} is not changed here.`,
	winsOverFile: (place: string, key: string) => `${place} wins over the file; start without it to change ${key} here.`,
	noConfig: 'There is no config.toml in use, so nothing can be written.',
	mendFirst: 'The file has a fault; mend that first, the page says where.',
	theSetting: 'The setting',
	noFile: 'The configuration is not on this machine; "codex-tui config show" lists it where the engine runs.',
	askWrite: (change: string) => `${change} Write it?`,
};
