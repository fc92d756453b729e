import {isJsonObject, type JsonObject} from '../../source/wire/json-value.ts';

/*
 * What a client sent, made fit for a repository: nothing secret, nothing of the machine it ran on, nothing that changes from one run to the
 * next, and of long texts (the vendors' prompts) only how they begin. Two recordings of one version are the same bytes.
 */

/** A request as it arrived. */
export interface ArrivedRequest {
	readonly method: string;
	/** With its query. */
	readonly path: string;
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	/** The parsed body; undefined where there is none. */
	readonly parsed: unknown;
}

/** A request as it stands in a fixture. */
export interface RecordedExchange {
	readonly method: string;
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: unknown;
}

/** What of the machine is replaced. */
export interface MachinePlaces {
	/** The folder in which each run gets a folder of its own (`codex-x1y2z3`) for its user's home. */
	readonly homes: string;
	/** The repository. */
	readonly root: string;
	/** Where the clients are installed; empty where nobody says. */
	readonly clients: string;
}

/** Headers that belong to the connection, or say something of its length only. */
const dropped: readonly string[] = ['host', 'connection', 'content-length', 'accept-encoding', 'content-encoding'];
/** Headers that hold a credential. */
const secret: readonly string[] = ['authorization', 'x-api-key', 'x-codex-tui-token', 'cookie'];
/** Beyond this a text is a prompt, a description or a state of its vendor's. */
const longText = 200;
const keptText = 80;

const volatile: ReadonlyArray<readonly [RegExp, string]> = [
	[/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g, '2026-01-01T00:00:00Z'],
	[/(?<![\w-])20\d\d-\d\d-\d\d\b/g, '2026-01-01'],
	[/\b1[6-9]\d{11}\b/g, '1767225600000'],
	[/\b1[6-9]\d{8}\.\d+/g, '1767225600.5'],
	// Codex gives its sub-agents names by chance.
	[/("nickname":")[^"]*/g, '$1Ada'],
	[/\b[0-9a-f]{64}\b/g, '0'.repeat(64)],
	[/\b[0-9a-f]{40}\b/g, '0'.repeat(40)],
	[/127\.0\.0\.1:\d+/g, '127.0.0.1:1'],
	[/<timezone>[^<]*<\/timezone>/g, '<timezone>Etc/UTC</timezone>'],
	[/Chunk ID: \w+/g, 'Chunk ID: 000000'],
	[/Wall time: [\d.]+ seconds/g, 'Wall time: 0.0 seconds'],
	[/(cc_version=\d+\.\d+\.\d+)\.\w+/g, '$1.000'],
	[/\bcch=\w+/g, 'cch=00000'],
	[/duration_ms: \d+/g, 'duration_ms: 0'],
	// The folder of a run lies in this repository: its branch and its last commits are none of the client's.
	[/^(This is the git status at the start of the conversation\.)[^]*$/g, '$1'],
];

/** Ids, and what one stands as by its number: those of turns and sessions, of items and calls, of Claude Code's agents, and sealed state. */
const ids: ReadonlyArray<readonly [RegExp, (number: number, id: string) => string]> = [
	[
		/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,
		number => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`,
	],
	[/\b[a-z]+_[0-9a-f]{24,}/g, (number, id) => `${id.split('_')[0]}_${number}`],
	[/\ba[0-9a-f]{16}\b/g, number => `a${String(number).padStart(16, '0')}`],
	[/\bgAAAA[\w.-]{20,}/g, number => `gAAAAstate${number}`],
];

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Claude Code names the folder of a project by its path, with a dash for everything that is no letter. */
const dashed = (text: string): string => text.replaceAll(/[^A-Za-z0-9]/g, '-');

const placesOf = ({homes, root, clients}: MachinePlaces): ReadonlyArray<readonly [RegExp, string]> => [
	[new RegExp(String.raw`${literal(homes)}/(?:codex|claude)-\w+`, 'g'), '/home/ana'],
	[new RegExp(String.raw`${dashed(homes)}-(?:codex|claude)-[A-Za-z0-9]+`, 'g'), '-home-ana'],
	...[root, clients]
		.filter(place => place !== '')
		.map(place => [new RegExp(literal(place), 'g'), '/opt/project'] as const),
];

class Redactor {
	readonly #patterns: ReadonlyArray<readonly [RegExp, string]>;
	readonly #ids = new Map<string, string>();

	constructor(places: MachinePlaces) {
		this.#patterns = [...placesOf(places), ...volatile];
	}

	/** A text without secrets of the machine and without anything of this run. */
	text(text: string): string {
		const clean = this.#patterns.reduce((rest, [pattern, stands]) => rest.replaceAll(pattern, stands), text);
		return ids.reduce((rest, [pattern, write]) => rest.replaceAll(pattern, id => this.#idOf(id, write)), clean);
	}

	value(value: unknown): unknown {
		if (typeof value === 'string') {
			const clean = this.text(value);
			return clean.length > longText ? `${clean.slice(0, keptText)}…[${clean.length} chars]` : clean;
		}

		if (typeof value === 'number') {
			return Number(this.text(String(value)));
		}

		if (Array.isArray(value)) {
			return value.map(element => this.value(element));
		}

		return isJsonObject(value) ? this.object(value) : value;
	}

	headers(headers: ArrivedRequest['headers']): Readonly<Record<string, string>> {
		const kept = Object.entries(headers).filter(([name, value]) => value !== undefined && !dropped.includes(name));
		return Object.fromEntries(
			kept.map(([name, value]) => [name, secret.includes(name) ? 'redacted' : this.#header(name, String(value))]),
		);
	}

	/** The dates in Anthropic's headers are names of versions. */
	#header(name: string, value: string): string {
		return name.startsWith('anthropic-') ? value : this.text(value);
	}

	object(value: JsonObject): JsonObject {
		return Object.fromEntries(Object.entries(value).map(([key, field]) => [this.text(key), this.value(field)]));
	}

	/** Ids keep what they say: the same one twice is the same one twice. */
	#idOf(id: string, write: (number: number, id: string) => string): string {
		const known = this.#ids.get(id) ?? write(this.#ids.size + 1, id);
		this.#ids.set(id, known);
		return known;
	}
}

/**
 * JSON that a client put into a text (Codex's turn metadata, Claude Code's user id) stays JSON: it is never cut. Codex writes these fields in
 * any order.
 */
const metadataOf = (redactor: Redactor, body: JsonObject, name: string): JsonObject => {
	const field = body[name];
	const entries = isJsonObject(field)
		? Object.entries(field).toSorted(([left], [right]) => (left < right ? -1 : 1))
		: [];
	const clean = (value: unknown): unknown => (typeof value === 'string' ? redactor.text(value) : redactor.value(value));
	return entries.length === 0 ? {} : {[name]: Object.fromEntries(entries.map(([key, value]) => [key, clean(value)]))};
};

const redactBody = (redactor: Redactor, body: unknown): unknown => {
	const {metadata: _, client_metadata: __, ...rest}: JsonObject = isJsonObject(body) ? body : {};
	return isJsonObject(body)
		? {
				...redactor.object(rest),
				...metadataOf(redactor, body, 'metadata'),
				...metadataOf(redactor, body, 'client_metadata'),
			}
		: redactor.value(body);
};

/** The tools of a later request are mostly those of the first: a text says so, and {@link unfoldExchange} takes it back. */
const sameTools = 'as in the request before';

/** The requests of one run as they may be kept. */
export const redactExchange = (
	requests: readonly ArrivedRequest[],
	places: MachinePlaces,
): readonly RecordedExchange[] => {
	const redactor = new Redactor(places);
	let tools = '';
	return requests.map(({method, path, headers, parsed}) => {
		const body = redactBody(redactor, parsed);
		const seen = isJsonObject(body) ? JSON.stringify(body['tools'] ?? '') : '';
		const isSame = isJsonObject(body) && Array.isArray(body['tools']) && seen === tools;
		tools = seen;
		return {
			method,
			url: redactor.text(path),
			headers: redactor.headers(headers),
			body: isSame ? {...body, tools: sameTools} : body,
		};
	});
};

/** The requests of a fixture as the client sent them. */
export const unfoldExchange = (exchange: readonly RecordedExchange[]): readonly RecordedExchange[] => {
	let tools: unknown;
	return exchange.map(request => {
		const {body} = request;
		if (!isJsonObject(body)) {
			return request;
		}

		tools = body['tools'] === sameTools ? tools : body['tools'];
		return tools === undefined ? request : {...request, body: {...body, tools}};
	});
};
