import type {Config} from './config.ts';
import {retryProfileNames, type RetryLayerConfig, type StatusRange} from './retry.ts';
import {historyStores} from './history.ts';
import {listenAuths} from './listen.ts';
import {valueAt} from './table-edit.ts';
import type {TomlDocument} from './toml.ts';

/* The values of a configuration that are not about one provider: what they do, and what may be typed for them. */

/** What can be typed for a value. Its bounds are the file reader's own. */
export interface SettingEditing {
	readonly kind: 'text' | 'number' | 'boolean' | 'choice';
	/** The words of a `choice`. */
	readonly choices?: readonly string[];
	/** When a change counts. */
	readonly applies: 'at once' | 'at the next start';
}

/** One value: its key in the file, and how it is read from a configuration. */
export interface KnownSetting {
	readonly key: string;
	readonly about: string;
	readonly editing: SettingEditing;
	readonly read: (config: Omit<Config, 'hash'>) => unknown;
	/** What the file itself says in the form of `read`. */
	readonly written: (document: TomlDocument) => unknown;
	/** Instead of the value of an empty file. */
	readonly usual?: string;
	/** The key that the default follows. */
	readonly derivedFrom?: (config: Omit<Config, 'hash'>) => string | undefined;
}

type Read = KnownSetting['read'];

const at = (key: string) => key.split('.');

const setting = (
	key: string,
	about: string,
	more: Pick<KnownSetting, 'editing' | 'read'> & Partial<KnownSetting>,
): KnownSetting => ({key, about, written: document => valueAt(document, at(key)), ...more});

const number = (applies: SettingEditing['applies'] = 'at once'): SettingEditing => ({kind: 'number', applies});
const choice = (choices: readonly string[], applies: SettingEditing['applies'] = 'at once'): SettingEditing => ({
	kind: 'choice',
	choices,
	applies,
});
const text = (applies: SettingEditing['applies'] = 'at once'): SettingEditing => ({kind: 'text', applies});

const restart = 'at the next start';

const listen: readonly KnownSetting[] = [
	setting('listen.host', 'The address that clients connect to.', {
		editing: text(restart),
		read: ({listen: {host}}) => host,
	}),
	setting('listen.port', 'The port for Codex and SDKs; 0 takes a free one.', {
		editing: number(restart),
		read: ({listen: {port}}) => port,
	}),
	setting('listen.claude_port', 'The port for Claude Code; used only where a claude provider exists.', {
		editing: number(restart),
		read: ({listen: {claudePort}}) => claudePort,
		usual: '3210',
	}),
	setting('listen.control_port', 'The port of the control interface.', {
		editing: number(restart),
		read: ({listen: {controlPort}}) => controlPort,
		usual: 'port + 1000',
		derivedFrom: () => 'listen.port',
	}),
	setting('listen.auth', 'Whether clients show the local token; "none" only on loopback.', {
		editing: choice(listenAuths, restart),
		read: ({listen: {auth}}) => auth,
	}),
	setting('listen.remote_actions', 'Whether screens attached over the control port may change things.', {
		editing: {kind: 'boolean', applies: 'at once'},
		read: ({listen: {remoteActions}}) => remoteActions,
	}),
];

const timeout = (name: string, about: string, read: Read): KnownSetting =>
	setting(`timeouts.${name}`, `${about}, in milliseconds.`, {editing: number(), read});

const timeouts: readonly KnownSetting[] = [
	timeout('connect_ms', 'How long a connection to an upstream may take', ({clocks}) => clocks.connectMs),
	timeout('first_byte_ms', 'How long an upstream may take to its first byte', ({clocks}) => clocks.firstByteBaseMs),
	timeout('idle_codex_ms', 'How long an answer for Codex may pause', ({clocks}) => clocks.idleCodexMs),
	timeout('heartbeat_ms', 'How often a waiting client hears from us', ({clocks}) => clocks.heartbeatMs),
];

const rangeText = ({from, to}: StatusRange): string => (from === to ? String(from) : `${from}-${to}`);

const statuses = (ranges: readonly StatusRange[]): string => ranges.map(rangeText).join(',');

const layer = (name: 'upstream' | 'provider'): readonly KnownSetting[] => {
	const what = name === 'upstream' ? 'the same upstream again' : 'the next upstream';
	const own = (key: string, about: string, read: (retry: RetryLayerConfig) => unknown): KnownSetting =>
		setting(`retry.${name}.${key}`, about, {editing: number(), read: ({retry}) => read(retry[name])});
	return [
		own('max_attempts', `How often ${what} is tried, 1 to 8.`, ({maxAttempts}) => maxAttempts),
		own('backoff_ms', `The wait before ${what} is tried.`, ({backoffMs}) => backoffMs),
		own('backoff_max_ms', 'The longest such wait.', ({backoffMaxMs}) => backoffMaxMs),
		own('jitter_ms', 'What chance adds to it at most.', ({jitterMs}) => jitterMs),
		{
			...own('on_status', `The statuses after which ${what} is tried.`, ({onStatus}) => statuses(onStatus)),
			editing: text(),
		},
	];
};

const cooldown = (key: string, about: string, read: Read): KnownSetting =>
	setting(`retry.${key}`, about, {editing: number(), read});

const seconds = (milliseconds: number): number => milliseconds / 1000;

const retry: readonly KnownSetting[] = [
	setting('retry.profile', 'The defaults of this section.', {
		editing: choice(retryProfileNames),
		read: config => config.retry.profile,
		usual: 'balanced',
	}),
	cooldown('sends', 'Sends that one request may cost in all, 1 to 64.', config => config.retry.sends),
	cooldown('window_ms', 'How long after its first failure a request is sent again.', config => config.retry.windowMs),
	...layer('upstream'),
	...layer('provider'),
	{
		...cooldown('never_on_status', 'Statuses that are never tried again.', config =>
			statuses(config.retry.neverOnStatus),
		),
		editing: text(),
	},
	cooldown('transport_cooldown_secs', 'The pause of an upstream whose connection broke.', config =>
		seconds(config.retry.transportCooldownMs),
	),
	cooldown('cloudflare_challenge_cooldown_secs', 'The pause after a Cloudflare challenge.', config =>
		seconds(config.retry.cloudflareChallengeCooldownMs),
	),
	cooldown('cloudflare_timeout_cooldown_secs', 'The pause after a Cloudflare time-out.', config =>
		seconds(config.retry.cloudflareTimeoutCooldownMs),
	),
	cooldown(
		'cooldown_backoff_factor',
		'By what each further pause is longer, 1 to 16.',
		config => config.retry.cooldownFactor,
	),
	cooldown('cooldown_backoff_max_secs', 'The longest pause.', config => seconds(config.retry.cooldownMaxMs)),
];

const mebibyte = 1024 * 1024;

const history: readonly KnownSetting[] = [
	setting('history.store', 'Where answers of translated upstreams are kept.', {
		editing: choice(historyStores, restart),
		read: config => config.history.store,
	}),
	setting('history.dir', 'The folder for "disk".', {
		editing: text(restart),
		read: config => config.history.dir ?? 'history/ in the home',
	}),
	setting('history.session_ttl_hours', 'Conversations that nobody continues for so long are forgotten.', {
		editing: number(),
		read: config => config.history.ttlMs / 3_600_000,
	}),
	setting('history.max_sessions', 'Answers that are kept.', {
		editing: number(),
		read: config => config.history.count,
	}),
	setting('history.max_session_memory_mb', 'Room for them in memory.', {
		editing: number(),
		read: config => config.history.memoryBytes / mebibyte,
	}),
	setting('history.max_session_disk_mb', 'Room for them on disk.', {
		editing: number(),
		read: config => config.history.diskBytes / mebibyte,
	}),
];

/** All of them in the order in which they are shown. */
export const knownSettings: readonly KnownSetting[] = [...listen, ...timeouts, ...retry, ...history];
