import type {ListenConfig} from './config.ts';
import type {Section} from './section.ts';

/** What people paste along with a base URL; the engine adds the path itself (presets.md). */
const staleSuffix = /\/(?:chat\/completions|responses|messages|alpha\/generate|models\/[^/]+:\w+|v1internal(?::\w+)?)$/;
const loopbackHost =
	/^(localhost|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\])$/;

const isOwnHost = (hostname: string, listen: ListenConfig): boolean =>
	loopbackHost.test(hostname) || hostname === listen.host || hostname === `[${listen.host}]`;

/** Whether a URL's host is this machine's loopback. */
export const isLoopbackUrl = (url: string): boolean => loopbackHost.test(new URL(url).hostname);

const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80));

/**
 * The key `base_url` of a provider or endpoint: http(s) with a host, without trailing slash and without what the engine adds.
 * `preset` is what it is where the key is missing. Throws `ConfigError` for anything else, for credentials inside the URL, and for
 * our own listen address (fault G2).
 */
export const readBaseUrl = (section: Section, listen: ListenConfig, preset?: string): string | undefined => {
	const text = section.string('base_url')?.trim() ?? preset;
	if (text === undefined) {
		return undefined;
	}

	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url === undefined || !/^https?:$/.test(url.protocol) || !/^https?:\/\//i.test(text)) {
		throw section.error('config-url', 'is not an http:// or https:// URL.', 'base_url');
	}

	if (url.username !== '' || url.password !== '') {
		throw section.error('config-url', 'holds a user name or password; use auth_token_env or api_key_env.', 'base_url');
	}

	if (url.search !== '' || url.hash !== '') {
		throw section.error('config-url', 'has a query or a fragment; it takes scheme, host and path only.', 'base_url');
	}

	if (isOwnHost(url.hostname, listen) && [listen.port, listen.claudePort, listen.controlPort].includes(portOf(url))) {
		throw section.error(
			'config-self-loop',
			`points at the address on which codex-tui itself listens (port ${portOf(url)}); requests would go in a circle.`,
			'base_url',
		);
	}

	return `${url.origin}${url.pathname.replace(/\/+$/, '').replace(staleSuffix, '')}`;
};
