import {isJsonObject, type JsonObject} from '../../wire/json-value.ts';
import type {ProviderQuirks} from '../codec/quirks.ts';

/*
 * Mends: what a request to one upstream goes without, or spells otherwise, because that upstream refused it as it was (translation.md 1.11). The list is
 * fixed: an upstream's words choose one of these edits, they never write one. Everything here is pure.
 */

/** One edit. `drop:NAME` leaves out a field of the body, `drop:NAME.NAME` one inside an object of it. */
export type Mend =
	| `drop:${string}`
	| 'max_tokens'
	| 'max_completion_tokens'
	| 'developer-as-system'
	| 'one-system-message'
	| 'reasoning-placeholder'
	| 'no-past-reasoning'
	| 'auto-tool-choice'
	| 'plain-content'
	| 'no-images'
	| 'short-call-ids'
	| 'schema-as-text';

const sentences: Readonly<Record<Exclude<Mend, `drop:${string}`>, string>> = {
	max_tokens: 'the limit is called max_tokens',
	max_completion_tokens: 'the limit is called max_completion_tokens',
	'developer-as-system': 'developer messages are system messages',
	'one-system-message': 'all system messages are one, at the beginning',
	'reasoning-placeholder': 'lost reasoning is replaced by a placeholder',
	'no-past-reasoning': 'the reasoning of earlier turns was left out',
	'auto-tool-choice': 'the choice of a tool is left to the model',
	'plain-content': 'content is a string, not a list of parts',
	'no-images': 'images were left out',
	'short-call-ids': 'the ids of tool calls have 9 letters',
	'schema-as-text': 'the schema of the answer stands in the system message',
};

const dropPrefix = 'drop:';

const isDrop = (mend: Mend): mend is `drop:${string}` => mend.startsWith(dropPrefix);

const isNamed = (name: string): name is keyof typeof sentences => Object.hasOwn(sentences, name);

/** The mend of that name, as it was kept; undefined for one that this program does not know. */
export const readMend = (name: string): Mend | undefined =>
	isNamed(name) ? name : /^drop:[\w.-]+$/.test(name) ? `drop:${name.slice(dropPrefix.length)}` : undefined;

/** What a mend does, as a clause for people. */
export const mendText = (mend: Mend): string =>
	isDrop(mend) ? `${mend.slice(dropPrefix.length)} was left out` : sentences[mend];

const opposites: ReadonlyMap<Mend, Mend> = new Map([
	['max_tokens', 'max_completion_tokens'],
	['max_completion_tokens', 'max_tokens'],
	['reasoning-placeholder', 'no-past-reasoning'],
	['no-past-reasoning', 'reasoning-placeholder'],
]);

/** The edit that a mend takes back; undefined where there is none. */
export const oppositeOf = (mend: Mend): Mend | undefined => opposites.get(mend);

const defaultPlaceholder = 'tool call';

const mendQuirks = (quirks: ProviderQuirks, mend: Exclude<Mend, `drop:${string}`>): ProviderQuirks => {
	const withChat = (chat: Partial<ProviderQuirks['chat']>): ProviderQuirks => ({
		...quirks,
		chat: {...quirks.chat, ...chat},
	});
	switch (mend) {
		case 'max_tokens':
		case 'max_completion_tokens': {
			return withChat({maxTokensField: mend});
		}

		case 'developer-as-system': {
			return withChat({developerRole: false});
		}

		case 'one-system-message': {
			return withChat({system: 'merge-head'});
		}

		case 'reasoning-placeholder': {
			const reasoningPlaceholder = quirks.chat.reasoningPlaceholder ?? defaultPlaceholder;
			return withChat({reasoningIn: 'reasoning_content', reasoningPlaceholder});
		}

		case 'no-past-reasoning': {
			return withChat({reasoningIn: 'drop', reasoningPlaceholder: undefined});
		}

		case 'plain-content': {
			return withChat({contentArrays: false});
		}

		case 'no-images': {
			return withChat({vision: false});
		}

		case 'schema-as-text': {
			return withChat({responseFormat: 'none'});
		}

		case 'short-call-ids': {
			return {...quirks, names: {...quirks.names, callIds: 'mistral'}};
		}

		case 'auto-tool-choice': {
			return quirks;
		}
	}
};

/** The quirks of a provider after mends; the same object where none of them is a matter of quirks. */
export const mendedQuirks = (quirks: ProviderQuirks, mends: readonly Mend[]): ProviderQuirks => {
	let mended = quirks;
	for (const mend of mends) {
		mended = isDrop(mend) ? mended : mendQuirks(mended, mend);
	}

	return mended;
};

const without = (body: JsonObject, path: string): JsonObject => {
	const [name = '', ...rest] = path.split('.');
	const {[name]: value, ...others} = body;
	return rest.length === 0 || !isJsonObject(value) ? others : {...body, [name]: without(value, rest.join('.'))};
};

/** `auto` as the body's dialect writes it; undefined where the body forces nothing. */
const freeChoice = (body: JsonObject): unknown => {
	const choice = body['tool_choice'];
	return choice === undefined || choice === 'auto' || choice === 'none'
		? undefined
		: isJsonObject(choice) && (choice['type'] === 'any' || choice['type'] === 'tool')
			? {type: 'auto'}
			: 'auto';
};

/** Where an answer ends is what the client said; it is left out nowhere. */
const ends: ReadonlySet<string> = new Set(['stop', 'stop_sequences', 'generationConfig.stopSequences']);

const isAuto = (choice: unknown): boolean => choice === 'auto' || (isJsonObject(choice) && choice['type'] === 'auto');

/** What the client asked for and would not get without: a tool that is forced or forbidden, and where its answer ends. */
const asksFor = (body: JsonObject): readonly string[] => {
	const choice = body['tool_choice'];
	return [...ends, ...(choice === undefined || isAuto(choice) ? [] : ['tool_choice'])];
};

const isAsked = (path: string, asked: readonly string[]): boolean =>
	asked.some(name => path === name || path.startsWith(`${name}.`));

/** An encoded body after mends; the same object where there are none. */
export const mendedBody = (body: JsonObject, mends: readonly Mend[]): JsonObject => {
	const asked = asksFor(body);
	let mended = body;
	for (const mend of mends) {
		if (isDrop(mend)) {
			const path = mend.slice(dropPrefix.length);
			mended = isAsked(path, asked) ? mended : without(mended, path);
		} else if (mend === 'auto-tool-choice' && freeChoice(mended) !== undefined) {
			mended = {...mended, tool_choice: freeChoice(mended)};
		}
	}

	return mended;
};

/** What a mend could change of a request that was sent: enough to tell which edits would make a difference. */
export interface SentShape {
	readonly quirks: ProviderQuirks;
	/** The Chat dialect has most of the edits. */
	readonly isChat: boolean;
	/** Names of the body's fields, those inside plain objects as `outer.inner`. */
	readonly fields: readonly string[];
	readonly forcesTool: boolean;
	/** Fields that the client's request is not the same without. */
	readonly asked: readonly string[];
}

/** The {@link SentShape} of an encoded body. */
export const shapeOf = (body: JsonObject, {quirks, isChat}: Pick<SentShape, 'quirks' | 'isChat'>): SentShape => ({
	...{quirks, isChat},
	fields: Object.entries(body).flatMap(([name, value]) => [
		name,
		...(isJsonObject(value) ? Object.keys(value).map(inner => `${name}.${inner}`) : []),
	]),
	forcesTool: freeChoice(body) !== undefined,
	asked: asksFor(body),
});

/** Whether the request would have looked otherwise with a mend; what it already goes without helps nobody twice. */
export const wouldChange = (mend: Mend, {quirks, isChat, fields, forcesTool, asked}: SentShape): boolean => {
	if (isDrop(mend)) {
		const path = mend.slice(dropPrefix.length);
		return fields.includes(path) && !isAsked(path, asked);
	}

	const {chat, names} = quirks;
	switch (mend) {
		case 'max_tokens':
		case 'max_completion_tokens': {
			return isChat && fields.includes(mend === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens');
		}

		case 'developer-as-system': {
			return isChat && chat.developerRole;
		}

		case 'one-system-message': {
			return isChat && chat.system !== 'merge-head';
		}

		case 'reasoning-placeholder': {
			return isChat && (chat.reasoningPlaceholder === undefined || chat.reasoningIn !== 'reasoning_content');
		}

		case 'no-past-reasoning': {
			return isChat && chat.reasoningIn !== 'drop';
		}

		case 'plain-content': {
			return isChat && chat.contentArrays;
		}

		case 'no-images': {
			return isChat && chat.vision;
		}

		case 'schema-as-text': {
			return isChat && chat.responseFormat !== 'none' && fields.includes('response_format');
		}

		case 'short-call-ids': {
			return names.callIds !== 'mistral';
		}

		case 'auto-tool-choice': {
			return forcesTool;
		}
	}
};
