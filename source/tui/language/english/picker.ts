/** A list from which one thing is chosen. */
export const picker = {
	find: 'find:',
	nothingFits: 'nothing fits',
};
