/** A form of any page: its keys, its preview, and what it asks. */
export const forms = {
	changed: (count: number) => `${count} changed`,
	preview: 'Preview',
	yWrites: 'y writes it',
	workingOut: 'Working it out...',
	noChange: 'Nothing is changed yet.',
	picking: 'type to search',
	leave: 'Leave without writing?',
	keys: {
		change: 'change',
		next: 'next value',
		clear: 'clear',
		reset: 'reset',
		preview: 'preview',
		write: 'write',
		toFields: 'back to the fields',
		close: 'close',
	},
};
