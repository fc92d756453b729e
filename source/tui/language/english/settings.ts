import type {Setting, SettingsView} from '../../../config/settings-list.ts';

/** The page Settings and the row in which a value is typed. Titles fit 12, 12, 12 and 16 cells. */
export const settings = {
	title: 'Settings',
	changed: (count: number) => `${count} set`,
	columns: {key: 'SETTING', value: 'VALUE', usual: 'DEFAULT', origin: 'FROM'},
	inFile: (value: string) => `(file: ${value})`,
	noMatch: (filter: string) => `No setting matches the filter "${filter}". Esc clears it.`,
	mendFile: 'Mend the file; it is read again at once.',
	reading: 'Reading the configuration.',
	lastGood: (fault: string) => `${fault} Shown is the last good one.`,
	origins: {
		environment: (name: string) => `env ${name}`,
		flag: (name: string) => `flag ${name}`,
		preset: (name: string) => `preset ${name}`,
		derived: (name: string) => `from ${name}`,
		memory: 'remembered',
		usual: 'default',
	},
	/** Why there is no file. */
	note: ({note}: Pick<SettingsView, 'note' | 'instead'>) => note,
	/** What a setting does; languages say it by the key. */
	about: ({about}: Pick<Setting, 'key' | 'about'>) => about,
	/** A value, or its default, as it is shown; a file takes only what is written in it. */
	value: (_: Setting, value: string) => value,
	detail: 'Setting',
	nothingSelected: 'Select a setting to see what it does and where it comes from.',
	facts: {
		what: 'what',
		value: 'value',
		fileSays: 'file says',
		usual: 'default',
		origin: 'from',
		takes: 'takes',
		counts: 'counts',
		enter: 'Enter',
		fault: 'fault',
		note: 'note',
	},
	takes: {text: 'a text', number: 'a number', boolean: 'true or false'},
	applies: {'at once': 'at once', 'at the next start': 'at the next start'},
	enterChanges: 'changes it; the change is shown before it is written',
	tabNext: 'Tab next, ',
	typing: 'Enter shows the change, Esc takes back',
};
