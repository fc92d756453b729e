import {
	isJsonObject,
	numberField,
	objectField,
	parseJsonObject,
	textField,
	type JsonObject,
} from '../../wire/json-value.ts';

/*
 * One answer as the response store keeps it (translation.md 6.1): what its request added, what was answered, and a pointer to the answer
 * before it. Never the whole conversation: a chain of n turns costs n deltas.
 */

/** What is known of a stored response without reading all of it. */
export interface StoredHead {
	/** `response.id` as the client got it. */
	readonly id: string;
	/** Fingerprint of whoever may read it: service and the client's own login. */
	readonly owner: string;
	/** `previous_response_id` of its request; undefined for the first of a conversation. */
	readonly parent: string | undefined;
	/** Wall clock. */
	readonly createdAtMs: number;
	readonly model: string;
	/** Who answered: `codex/<provider>/<endpoint>`. */
	readonly endpointKey: string;
}

/** A stored response. */
export interface StoredResponse {
	readonly head: StoredHead;
	/** The items of its request's `input`, without those of earlier turns. */
	readonly input: readonly JsonObject[];
	/** The response object as the client got it. */
	readonly response: JsonObject;
	/** Envelopes of reasoning that the client did not get, by item id: what the provider needs back (translation.md 6.2). */
	readonly hidden: Readonly<Record<string, string>>;
}

/** The elements of R `input`: a text is a user's message, one object a list of itself, anything else no item. */
export const inputItems = (input: unknown): readonly JsonObject[] => {
	if (typeof input === 'string') {
		return input === '' ? [] : [{type: 'message', role: 'user', content: input}];
	}

	return (Array.isArray(input) ? input : [input]).filter(isJsonObject);
};

/** The items of its answer. */
export const outputItems = ({response}: Pick<StoredResponse, 'response'>): readonly JsonObject[] => {
	const output = response['output'];
	return Array.isArray(output) ? output.filter(isJsonObject) : [];
};

const lineEnd = '\n';
const headStart = '{"head":';

/** The text of its file: JSON whose first line holds the head, so that an index is made without reading the rest. */
export const writeStored = ({head, input, response, hidden}: StoredResponse): string =>
	[
		`${headStart}${JSON.stringify(head)},`,
		`"input":${JSON.stringify(input)},`,
		`"response":${JSON.stringify(response)},`,
		`"hidden":${JSON.stringify(hidden)}}`,
		'',
	].join(lineEnd);

const headOf = (value: JsonObject): StoredHead | undefined => {
	const id = textField(value, 'id');
	const owner = textField(value, 'owner');
	const createdAtMs = numberField(value, 'createdAtMs');
	return id === undefined || owner === undefined || createdAtMs === undefined
		? undefined
		: {
				...{id, owner, createdAtMs},
				parent: textField(value, 'parent'),
				model: textField(value, 'model') ?? '',
				endpointKey: textField(value, 'endpointKey') ?? '',
			};
};

/** The head in the first line of a file, or undefined where it is none of ours or damaged. */
export const readStoredHead = (text: string): StoredHead | undefined => {
	const [line = ''] = text.split(lineEnd, 1);
	const head = line.startsWith(headStart) ? parseJsonObject(line.slice(headStart.length, -1)) : undefined;
	return head && headOf(head);
};

/** A stored response from its text, or undefined where that is damaged. */
export const readStored = (text: string): StoredResponse | undefined => {
	const value = parseJsonObject(text);
	const head = value && headOf(objectField(value, 'head'));
	if (!value || !head || !Array.isArray(value['input']) || !isJsonObject(value['response'])) {
		return undefined;
	}

	const hidden = Object.entries(objectField(value, 'hidden')).filter(
		(entry): entry is [string, string] => typeof entry[1] === 'string',
	);
	return {
		head,
		input: value['input'].filter(isJsonObject),
		response: value['response'],
		hidden: Object.fromEntries(hidden),
	};
};
