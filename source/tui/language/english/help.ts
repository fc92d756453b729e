/** The help over a page, and what the footer says at its right end. */
export const help = {
	/** The groups of the key table, by their names there. */
	groups: {'This page': 'This page', Move: 'Move', Pages: 'Pages', Find: 'Find', Program: 'Program'},
	title: 'Keys',
	notNow: '(not now)',
	more: 'more',
	escCloses: 'Esc close',
	filterHelp:
		'Filter: words match any column; field:value, status>=400, duration>5000, -word excludes. An unknown field is named with all that there are.',
	/** The palette, for the footer. */
	paletteShort: 'cmd',
};
