/** The viewer of bodies, and sending a request again. */
export const bodies = {
	parts: {request: 'Request body', answer: 'Answer'},
	forms: {pretty: 'indented', raw: 'as it was', diff: 'what changed'},
	keys: 'Tab request/answer  v form  / search  n N next  Esc closes',
	place: (first: number, last: number, count: number) => `${first}-${last} of ${count}`,
	reading: 'Reading it from the engine ...',
	truncated: 'Something is missing: it was larger than what is kept.',
	live: 'It is still coming.',
	empty: 'It is empty.',
	noAnswer: 'Nothing has come yet.',
	noPrevious: 'There is no earlier request of its session to compare it with.',
	same: 'Nothing changed since the request before.',
	against: (requestId: string) => `Against ${requestId}, the request before it.`,
	tooDifferent: 'The two are too different to be compared.',
	tooLongToCopy: (requestId: string) =>
		`It is too long for a clipboard; "codex-tui request curl ${requestId}" prints the command.`,
	theCurl: 'The curl command',
	asCurl: 'a curl command; set KEY to the token of the home',
	search: 'search',
	searchHint: 'Enter finds, Esc takes back',
	readOnly: 'This screen is read-only: it may not send requests.',
	nowhereToSend: 'No upstream of its service is switched on.',
	replayWhere: 'Send it once more to',
	replays: 'send the selected request to it once more',
	/** `cost`: what the same tokens cost at list price, without a cache. */
	askReplay: (name: string, {tokens, cost}: {readonly tokens: string | undefined; readonly cost: string | undefined}) =>
		`Send it once more to ${name}? ${cost === undefined ? 'It costs what a request costs' : `It costs about ${cost}`}${tokens === undefined ? '' : ` (${tokens} tokens in)`}.`,
	replayed: (name: string) => `It was sent to ${name} once more and is selected.`,
};
