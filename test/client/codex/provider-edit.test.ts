import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {
	addProvider,
	checkEdit,
	readOriginal,
	readSwitchKeys,
	removeProvider,
} from '../../../source/client/codex/provider-edit.ts';
import {parseToml} from '../../../source/config/toml.ts';
import {propertyRuns} from '../../support/property-runs.ts';

const target = {baseUrl: 'http://127.0.0.1:3211/v1', token: 'abc_DEF-123'};

const configs: ReadonlyArray<readonly [string, string]> = [
	['an empty file', ''],
	['only a comment without a newline', '# mine'],
	['a provider chosen', 'model = "gpt-5.5"\nmodel_provider = "openai" # the plan\n'],
	['literal quotes around the provider', "model_provider='relay'"],
	['a quoted key', '"model_provider" = "relay"\n[model_providers."relay"]\nname = "R"\n'],
	[
		'tables of providers',
		'[model_providers.relay]\nname = "R" # r\nbase_url = "https://r.example/v1"\n\n[projects."/w"]\ntrust_level = "trusted"\n',
	],
	['CRLF', 'model = "x"\r\n[model_providers.relay]\r\nname = "R"\r\n'],
	['CRLF without a final newline', 'model = "x"\r\n[a]\r\nb = 1'],
	['a byte order mark', '\uFEFFmodel = "x"\n'],
	['dotted keys', 'model_providers.relay.name = "R"\nmodel_providers.relay.base_url = "https://r.example"\n'],
	['dotted keys under the parent', '[model_providers]\nrelay.name = "R"\nother = {name = "O"}\n'],
	['an inline table', 'model_providers = { relay = { name = "R" } }\nmodel = "x"\n'],
	['an empty inline table', 'model_providers = { } # none\n'],
	['an inline table over lines', 'model_providers = {\n  relay = {name = "R"},\n}\n'],
	[
		'a multi-line string that looks like a table',
		'notes = """\n[model_providers.codex-tui]\nmodel_provider = "x"\n"""\n',
	],
	['an array of tables', '[[hooks]]\nrun = "a"\n[[hooks]]\nrun = "b"\n'],
	['non-ASCII text', 'instructions = "日本語 – ü 😀"\n[x]\ny = "ß"'],
	['blank lines at the end', 'model = "x"\n\n\n'],
];

const roundTrip = (source: string): {patched: string; back: string} => {
	const original = readOriginal(parseToml('c', source));
	const patched = addProvider(source, target);
	checkEdit(source, patched, {...target, modelProvider: 'codex-tui'});
	return {patched, back: removeProvider(patched, original)};
};

describe.each(configs)('%s', (_, source) => {
	test('gets our keys and nothing else, and is the same bytes after taking them out key by key', () => {
		const {patched, back} = roundTrip(source);
		const value = parseToml('c', patched).value;
		expect(value['model_provider']).toBe('codex-tui');
		expect(readSwitchKeys(parseToml('c', patched)).table).toEqual(
			Object.assign(Object.create(null), {
				name: 'codex-tui',
				base_url: target.baseUrl,
				wire_api: 'responses',
				http_headers: Object.assign(Object.create(null), {'x-codex-tui-token': target.token}),
			}),
		);
		expect(back).toBe(source);
	});

	test('keeps what another program appended meanwhile', () => {
		const appended = '[notice]\nhide = true\n';
		const original = readOriginal(parseToml('c', source));
		const back = removeProvider(`${addProvider(source, target)}${appended}`, original);
		const separator = source === '' || source.endsWith('\n') ? '' : source.includes('\r\n') ? '\r\n' : '\n';
		expect(back).toBe(`${source}${separator}${appended}`);
	});
});

const original = {modelProvider: undefined, addedBlankLine: true, endedInLine: false};

test.each([
	[
		'expanded into a table of its own',
		'model_provider = "codex-tui"\na = 1\n[model_providers.codex-tui]\nname = "codex-tui"\nbase_url = "u"\n[model_providers.codex-tui.http_headers]\nx-codex-tui-token = "t"\n[z]\ny = 2\n',
		'a = 1\n[z]\ny = 2\n',
	],
	[
		'rewritten as dotted keys',
		'model_provider = "codex-tui"\nmodel_providers.codex-tui.name = "codex-tui"\nmodel_providers.codex-tui.http_headers.x = "t"\nmodel_providers.relay.name = "R"\n',
		'model_providers.relay.name = "R"\n',
	],
	[
		'moved into the parent table',
		'[model_providers]\nrelay = {name = "R"}\ncodex-tui = {name = "codex-tui", http_headers = {x = "t"}}\n',
		'[model_providers]\nrelay = {name = "R"}\n',
	],
	[
		'put first into an inline table',
		'model_providers = {codex-tui = {name = "c"}, relay = {name = "R"}}\n',
		'model_providers = {relay = {name = "R"}}\n',
	],
	[
		'with quoted names and comments of the user around',
		'# top\n"model_provider" = \'codex-tui\' # why\n[ model_providers . "codex-tui" ] # ours\nname = "codex-tui"\n# keep me\nbase_url = "u"\n',
		'# top\n # why\n # ours\n# keep me\n',
	],
	[
		'with model_provider chosen anew by the user',
		'model_provider = "mine"\n\n[model_providers.codex-tui]\nname = "codex-tui"\n',
		'model_provider = "mine"\n',
	],
])('our keys %s are found and taken out', (_, source, expected) => {
	expect(removeProvider(source, original)).toBe(expected);
});

test('an edit that changes a foreign key, or leaves ours, is refused', () => {
	const patched = addProvider('model = "x"\n', target);
	expect(() => checkEdit('model = "y"\n', patched, {...target, modelProvider: 'codex-tui'})).toThrow(
		'cannot be edited safely',
	);
	expect(() => checkEdit('model = "x"\n', patched, {modelProvider: undefined})).toThrow('cannot be edited safely');
	expect(() => checkEdit('d = 2026-01-01\n', 'd = 2026-01-02\n', {modelProvider: undefined})).toThrow(
		'cannot be edited safely',
	);
});

/* Configurations as Codex users have them: root keys, then tables, in random spelling. */
const name = fc.constantFrom('relay', 'team-a', 'my relay', 'azure.eu', 'ü');
const key = (text: string): string => (/^[\w-]+$/.test(text) ? text : JSON.stringify(text));
const value = fc.oneof(
	fc.string().map(text => JSON.stringify(text)),
	fc.constantFrom(
		'true',
		'12',
		'1.5',
		'[ "a", "b" ]',
		'{ x = 1, y = "z" }',
		"'lit # eral'",
		'"""\n[model_provider]\n"""',
		'2026-11-21',
	),
);
const ending = fc.constantFrom('', ' # note', '  ', '\n# a line of comment', '\n');
const rootLine = fc.tuple(fc.constantFrom('model', 'approval_policy', 'notify', 'x'), value, ending);
const tableText = fc
	.tuple(
		fc.oneof(
			name.map(text => `model_providers.${key(text)}`),
			name.map(text => `projects.${key(`/home/ana/${text}`)}`),
			fc.constantFrom('features', 'notice', 'tui', 'mcp_servers.a'),
		),
		fc.uniqueArray(rootLine, {selector: ([text]) => text, maxLength: 3}),
	)
	.map(([header, lines]) => ({header, lines}));
const lines = (entries: ReadonlyArray<readonly [string, string, string]>): string =>
	entries.map(([text, content, end]) => `${key(text)} = ${content}${end}\n`).join('');
const config = fc
	.record({
		mark: fc.constantFrom('', '\uFEFF'),
		provider: fc.constantFrom(
			'',
			'model_provider = "relay"\n',
			"model_provider   =   'x y' # chosen\n",
			'\n"model_provider"="openai"\n',
		),
		root: fc.uniqueArray(rootLine, {selector: ([text]) => text, maxLength: 4}),
		tables: fc.uniqueArray(tableText, {selector: ({header}) => header, maxLength: 5}),
		isCrlf: fc.boolean(),
		isCut: fc.boolean(),
	})
	.map(({mark, provider, root, tables, isCrlf, isCut}) => {
		const body = provider + lines(root) + tables.map(({header, lines: own}) => `[${header}]\n${lines(own)}`).join('\n');
		const cut = isCut ? body.replace(/\n+$/, '') : body;
		return mark + (isCrlf ? cut.replaceAll('\n', '\r\n') : cut);
	});

test('over random configurations: on and off by keys gives every byte back', () => {
	fc.assert(
		fc.property(config, source => {
			expect(roundTrip(source).back).toBe(source);
		}),
		propertyRuns(400),
	);
});

test('over random configurations: a foreign edit between on and off is all that differs', () => {
	const edits: ReadonlyArray<(text: string) => string> = [
		text => {
			const eol = text.includes('\r\n') ? '\r\n' : '\n';
			const end = /(^\uFEFF?|\n)$/.test(text) ? '' : eol;
			return `${text}${end}${eol}[projects."/new"]${eol}trust_level = "trusted"${eol}`;
		},
		text => text.replace(/^(\uFEFF?)model = (true|12)\b/m, '$1model = "gpt-6"'),
		text => text.replace('[tui]', '[tui]\ntheme = "dark"'),
		text => text.replace('# note', '# another note'),
	];
	fc.assert(
		fc.property(config, fc.constantFrom(...edits), (source, edit) => {
			const before = readOriginal(parseToml('c', source));
			const back = removeProvider(edit(addProvider(source, target)), before);
			expect(back).toBe(edit(source));
		}),
		propertyRuns(400),
	);
});
