/** A list from which one thing is chosen. */
export const picker = {
	keys: 'type to find  Enter takes it  Esc closes',
	find: 'find:',
	nothingFits: 'nothing fits',
};
