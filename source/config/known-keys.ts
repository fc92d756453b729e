import {findNearestName} from './nearest.ts';
import {formatKeyPath, isTable, type KeyPath, type TomlDocument} from './toml.ts';

/*
 * Which keys the file may have: codex-helper.md 1.2–1.9 and product.md 6. `anything` marks what is known but read by other
 * parts (or by none yet): it is accepted as it is, so that a codex-helper file loads without a warning.
 */

/** What may stand under a key. `ours`: as `anything`, but unknown to codex-helper. */
type Shape =
	| 'anything'
	| 'ours'
	| {readonly isOurs?: true; readonly keys?: Readonly<Record<string, Shape>>; readonly eachName?: Shape};

const anything = 'anything' satisfies Shape;
const ours = 'ours' satisfies Shape;

const all = <Kind extends Shape>(kind: Kind, names: readonly string[]): Readonly<Record<string, Kind>> =>
	Object.fromEntries(names.map(name => [name, kind]));

const authKeys = all(anything, ['auth_token', 'auth_token_env', 'api_key', 'api_key_env']);

const endpointKeys: Readonly<Record<string, Shape>> = {
	...authKeys,
	...all(anything, ['alias', 'enabled', 'base_url', 'continuity_domain', 'tags', 'supported_models', 'model_mapping']),
	...all(ours, ['dialect', 'profile', 'headers', 'proxy', 'requires_openai_auth', 'price_multiplier', 'reasoning']),
	...all(ours, ['api_key_header', 'on_length', 'tool_denylist']),
	auth: {keys: authKeys},
	limits: {keys: {...all(anything, ['max_concurrent_requests', 'limit_group']), queue: ours, queue_timeout_ms: ours}},
	timeouts: {isOurs: true, keys: {idle_ms: ours}},
	text_tools: ours,
	intent: {isOurs: true, keys: all(ours, ['level', 'synthesise_ack', 'any_url', 'any_command'])},
};

const accountKeys: Readonly<Record<string, Shape>> = {
	...authKeys,
	auth: {keys: authKeys},
	...all(ours, ['label', 'weight', 'quota_group', 'enabled', 'requires_openai_auth']),
};

const provider: Shape = {
	keys: {
		...endpointKeys,
		preset: ours,
		accounts: {isOurs: true, keys: accountKeys},
		endpoints: {eachName: {keys: {...endpointKeys, priority: anything}}},
	},
};

const route: Shape = {
	keys: {
		...all(anything, ['strategy', 'children', 'target', 'prefer_tags', 'on_exhausted', 'metadata', 'then', 'default']),
		...all(ours, ['weights', 'avoid_below', 'stop_below', 'hedge_after_ms']),
		when: {
			keys: {
				...all(anything, ['model', 'path', 'service_tier', 'reasoning_effort', 'method', 'headers']),
				...all(ours, ['session', 'cwd', 'request_kind', 'subagent', 'client', 'time']),
			},
		},
	},
};

const service: Readonly<Record<string, Shape>> = {
	default_profile: anything,
	compaction: anything,
	profiles: {eachName: {keys: all(anything, ['extends', 'model', 'reasoning_effort', 'service_tier', 'station'])}},
	providers: {eachName: provider},
	routing: {
		keys: {
			...all(anything, ['entry', 'affinity_policy', 'fallback_ttl_ms', 'reprobe_preferred_after_ms']),
			last_resort: ours,
			routes: {eachName: route},
		},
	},
};

const clientPatch: Shape = {
	keys: all(anything, [
		'preset',
		'mode',
		'responses_websocket',
		'compaction',
		'translate_models',
		'hosted_image_generation',
	]),
};

const retryLayer: Shape = {
	keys: all(anything, [
		'max_attempts',
		'backoff_ms',
		'backoff_max_ms',
		'jitter_ms',
		'on_status',
		'on_class',
		'strategy',
	]),
};

const retry: Shape = {
	keys: {
		...all(anything, ['profile', 'allow_cross_station_before_first_output', 'never_on_status', 'never_on_class']),
		...all(anything, [
			'cloudflare_challenge_cooldown_secs',
			'cloudflare_timeout_cooldown_secs',
			'transport_cooldown_secs',
			'cooldown_backoff_factor',
			'cooldown_backoff_max_secs',
			'reasoning_guard',
		]),
		...all(ours, ['sends', 'window_ms']),
		upstream: retryLayer,
		provider: retryLayer,
	},
};

const file: Shape = {
	keys: {
		...all(anything, ['version', 'default_service', 'notify', 'relay_targets', 'fleet', 'ui']),
		codex: {keys: {...service, client_patch: clientPatch}},
		claude: {keys: service},
		listen: {isOurs: true, keys: all(ours, ['host', 'port', 'claude_port', 'control_port', 'auth', 'remote_actions'])},
		timeouts: {isOurs: true, keys: all(ours, ['idle_codex_ms', 'heartbeat_ms', 'first_byte_ms', 'connect_ms'])},
		retry,
		watchdog: ours,
		history: {
			isOurs: true,
			keys: all(ours, [
				'store',
				'dir',
				'session_ttl_hours',
				'max_sessions',
				'max_session_memory_mb',
				'max_session_disk_mb',
			]),
		},
	},
};

const warnAbout = (document: TomlDocument, keyPath: KeyPath, known: readonly string[]): string => {
	const location = document.locate(keyPath);
	const nearest = findNearestName(String(keyPath.at(-1)), known);
	const hint = nearest === undefined ? 'it is ignored' : `it is ignored; did you mean ${nearest}?`;
	return `${document.path}:${location?.line ?? 1}: the key ${formatKeyPath(keyPath)} is not known, ${hint}${nearest === undefined ? '.' : ''}`;
};

interface Place {
	readonly value: unknown;
	readonly shape: Shape;
	readonly path: KeyPath;
}

/** The keys of a table with their shapes, undefined where a key is not known; a list of tables counts as its tables. */
const childrenOf = ({value, shape, path}: Place): ReadonlyArray<Omit<Place, 'shape'> & {shape: Shape | undefined}> => {
	if (typeof shape === 'string') {
		return [];
	}

	if (Array.isArray(value)) {
		return value.map((element: unknown, index) => ({value: element, shape, path: [...path, index]}));
	}

	// A wrong type is the reader's business, which makes an error of it where the key matters.
	return !isTable(value)
		? []
		: Object.entries(value).map(([name, child]) => {
				const known = shape.keys ?? {};
				return {
					value: child,
					shape: Object.hasOwn(known, name) ? known[name] : shape.eachName,
					path: [...path, name],
				};
			});
};

const collect = (document: TomlDocument, place: Place): readonly string[] =>
	childrenOf(place).flatMap(({shape, ...child}) => {
		const known = typeof place.shape === 'string' ? {} : (place.shape.keys ?? {});
		return shape === undefined
			? [warnAbout(document, child.path, Object.keys(known))]
			: collect(document, {...child, shape});
	});

const isOurs = (shape: Shape): boolean => shape === 'ours' || (typeof shape === 'object' && shape.isOurs === true);

const hasOwnKeys = (place: Place): boolean =>
	isOurs(place.shape) ||
	childrenOf(place).some(({shape, ...child}) => shape !== undefined && hasOwnKeys({...child, shape}));

/** One sentence for every key that this program does not know, with file, line and the nearest known name. */
export const findUnknownKeys = (document: TomlDocument): readonly string[] =>
	collect(document, {value: document.value, shape: file, path: []});

/** Whether the file has no key that only codex-tui knows, so that it may as well be codex-helper's (routing.md 3). */
export const isForeignFile = (document: TomlDocument): boolean =>
	!hasOwnKeys({value: document.value, shape: file, path: []});
