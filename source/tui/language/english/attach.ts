/** The screen of an engine that another process runs. */
export const attach = {
	attachedTo: (where: string) => `attached ${where}`,
	readOnly: 'read-only',
	mayAct: 'may act',
	staleSince: (clock: string) => `stale since ${clock}`,
	leave: 'leave',
};
