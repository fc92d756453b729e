/** The first row: how the whole is doing, in words as short as the row needs them. */
export const status = {
	noAnswer: 'no answer',
	starting: 'starting',
	restarting: 'restarting',
	allDown: 'all down',
	degraded: 'degraded',
	healthy: 'ok',
	/** Whether a client's configuration points at us. */
	switched: {on: 'on', off: 'off', elsewhere: 'elsewhere'},
	/** Before the name of the upstream that serves. */
	route: 'route',
	lastFiveMinutes: '5m',
	live: (count: number) => `${count} live`,
	cooling: (count: number) => `${count} cooling`,
	configReadAt: (clock: string) => `config read ${clock}`,
};
