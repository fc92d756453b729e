/** Why keys cannot change an upstream now, and what they have done. `service` is `codex` or `claude`. */
export const upstreamKeys = {
	readOnly: 'This screen is read-only.',
	readOnlySwitch: 'This screen is read-only: it may not switch upstreams.',
	readOnlyChange: 'This screen is read-only: it may not change upstreams.',
	noneSelected: 'No upstream is selected.',
	disabled: (name: string) => `${name} is disabled in the configuration.`,
	enableFirst: (name: string) => `${name} is disabled; enable it in the configuration first.`,
	unpinned: (name: string, service: string) => `${name} is no longer pinned; ${service} goes in order.`,
	pinned: (name: string, service: string) => `The next ${service} request goes to ${name}.`,
	preferred: (name: string, service: string) => `The next ${service} request tries ${name} first.`,
	accountsUnknown: 'The engine has not told the accounts of this upstream yet.',
	paused: (provider: string, accounts: readonly string[]) =>
		`No new request goes to ${provider}'s account${accounts.length === 1 ? '' : 's'} ${accounts.join(', ')}; p again resumes.`,
	resumed: (provider: string, accounts: readonly string[]) =>
		`Requests go to ${provider}'s account${accounts.length === 1 ? '' : 's'} ${accounts.join(', ')} again.`,
	noCooldown: (name: string) => `${name} has no cooldown.`,
	dismissed: (name: string) => `The cooldowns of ${name} are over; the next request may try it.`,
	configReread: 'The configuration was read again.',
};
