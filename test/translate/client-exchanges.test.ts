import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {identify} from '../../source/identify/identify.ts';
import {findServedPath} from '../../source/identify/paths.ts';
import {decodeRequest, encodeRequest, type ProviderDialect} from '../../source/translate/codec/codec.ts';
import {objectsField} from '../../source/translate/codec/field.ts';
import type {Item} from '../../source/translate/codec/ir.ts';
import type {ToolDeclaration} from '../../source/translate/codec/tool.ts';
import {isJsonObject, textField, type JsonObject} from '../../source/wire/json-value.ts';
import {unfoldExchange, type RecordedExchange} from '../fixture-record/redact-exchange.ts';
import {fixtureFolder, versionFolder, versionIn, versionsFile} from '../fixture-record/write-exchange.ts';
import {quirksWith} from './codec/bridge.ts';
import {checkMessagesRequest} from './codec/messages/check-messages.ts';

/*
 * What the real clients sent, version by version (test/fixture/VERSIONS.md), through identify and every codec: each request is understood, and
 * reaches a provider of each dialect with all that was said and done in it.
 */

const dialects: readonly ProviderDialect[] = ['responses', 'chat', 'messages', 'gemini'];
const families: Readonly<Record<ProviderDialect, string>> = {
	responses: 'openai',
	chat: 'deepseek',
	messages: 'anthropic',
	gemini: 'gemini',
};

/** The only things that may be lost, each with the place that says so; in brackets the dialects that lose it. */
const documented: Readonly<Record<string, readonly ProviderDialect[]>> = {
	// translation.md 4.1: for Anthropic only, and ours to decide.
	'billing-header': dialects,
	'context-management': dialects,
	// translation.md 1.6: tools that run at their own provider.
	'hosted-tool': ['chat', 'messages', 'gemini'],
	// translation.md 1.1: text.verbosity.
	'unsupported-field': ['messages'],
	// translation.md 3.1 and 6.2: another maker's sealed thoughts.
	'foreign-reasoning': ['messages'],
	'thinking-off': ['messages'],
	// translation.md 8, case 38.
	'foreign-compaction': ['chat', 'messages', 'gemini'],
};

interface Case {
	readonly name: string;
	readonly client: 'codex' | 'claude-code';
	readonly request: RecordedExchange;
	readonly body: JsonObject;
}

const folders = readdirSync(fixtureFolder).filter(name => /^(?:codex|claude)-/.test(name));

const casesOf = (folder: string): readonly Case[] =>
	readdirSync(path.join(fixtureFolder, folder))
		.filter(file => file.endsWith('.exchange.json'))
		.flatMap(file => {
			const text = readFileSync(path.join(fixtureFolder, folder, file), 'utf8');
			// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own fixture
			const exchange = unfoldExchange(JSON.parse(text) as readonly RecordedExchange[]);
			return exchange.flatMap((request, index) => {
				const {body} = request;
				const name = `${folder}/${file.replace('.exchange.json', '')}, request ${index + 1}`;
				const client = folder.startsWith('codex') ? 'codex' : 'claude-code';
				return isJsonObject(body) ? [{name, client, request, body} as const] : [];
			});
		});

const cases = folders.flatMap(casesOf);

/** All texts below these keys. */
const textsBelow = (value: unknown, keys: readonly string[]): readonly string[] => {
	if (Array.isArray(value)) {
		return value.flatMap(element => textsBelow(element, keys));
	}

	return isJsonObject(value)
		? Object.entries(value).flatMap(([key, field]) =>
				typeof field === 'string' ? (keys.includes(key) ? [field] : []) : textsBelow(field, keys),
			)
		: [];
};

/** What people, models and tools said: the conversation of either client. Thoughts are their model's own (translation.md 6.2). */
const spoken = ({client, body}: Case): readonly string[] =>
	textsBelow(
		objectsField(body, client === 'codex' ? 'input' : 'messages').filter(({type}) => type !== 'reasoning'),
		['text', 'content', 'output'],
	)
		.map(text => text.trim())
		.filter(text => text !== '');

const allTexts = (value: unknown): string =>
	Array.isArray(value)
		? value.map(allTexts).join('\n')
		: isJsonObject(value)
			? Object.values(value).map(allTexts).join('\n')
			: String(value);

/** A tool without what is taken off on purpose (translation.md 1.6): `strict` where it says nothing, and the schema's own name. */
const comparable = (tool: ToolDeclaration): JsonObject => {
	const {strict: _, parameters, ...rest}: JsonObject = {...tool};
	const {$schema: __, ...schema}: JsonObject = isJsonObject(parameters) ? parameters : {};
	return {...rest, schema};
};

/** A thought that Anthropic did not sign is none to it (translation.md 3.1): the scripted upstream of the recordings seals its own way. */
const isForeignThought = (item: Item): boolean => item.type === 'reasoning' && item.hidden?.kind === 'opaque';

/** That a result is no error is what Messages says by saying nothing. */
const plainResult = (item: Item): Item =>
	item.type === 'result' && item.isError === false ? {...item, isError: undefined} : item;

const encode = ({client, body}: Case, dialect: ProviderDialect) => {
	const {request, losses} = decodeRequest(client === 'codex' ? 'responses' : 'messages', body);
	const quirks = quirksWith({family: families[dialect]});
	const encoded = encodeRequest(dialect, request, {model: 'up', stream: true, quirks});
	return {...encoded, request, losses: [...losses, ...encoded.losses].map(({code}) => code)};
};

test('there are exchanges of both clients, and each version has a row in VERSIONS.md', () => {
	expect(cases.some(({client}) => client === 'codex')).toBe(true);
	expect(cases.some(({client}) => client === 'claude-code')).toBe(true);
	const table = readFileSync(versionsFile, 'utf8');
	const rows = [...table.matchAll(/^\| `([^`]+)\/` \| (\S+)[^|]*\| (\S+) \|/gm)];
	expect(new Set(rows.map(([, folder]) => folder))).toEqual(new Set(folders));
	for (const [, folder, client, version = ''] of rows) {
		expect(folder).toBe(versionFolder(client === 'Codex' ? 'codex' : 'claude', versionIn(version)));
	}
});

test('no fixture holds a credential or a place of the machine that made it', () => {
	for (const {name, request} of cases) {
		const text = JSON.stringify(request);
		expect(text, name).not.toMatch(/\bsk-|Bearer |test\/output|[0-9a-f]{8}-[0-9a-f]{4}-[1-689a-f]/);
	}
});

describe.each(cases)('$name', one => {
	const {client, request, body} = one;

	test('is identified', () => {
		const {pathname, search} = new URL(request.url, 'http://localhost');
		const target = findServedPath(pathname);
		expect(target).toBeDefined();
		if (target) {
			const bytes = Buffer.from(JSON.stringify(body));
			const {method, headers} = request;
			const call = identify({method, path: pathname, query: search, target, headers, body: bytes});
			expect(call).toMatchObject({
				client,
				service: client === 'codex' ? 'codex' : 'claude',
				dialect: client === 'codex' ? 'responses' : 'messages',
				model: textField(body, 'model'),
				isStreaming: body['stream'] === true,
			});
			expect(call.sessionId).toMatch(/^00000000-0000-7000-8000-\d{12}$/);
		}
	});

	test.each(dialects)('goes to %s whole, twice with the same bytes', dialect => {
		const {body: encoded, losses, tools, request: decoded} = encode(one, dialect);
		expect(JSON.stringify(encode(one, dialect).body)).toBe(JSON.stringify(encoded));
		expect(losses.filter(code => documented[code]?.includes(dialect) !== true)).toEqual([]);
		const texts = allTexts(encoded);
		expect(spoken(one).filter(text => !texts.includes(text))).toEqual([]);
		// A compaction is asked for without tools; everything that can be called is offered otherwise.
		const isCompaction = decoded.items.some(({type}) => type === 'compaction-trigger');
		const offered = isCompaction ? [] : tools.list().map(({wireName}) => wireName);
		expect(dialect === 'responses' ? [] : offered.filter(name => !texts.includes(name))).toEqual([]);
		if (dialect === 'messages') {
			checkMessagesRequest(encoded);
		}
	});

	test('comes back through its own dialect as it was', () => {
		const own = client === 'codex' ? 'responses' : 'messages';
		const {family, messages, ...others} = quirksWith({family: families[own]});
		// Marks of the client's own stay; where it set none we would.
		const cacheControl = JSON.stringify(body).includes('"cache_control"');
		const quirks = {...others, family, messages: {...messages, midSystem: true, cacheControl}};
		const {request: first} = decodeRequest(own, body);
		const encoded = encodeRequest(own, first, {model: first.model, stream: first.stream, quirks}).body;
		const {request: second} = decodeRequest(own, encoded);
		expect(second.instructions).toEqual(first.instructions);
		expect(second.items).toEqual(
			first.items.filter(item => client === 'codex' || !isForeignThought(item)).map(plainResult),
		);
		expect(second.tools.map(comparable)).toEqual(first.tools.map(comparable));
	});
});
