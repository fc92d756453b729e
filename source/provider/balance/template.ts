import {RelayError} from '../../base/errors.ts';

/* The templates of `usage_providers.json` (codex-helper.md 1.11). What they are replaced by may be secret: results never stand in errors. */

/** What a template may name. */
export interface TemplateContext {
	/** The endpoint's base URL as configured, without a trailing slash. */
	readonly upstreamBaseUrl: string;
	readonly token: string;
	readonly nowMs: number;
	/** Undefined where the variable is not set. */
	readonly readEnv: (name: string) => string | undefined;
	/** Templates themselves, but they cannot name each other. */
	readonly variables: ReadonlyMap<string, string>;
}

const placeholder = /\{\{([^{}]{0,200})\}\}/g;

/** `{{base_url}}`: the upstream without a trailing `/v1`, query and fragment. */
export const withoutVersion = (baseUrl: string): string =>
	baseUrl
		.replace(/[?#].*$/s, '')
		.replace(/\/+$/, '')
		.replace(/\/v1$/i, '')
		.replace(/\/+$/, '');

const daysAgo = (name: string): number | undefined => {
	const days = /^unix_days_ago:\s*(\d{1,5})$/.exec(name)?.[1];
	return days === undefined ? undefined : Number(days);
};

const fixedNames: ReadonlySet<string> = new Set([
	'base_url',
	'baseUrl',
	'upstream_base_url',
	'upstreamBaseUrl',
	'token',
	'apiKey',
	'accessToken',
	'unix_now',
	'unix_now_ms',
]);

/** The names in a template that nothing stands for: neither a built-in one nor a variable. */
export const unknownNames = (template: string, variables: ReadonlyMap<string, string>): readonly string[] =>
	[...template.matchAll(placeholder)]
		.map(match => (match[1] ?? '').trim())
		.filter(
			name =>
				!fixedNames.has(name) &&
				!variables.has(name) &&
				daysAgo(name) === undefined &&
				!/^env:\s*[A-Za-z_]\w*$/.test(name),
		);

const fixedValue = (name: string, context: TemplateContext): string | undefined => {
	switch (name) {
		case 'base_url':
		case 'baseUrl': {
			return withoutVersion(context.upstreamBaseUrl);
		}
		case 'upstream_base_url':
		case 'upstreamBaseUrl': {
			return context.upstreamBaseUrl.replace(/\/+$/, '');
		}
		case 'token':
		case 'apiKey':
		case 'accessToken': {
			return context.token;
		}
		case 'unix_now': {
			return String(Math.floor(context.nowMs / 1000));
		}
		case 'unix_now_ms': {
			return String(context.nowMs);
		}
		default: {
			return undefined;
		}
	}
};

const valueOf = (name: string, context: TemplateContext): string => {
	const days = daysAgo(name);
	if (days !== undefined) {
		return String(Math.floor(context.nowMs / 1000) - days * 86_400);
	}

	if (name.startsWith('env:')) {
		const variable = name.slice(4).trim();
		const value = context.readEnv(variable);
		if (value === undefined || value === '') {
			throw new RelayError('balance-template', `the environment variable ${variable} is not set`);
		}

		return value;
	}

	const fixed = fixedValue(name, context);
	if (fixed !== undefined) {
		return fixed;
	}

	const variable = context.variables.get(name);
	if (variable === undefined) {
		throw new RelayError('balance-template', `nothing stands for {{${name}}}`);
	}

	return expandTemplate(variable, {...context, variables: new Map()});
};

/** A template with every name replaced. Throws RelayError `balance-template` (a phrase without values) where one has no value. */
export const expandTemplate = (template: string, context: TemplateContext): string =>
	template.replace(placeholder, (_, name: string) => valueOf(name.trim(), context));
