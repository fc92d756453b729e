/** How a request ended that no attempt tells of (source/engine/reply/ending-row.ts). */
export const endings: Readonly<Record<string, string>> = {
	hopeless: 'no upstream can serve it; i says why',
	'will-pass': 'no upstream could serve it just then; i says why',
	'quota-spent': 'the quota of every upstream was used up',
	'context-overflow': 'it was longer than the model reads',
	'request-fault': 'an upstream found fault with the request itself',
	'mid-stream-break': 'its answer broke off',
	'local-token': 'it came without the local token',
	'bad-request': 'it could not be read as a request',
};

/** The page Requests: the list and the facts of the selected one. Titles fit 8, 6, 14, 15, 8, 6, 6, 5, 5, 4, 8 and 20 cells; states 4. */
export const requests = {
	title: 'Requests',
	noMatch: 'No request matches the filter. Esc clears it.',
	allHidden: (filter: string) => `The filter /${filter} of page 3 Requests hides every request; Esc clears it there.`,
	none: 'No request has come through yet.',
	listens: (url: string) => `The proxy listens on ${url}`,
	demoBegins: 'The demo sends its first one within two seconds.',
	begin: 'Point Codex at it:  codex-tui switch on   and type in Codex.',
	columns: {
		time: 'TIME',
		status: 'STATUS',
		provider: 'PROVIDER',
		model: 'MODEL',
		kind: 'KIND',
		firstByte: 'TTFB',
		duration: 'DUR',
		input: 'IN',
		output: 'OUT',
		cacheHit: 'HIT',
		cost: 'COST',
		note: 'NOTE',
	},
	live: 'live',
	waiting: 'wait',
	succeeded: 'ok',
	failed: 'err',
	left: 'left',
	cut: 'cut',
	silent: (seconds: number) => `silent ${seconds}s`,
	/** What a request is for. */
	kind: (kind: string) => kind,
	/** A note, or why an attempt ended as it did. */
	said: (reason: string) => endings[reason] ?? reason,
	detail: 'Request',
	nothingSelected: 'Nothing is selected.',
	facts: {
		call: 'call',
		route: 'route',
		status: 'status',
		timing: 'timing',
		tokens: 'tokens',
		reply: 'reply',
		model: 'model',
		session: 'session',
	},
	noByteYet: 'no byte yet',
	firstByte: (duration: string) => `first byte ${duration}`,
	timing: (firstByte: string, duration: string, waited: string | undefined) =>
		`${firstByte}, all ${duration}${waited === undefined ? '' : `, ${waited} of it for a place`}`,
	tokensLater: 'told at the end of the reply',
	tokensUntold: 'not told by the upstream',
	tokensIn: (input: string, cached: string) => `in ${input} (cached ${cached})`,
	tokensOut: (output: string, reasoning: string | undefined) =>
		`out ${output}${reasoning === undefined ? '' : ` (reasoning ${reasoning})`}`,
	reply: (events: string, bytes: string) => `${events} events, ${bytes} bytes`,
};
