import {findNearestName} from './nearest.ts';
import {formatKeyPath, isTable, type KeyPath, type TomlDocument} from './toml.ts';

/*
 * Which keys the file may have: codex-helper.md 1.2–1.9 and product.md 6. `anything` marks what is known but read by other
 * parts (or by none yet): it is accepted as it is, so that a codex-helper file loads without a warning.
 */

/** What may stand under a key. */
type Shape = 'anything' | {readonly keys?: Readonly<Record<string, Shape>>; readonly eachName?: Shape};

const anything = 'anything' satisfies Shape;

const authKeys = {auth_token: anything, auth_token_env: anything, api_key: anything, api_key_env: anything} as const;

const endpointKeys = {
	...authKeys,
	auth: {keys: authKeys},
	alias: anything,
	enabled: anything,
	base_url: anything,
	continuity_domain: anything,
	tags: anything,
	supported_models: anything,
	model_mapping: anything,
	limits: anything,
	dialect: anything,
	profile: anything,
	headers: anything,
	proxy: anything,
	requires_openai_auth: anything,
	price_multiplier: anything,
} as const;

const provider: Shape = {
	keys: {
		...endpointKeys,
		preset: anything,
		accounts: anything,
		endpoints: {eachName: {keys: {...endpointKeys, priority: anything}}},
	},
};

const routeNames = [
	'strategy',
	'children',
	'target',
	'prefer_tags',
	'on_exhausted',
	'metadata',
	'when',
	'then',
	'default',
];
const route: Shape = {keys: Object.fromEntries(routeNames.map(name => [name, anything]))};

const service = {
	default_profile: anything,
	compaction: anything,
	profiles: anything,
	providers: {eachName: provider},
	routing: {
		keys: {
			entry: anything,
			affinity_policy: anything,
			fallback_ttl_ms: anything,
			reprobe_preferred_after_ms: anything,
			routes: {eachName: route},
		},
	},
} as const satisfies Readonly<Record<string, Shape>>;

const clientPatch: Shape = {
	keys: {
		preset: anything,
		mode: anything,
		responses_websocket: anything,
		compaction: anything,
		translate_models: anything,
		hosted_image_generation: anything,
	},
};

const file: Shape = {
	keys: {
		version: anything,
		default_service: anything,
		codex: {keys: {...service, client_patch: clientPatch}},
		claude: {keys: service},
		listen: {
			keys: {host: anything, port: anything, claude_port: anything, control_port: anything, auth: anything},
		},
		timeouts: {
			keys: {idle_codex_ms: anything, heartbeat_ms: anything, first_byte_ms: anything, connect_ms: anything},
		},
		retry: anything,
		notify: anything,
		relay_targets: anything,
		fleet: anything,
		ui: anything,
		watchdog: anything,
		history: anything,
	},
};

const warnAbout = (document: TomlDocument, keyPath: KeyPath, known: readonly string[]): string => {
	const location = document.locate(keyPath);
	const nearest = findNearestName(String(keyPath.at(-1)), known);
	const hint = nearest === undefined ? 'it is ignored' : `it is ignored; did you mean ${nearest}?`;
	return `${document.path}:${location?.line ?? 1}: the key ${formatKeyPath(keyPath)} is not known, ${hint}${nearest === undefined ? '.' : ''}`;
};

const collect = (document: TomlDocument, at: {value: unknown; shape: Shape; path: KeyPath}): readonly string[] => {
	const {value, shape, path} = at;
	// A wrong type is the reader's business, which makes an error of it where the key matters.
	if (shape === 'anything' || !isTable(value)) {
		return [];
	}

	return Object.entries(value).flatMap(([name, child]) => {
		const known = shape.keys ?? {};
		const childShape = Object.hasOwn(known, name) ? known[name] : shape.eachName;
		return childShape === undefined
			? [warnAbout(document, [...path, name], Object.keys(known))]
			: collect(document, {value: child, shape: childShape, path: [...path, name]});
	});
};

/** One sentence for every key that this program does not know, with file, line and the nearest known name. */
export const findUnknownKeys = (document: TomlDocument): readonly string[] =>
	collect(document, {value: document.value, shape: file, path: []});
