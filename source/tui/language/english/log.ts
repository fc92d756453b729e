/** The log of what was said, and the way to what is wrong. */
export const log = {
	title: 'Messages',
	theMessage: 'The message',
	nothing: 'Nothing was said yet.',
	allWell: 'No incident is open, and no request that is remembered failed.',
};
