/** Taking back what was done. */
export const undo = {
	title: 'What can be taken back',
	nothing: 'There is nothing to undo.',
	undone: (label: string) => `Taken back: "${label}"`,
	undoneMany: (count: number, label: string) => `${count} things taken back, the last: "${label}"`,
	many: (count: number) => `takes ${count} back`,
	readOnly: 'This screen is read-only: it changed nothing that could be taken back.',
};
