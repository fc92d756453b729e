/** The page Explain with its form. Names of fields have at most 8 cells. */
export const explain = {
	title: 'Explain',
	nextRequest: 'the next request',
	asking: 'Asking the engine.',
	chosen: 'chosen',
	/** In the place of it where an attempt failed: another may have served. */
	askedFirst: 'asked first',
	inOrder: 'in order: ',
	nobody: 'nobody could serve it',
	whatIf: 'What if',
	editWithEnter: 'edit with Enter',
	fields: {service: 'service', model: 'model', session: 'session', down: 'down', up: 'up', in: 'in'},
	hints: {
		service: 'codex or claude',
		model: 'for example gpt-5.5',
		session: 'a session id; empty: a new session',
		down: 'providers that cannot serve',
		up: 'providers without their cooldown',
		in: 'so much later: 90s, 10m, 2h',
	},
	fillIn: 'Fill in a field: Enter types, Enter again asks.',
	result: 'result',
	noList: 'Explain has no list to filter; 3 shows the requests, w asks what if.',
	was: (chosen: string | undefined) => `(was ${chosen ?? 'nobody'})`,
};
