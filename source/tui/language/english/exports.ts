/** Copying, exporting and sorting rows. */
export const exports = {
	nothingSelected: 'No row is selected.',
	nothingShown: 'No row is shown, so there is nothing to export.',
	cannotSort: 'This list has an order of its own.',
	nowhere: 'This screen has no folder to export to.',
	written: (rows: number, path: string) => `${rows} row${rows === 1 ? '' : 's'} written to ${path}`,
	theRow: 'The row',
	copyAs: 'Copy as',
	asJson: 'the row as JSON',
	asId: 'its id alone',
};
