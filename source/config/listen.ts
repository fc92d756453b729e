import {RelayError} from '../base/errors.ts';
import {limits} from '../wire/limits.ts';
import type {ClockConfig, ListenConfig} from './config.ts';
import type {Section} from './section.ts';

const anyPort = [0, 65_535] as const;
/** The words of `listen.auth`. */
export const listenAuths = ['token', 'none'] as const;

const localHosts = new Set(['localhost', '127.0.0.1', '::1']);

/** What a command's flags put in the place of `[listen]`. */
export interface ListenOverride {
	readonly host?: string | undefined;
	/** Also decides the control port (+ 1000, or 0) unless that is given here too. */
	readonly port?: number | undefined;
	/** For a reload by an engine whose port 0 became a real one: the ports it got, which no `base_url` may point at. */
	readonly claudePort?: number | undefined;
	readonly controlPort?: number | undefined;
}

const checkPorts = (section: Section | undefined, listen: ListenConfig): void => {
	const ports = [listen.port, listen.claudePort, listen.controlPort].filter(port => port !== undefined && port !== 0);
	if (section !== undefined && new Set(ports).size !== ports.length) {
		throw section.error('config-port', `uses one port twice (${ports.join(', ')}); give each its own.`);
	}
};

/**
 * The table `[listen]` with product.md 4's defaults: data 3211, claude 3210 (only where the claude service has a provider),
 * control = data + 1000; a data port 0 makes the others 0 too unless they are given. Throws `ConfigError`.
 */
export const readListen = (
	section: Section | undefined,
	{override, hasClaude}: {readonly override: ListenOverride; readonly hasClaude: boolean},
): ListenConfig => {
	// The file is read also where it does not decide: what is wrong in it is told while the engine runs, not by its next start.
	const configured = {
		host: section?.string('host'),
		port: section?.integer('port', anyPort),
		claudePort: section?.integer('claude_port', anyPort),
	};
	const host = override.host ?? configured.host ?? '127.0.0.1';
	const port = override.port ?? configured.port ?? 3211;
	const claudePort = override.claudePort ?? configured.claudePort ?? (port === 0 ? 0 : 3210);
	const configuredControl = section?.integer('control_port', anyPort);
	const wantedControl = override.port === undefined ? configuredControl : undefined;
	const controlPort = override.controlPort ?? wantedControl ?? (port === 0 ? 0 : port + 1000);
	const auth = section?.choice('auth', listenAuths) ?? 'token';
	if (controlPort > 65_535) {
		throw new RelayError(
			'config-port',
			`The data port ${port} leaves no room for the control port ${controlPort}; use a port up to 64535.`,
		);
	}

	if (auth === 'none' && !localHosts.has(host) && section !== undefined) {
		throw section.error('config-listen', 'is "none", which is for loopback only; use "token" with this host.', 'auth');
	}

	const remoteActions = section?.boolean('remote_actions') ?? false;
	const listen = {host, port, claudePort: hasClaude ? claudePort : undefined, controlPort, auth, remoteActions};
	checkPorts(section, listen);
	return listen;
};

/** The table `[timeouts]` in milliseconds, with the defaults of limits.ts. Throws `ConfigError`. */
export const readClocks = (section: Section | undefined): ClockConfig => ({
	idleCodexMs: section?.integer('idle_codex_ms', [1000, 86_400_000]) ?? limits.idleCodexMs,
	heartbeatMs: section?.integer('heartbeat_ms', [100, 3_600_000]) ?? limits.heartbeatMs,
	firstByteBaseMs: section?.integer('first_byte_ms', [100, 3_600_000]) ?? limits.firstByteBaseMs,
	connectMs: section?.integer('connect_ms', [100, 600_000]) ?? limits.connectMs,
});
