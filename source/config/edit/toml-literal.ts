import {formatKeyPath, isTable} from '../toml.ts';

/** JSON's escapes are TOML's; only DEL may stand in a JSON text as it is and in no TOML one (TOML 1.0, String). */
const textLiteral = (text: string): string => JSON.stringify(text).replaceAll('\u007F', '\\u007f');

/** A value as TOML on one line: texts, numbers, booleans, dates, lists and tables of them. Members that are undefined are left out. */
export const tomlLiteral = (value: unknown): string => {
	if (typeof value === 'string') {
		return textLiteral(value);
	}

	if (Array.isArray(value)) {
		return `[${value.map(tomlLiteral).join(', ')}]`;
	}

	if (isTable(value)) {
		const members = Object.entries(value).filter(([, member]) => member !== undefined);
		return members.length === 0
			? '{}'
			: `{ ${members.map(([name, member]) => `${formatKeyPath([name])} = ${tomlLiteral(member)}`).join(', ')} }`;
	}

	return value instanceof Date ? value.toISOString() : String(value);
};
