/** The list of incidents and the selected one. Titles fit 8, 7, 20, 5, 8 and 4 cells; states 6. */
export const incidents = {
	title: 'Incidents',
	open: (count: number) => `${count} open`,
	noMatch: 'No incident matches the filter. Esc clears it.',
	none: 'No incident. All is quiet.',
	columns: {state: 'STATE', id: 'ID', what: 'WHAT', times: 'TIMES', since: 'SINCE', age: 'AGE'},
	states: {open: 'open', closed: 'closed'},
	detail: 'Incident',
	nothingSelected: 'Select an incident to see what it rests on.',
	facts: {what: 'what', advice: 'advice', effect: 'effect', closes: 'closes', about: 'about', evidence: 'facts'},
	closed: (clock: string) => `closed ${clock}`,
	about: (scope: string, rule: string, times: number) =>
		`${scope}  (rule ${rule}, ${times === 1 ? 'once' : `${times} times`})`,
};
