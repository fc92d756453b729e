/** The conversation pane: labels, its corner, search, folds and export. */
export const transcript = {
	title: 'Transcript',
	sessionTitle: (session: string) => `session ${session}`,
	/** At the left of a block: five cells at most. */
	kinds: {
		developer: 'rules',
		user: 'user',
		assistant: 'model',
		reasoning: 'think',
		'tool-call': 'tool',
		'tool-output': '',
		compaction: 'short',
		note: 'note',
	},
	moreLines: (count: number) => `${count} more lines`,
	following: 'follow',
	stale: 'reading',
	truncated: 'cut at the size limit',
	selectFirst: 'Select a request to read its conversation.',
	beingRead: 'Reading the conversation.',
	/** Before what is typed. */
	searching: 'search',
	hits: (at: number, count: string) => `${at} of ${count}`,
	noHits: 'not found',
	searchKeys: 'Enter keeps, Esc takes back',
	needsFocus: 'Tab gives the conversation the keys first.',
	cannotFold: 'This block is too short to be folded.',
	noSearch: 'Nothing is looked for; / in the conversation starts a search.',
	nothingFound: (text: string) => `"${text}" is not in this conversation.`,
	nothingShown: 'No conversation is shown.',
	exported: (path: string) => `Exported to ${path}; the path is on the clipboard.`,
};
