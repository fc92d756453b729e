/** The form of the first start. */
export const wizard = {
	setsUp: 'sets up your providers',
	isDemo: 'what you see is the demo',
	notHere: 'There is a configuration already, or none that may be written here: the pages Routes and Settings show it.',
	demoGoesOn: 'The demo goes on; W sets up your providers whenever you like.',
	/** How many providers are to be written. */
	taken: (count: number) => `${count} provider${count === 1 ? '' : 's'} taken`,
	title: (step: number, steps: number, name: string) => `Set up ${step}/${steps}: ${name}`,
	names: {
		upstreams: 'providers',
		codex: 'Codex',
		theme: 'theme',
		language: 'language',
		review: 'what is written',
		written: 'done',
	},
	looking: 'Looking at what is here …',
	upstreamsIntro:
		'What runs now is the demo. Take the providers that Codex is to use: the first one serves, the next ones take over. A key stays in your environment; only the name of its variable is written.',
	found: {codex: 'from Codex', login: "Codex's login"},
	needsNoKey: 'needs no key',
	keySet: (variable: string) => `${variable} is set`,
	/** What must be known of a preset (source/provider/presets). */
	presetNote: (note: string) => note,
	keyMissing: (variable: string) => `${variable} is not set`,
	keyUnnamed: 'its variable has no name yet: e',
	variable: (name: string) => `Variable with the key of ${name}:`,
	noVariable: 'That is no name of a variable: letters, digits and _. The key itself is not typed here.',
	variableIsMissing: (name: string) => `${name} needs a key: e names the variable that holds it.`,
	codexIntro: (file: string) =>
		`Point Codex at codex-tui while it runs? Its file ${file} is changed key by key, and given back as it was at the end.`,
	codexYes: 'yes, while codex-tui runs',
	codexNo: 'no, I do it myself ("codex-tui switch on")',
	themeIntro: 'How shall it look? T changes it at any time.',
	languageIntro: 'Which language shall the screen speak? L changes it at any time.',
	reviewIntro: (path: string) => `This is written to ${path}, and nothing else:`,
	writtenIntro: (path: string) =>
		`${path} is written. Enter starts with it: the screen closes for a moment. Esc leaves the demo on until the next start.`,
	keys: {
		take: 'takes',
		name: 'names the variable',
		goOn: 'goes on',
		write: 'writes it',
		start: 'starts with it',
		skip: 'skips',
		skipAll: 'writes nothing',
		back: 'back',
		useName: 'uses it',
		stopTyping: 'leaves it as it was',
		close: 'closes',
	},
	spoken: {en: 'English', 'zh-CN': '简体中文'},
};
