/** What is wrong with a filter. The names of fields are the same in every language. */
export const filters = {
	unknownField: (name: string, known: string) => `There is no field "${name}" here; there are ${known}.`,
	needsNumber: (term: string, value: string) => `"${term}" needs a number, not "${value}".`,
};
