import type {Section} from './section.ts';

const namePattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** SEC-10: what a header value may hold; all else would end the request in the HTTP client, or split it. */
const valuePattern = /^[\t\x20-\x7E\x80-\xFF]*$/;

/** Whether HTTP can carry a text as the value of a header. */
export const isHeaderValue = (text: string): boolean => valuePattern.test(text);

/** Headers that the engine sets itself or that belong to one connection (RFC 9110 7.6.1). */
const reserved = new Set([
	'connection',
	'content-encoding',
	'content-length',
	'expect',
	'host',
	'keep-alive',
	'proxy-connection',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
	'x-codex-tui-token',
]);

const expand = (section: Section, name: string, env: NodeJS.ProcessEnv): string =>
	(section.string(name) ?? '').replaceAll(/\$\{([^}]*)\}/g, (_, variable: string) => {
		const value = Object.hasOwn(env, variable) ? env[variable] : undefined;
		if (value === undefined) {
			throw section.error(
				'config-env-missing',
				`wants the environment variable ${variable}, which is not set; set it or remove the header.`,
				name,
			);
		}

		return value;
	});

const readHeader = (section: Section, name: string, env: NodeJS.ProcessEnv): string => {
	const value = expand(section, name, env);
	if (!namePattern.test(name)) {
		throw section.error('config-header', 'is not a header name; use letters, digits and dashes.', name);
	}

	if (reserved.has(name.toLowerCase())) {
		throw section.error('config-header', 'is set by the engine itself; remove it.', name);
	}

	if (!isHeaderValue(value)) {
		throw section.error('config-header', 'has a value with characters that a header may not hold.', name);
	}

	return value;
};

/**
 * The table `headers`: names in lower case, `${NAME}` replaced from the environment. Throws `ConfigError` for a name or value
 * that HTTP does not allow, a header that the engine owns, and a variable that is not set. Values never stand in messages.
 */
export const readHeaders = (parent: Section, env: NodeJS.ProcessEnv): Readonly<Record<string, string>> => {
	const section = parent.table('headers');
	if (section === undefined) {
		return {};
	}

	return Object.fromEntries(section.names().map(name => [name.toLowerCase(), readHeader(section, name, env)]));
};
