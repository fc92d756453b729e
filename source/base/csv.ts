/**
 * A text as one field of a CSV file (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe before it.
 */
export const csvField = (text: string): string => {
	const safe = /^[\s"']*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
	// Where a comma is the decimal sign, spreadsheets take a semicolon for the end of a field.
	return /[",;\n\r\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
