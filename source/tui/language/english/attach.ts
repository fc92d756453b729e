/** The screen of an engine that another process runs. */
export const attach = {
	attachedTo: (where: string) => `attached ${where}`,
	readOnly: 'read-only',
	mayAct: 'may act',
	staleSince: (clock: string) => `stale since ${clock}`,
	leave: 'leave',
	/** At most 78 cells. */
	readOnlyHere: 'This screen is read-only; codex-tui attach --allow-actions may change things.',
};
