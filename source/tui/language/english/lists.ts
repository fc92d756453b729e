/** What all lists say of themselves in their upper right corner. */
export const lists = {
	matched: (shown: number, total: number) => `${shown} of ${total}`,
	follow: 'follow',
	sorted: (field: string, isReversed: boolean) => `by ${field}${isReversed ? ' (reversed)' : ''}`,
};
