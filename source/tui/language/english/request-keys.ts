/** Why keys can do nothing with a request now, and what they have done. */
export const requestKeys = {
	nothingSelected: 'Nothing is selected.',
	nothingDeeper: 'Nothing is deeper than this; Esc goes back.',
	noneSelected: 'No request is selected.',
	noneBehind: 'No request is known that the incident rests on.',
	noSession: 'The selected request belongs to no session.',
	readOnlyMove: 'This screen is read-only: it may not move requests.',
	hasEnded: 'The selected request has ended; only a running one can be moved.',
	moved: (from: string | undefined) =>
		`The request moves on${from === undefined ? '' : ` from ${from}`}; its client notices nothing.`,
	wouldFreeze: (live: number) => `${live} live requests would freeze; wait, or quit with q.`,
};
