/** The row above the footer. */
export const messages = {
	filter: 'filter',
	shownOfClears: (shown: number, total: number) => `${shown} of ${total} shown   Esc clears`,
	yesOrNo: 'y yes  n no',
	/** At most 76 cells. */
	engineRestarts: 'The engine stopped and starts again; requests wait for it. Nothing to do.',
	shownSince: (clock: string) => `State of ${clock}. `,
	/** A long reason is cut at its end. */
	engineTrouble: (reason: string) => `Trying again. The engine: ${reason}.`,
	doesNotAnswer: 'it does not answer',
	lastGoodStays: 'The last good one stays in use.',
	showsHow: 'shows how',
	fixes: 'fixes',
	later: 'later',
	more: (count: number) => `${count} more`,
	waiting: 'waiting for the engine',
	engine: 'engine',
	loopP99: (ms: string) => `loop p99 ${ms}ms`,
	droppedEvents: (count: number) => `${count} screen events dropped`,
	configWarnings: (count: number, first: string) => `${count} config warnings: ${first}`,
};
