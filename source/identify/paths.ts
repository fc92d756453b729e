import type {Dialect, Service} from '../wire/names.ts';

/** A path of the data plane that we serve. */
export interface ServedPath {
	readonly service: Service;
	/** Below the upstream's base URL, with its leading slash: `/responses`. */
	readonly relative: string;
	/** The protocol of its body; undefined for calls that every upstream of the service may take. */
	readonly dialect: Dialect | undefined;
	readonly operation: 'responses' | 'compact' | 'chat' | 'messages' | 'other';
}

/**
 * Whether a call is beside the conversation: it counts tokens, lists models, moves files. Upstreams serve these by other machines and limits, or not
 * at all, so how they end says nothing of the road that turns take.
 */
export const isAuxiliary = ({operation}: Pick<ServedPath, 'operation'>): boolean => operation === 'other';

/** Where clients put their version or product prefix; taken off before the path is looked up. */
const prefixes = ['/backend-api/codex', '/v1'];

const exact: Readonly<Record<string, Omit<ServedPath, 'relative'>>> = {
	'/responses': {service: 'codex', dialect: 'responses', operation: 'responses'},
	'/responses/compact': {service: 'codex', dialect: 'responses', operation: 'compact'},
	'/chat/completions': {service: 'codex', dialect: 'chat', operation: 'chat'},
	'/models': {service: 'codex', dialect: undefined, operation: 'other'},
	'/messages': {service: 'claude', dialect: 'messages', operation: 'messages'},
	'/messages/count_tokens': {service: 'claude', dialect: 'messages', operation: 'other'},
	'/usage': {service: 'codex', dialect: undefined, operation: 'other'},
	'/wham/usage': {service: 'codex', dialect: undefined, operation: 'other'},
	'/api/codex/usage': {service: 'codex', dialect: undefined, operation: 'other'},
};

const folders = ['/responses/', '/images/', '/memories/', '/files/', '/realtime/'];

/** The list for the answer to a wrong path (reliability-security.md SEC-08). */
export const servedPaths =
	'/responses, /responses/compact, /responses/*, /models, /chat/completions, /messages, /messages/count_tokens, /images/*, /memories/*, /files/*, /realtime/*, each with or without /v1 or /backend-api/codex';

const safeRest = /^[A-Za-z0-9._~:-]+(?:\/[A-Za-z0-9._~:-]+)*$/;

/** Finds what a path asks for; undefined when it is not on the list. A rest with `..`, `%` or an empty step is not on it. */
export const findServedPath = (path: string): ServedPath | undefined => {
	const prefix = prefixes.find(candidate => path.startsWith(`${candidate}/`)) ?? '';
	const relative = path.slice(prefix.length);
	const known = exact[relative];
	if (known) {
		return {...known, relative};
	}

	const folder = folders.find(candidate => relative.startsWith(candidate));
	const rest = folder === undefined ? '' : relative.slice(folder.length);
	return safeRest.test(rest) && !rest.split('/').some(step => step === '.' || step === '..')
		? {service: 'codex', dialect: undefined, operation: 'other', relative}
		: undefined;
};

/** What an auxiliary call is one of: its path, or the folder of those that name a file or a session. */
export const auxiliaryKind = (relative: string): string =>
	exact[relative] ? relative : (folders.find(folder => relative.startsWith(folder)) ?? relative);
