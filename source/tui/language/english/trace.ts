/** The page Trace. Titles fit 12, 15, 11 and 16 cells. */
export const trace = {
	title: 'Trace',
	titleOf: (dot: string, clock: string) => `Trace ${dot} request of ${clock}`,
	noMatch: 'No decision matches the filter. Esc clears it.',
	forgotten: 'No decision of this request is kept any more.',
	selectNewer: 'Select a newer one on page 3 Requests.',
	columns: {time: 'TIME', kind: 'DECISION', target: 'TARGET', what: 'WHAT'},
	/** The event that announced a decision; the filter knows it by this name in every language. */
	kind: (kind: string) => kind,
	detail: 'Decision',
	nothingSelected: 'Select a decision to see why it was taken.',
	facts: {plan: 'plan', what: 'what', target: 'target', request: 'request'},
};
