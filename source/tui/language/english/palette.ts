/** The command palette. What is typed there is the same in every language. */
export const palette = {
	title: 'Commands',
	nothingFits: 'No command fits what was typed.',
	nothingToRun: 'No command fits; Esc closes.',
	onlyServes: 'only it serves',
	triedFirst: 'it is tried first',
	pauses: 'nothing goes to its accounts',
	resumes: 'requests go to its accounts again',
	usageRange: 'what the page is about',
	theme: 'the colours of the screen',
	languages: {en: 'English', 'zh-CN': 'Simplified Chinese (简体中文)'},
	/** By what the rows of the page Usage are made. */
	usageBy: {
		provider: 'rows by provider',
		model: 'rows by model',
		session: 'rows by session',
		project: 'rows by project',
		day: 'rows by day',
		hour: 'rows by hour',
		error: 'rows by error',
	},
};
