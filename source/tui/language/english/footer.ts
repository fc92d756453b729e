/** The footer while something lies over the page: as short as the key table's words. */
export const footer = {
	close: 'close',
	choose: 'choose',
	take: 'take it',
	run: 'run',
	complete: 'complete',
	keep: 'keep',
	ask: 'ask',
	takeBack: 'take back',
	yes: 'yes',
	no: 'no',
	scroll: 'scroll',
	otherBody: 'request/answer',
	form: 'form',
	next: 'next match',
};
