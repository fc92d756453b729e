/** What stands around the panes: status, tabs, help, messages and questions. */
export const frame = {
	titles: {
		dash: 'Dash',
		routes: 'Routes',
		sessions: 'Sessions',
		requests: 'Requests',
		trace: 'Trace',
		explain: 'Explain',
		incidents: 'Incidents',
		usage: 'Usage',
		doctor: 'Doctor',
		settings: 'Settings',
	},
	/** Three or four cells of a title, for narrow screens. */
	stubs: {
		dash: 'Das',
		routes: 'Rou',
		sessions: 'Ses',
		requests: 'Req',
		trace: 'Tra',
		explain: 'Exp',
		incidents: 'Inc',
		usage: 'Usa',
		doctor: 'Doc',
		settings: 'Set',
	},
	openIncidents: (count: number) => (count === 0 ? 'no incident' : `${count} incident${count === 1 ? '' : 's'}`),
	quitWhileLive: (live: number) => `${live} request${live === 1 ? ' is' : 's are'} live and would be cut. Quit?`,
	spoken: 'The screen speaks English.',
	/** Where there is no room for a page; lines of at most 20 cells. */
	tooSmall: {
		needs: (size: string) => `needs ${size},`,
		has: (size: string) => `has ${size}.`,
		goesOn: 'The proxy goes on.',
		enlarge: 'Enlarge, or q quits.',
	},
};
