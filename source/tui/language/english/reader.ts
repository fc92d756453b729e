/** What a screen reader is told in place of marks, frames and columns. */
export const reader = {
	selected: 'selected:',
	label: (title: string, text: string) => `${title}: ${text}`,
	comma: ', ',
	page: (title: string, incidents: string) => `Page ${title}, ${incidents}`,
	keys: 'Keys',
	pages: 'Pages',
	arrow: 'then',
	pinned: 'pinned: ',
	arrows: {left: 'Left', up: 'Up', right: 'Right', down: 'Down'},
};
