/** Why keys can ask nothing of the doctor now, what they ask before, and what became of it. */
export const doctorKeys = {
	noneSelected: 'No check is selected.',
	stillLooking: 'The doctor is still looking; wait until it has ended.',
	readOnlyMend: 'This screen is read-only: it may not mend anything.',
	readOnlyTest: 'This screen is read-only: it may not send a request that costs money.',
	selectProvider: 'Select a key or a provider: it is sent one small request.',
	testCosts: 'Testing it again costs money: c does it, and asks before.',
	askTest: (provider: string) => `Send ${provider} one small request per account? It costs money.`,
	nothingToFix: 'There is nothing to fix about this one.',
	nothingLookedAt: 'Nothing has been looked at yet.',
	noAlert: 'There is no alert.',
	theFix: 'The fix',
	theReport: 'The report',
	startUnchecked: (reason: string) => `The start could not be checked: ${reason}`,
	brokeOff: (reason: string) => `The doctor broke off: ${reason}`,
	noDoctor: 'There is no doctor here.',
};
