import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';

/** Who may import whom: a folder imports itself and the listed ones. The reasons stand in the README, section "Inside". */
const mayImport: Readonly<Record<string, readonly string[]>> = {
	base: [],
	wire: ['base'],
	event: ['base', 'wire'],
	config: ['base', 'wire', 'provider'],
	identify: ['base', 'wire'],
	provider: ['base', 'wire', 'translate'],
	route: ['base', 'wire', 'event', 'config'],
	translate: ['base', 'wire'],
	attempt: ['base', 'wire', 'event'],
	client: ['base', 'wire', 'config'],
	observe: ['base', 'wire', 'event'],
	watch: ['base', 'wire', 'event', 'observe', 'config', 'client'],
	demo: ['base', 'wire'],
	engine: [
		'base',
		'wire',
		'event',
		'config',
		'identify',
		'route',
		'translate',
		'attempt',
		'client',
		'observe',
		'watch',
		'demo',
		'provider',
	],
	// It sees all that a request meets on its way, and its deep test sends what the bridge would.
	doctor: ['base', 'wire', 'event', 'config', 'client', 'provider', 'translate', 'attempt', 'observe', 'engine'],
	tui: ['base', 'event', 'observe', 'config'],
	command: ['*'],
	'cli.ts': ['command'],
};

/** Which packages stand where: a package named here is imported in these places only. */
const packagePlaces: ReadonlyArray<{readonly name: RegExp; readonly places: readonly RegExp[]}> = [
	{name: /^undici/, places: [/^attempt\//]},
	{name: /^node:https?$/, places: [/^engine\/(door|control)\//, /^demo\//]},
	{name: /^node:net$/, places: [/^engine\/(door|control)\//, /^demo\//, /^doctor\/reach\.ts$/]},
	{name: /^ink$/, places: [/^tui\/ink\.ts$/]},
	{name: /^ink-table$/, places: [/^tui\//]},
	{name: /^react/, places: [/^tui\//]},
	{name: /^chokidar$/, places: [/^config\//, /^client\//, /^watch\//]},
	{
		name: /^node:fs/,
		places: [/^(config|client|watch|observe|engine|doctor|command)\//, /^base\/atomic-file\.ts$/],
	},
	{name: /^node:sqlite$/, places: [/^engine\//, /^observe\//]},
	{
		name: /^node:/,
		places: [/^(base|event|config|client|attempt|observe|watch|demo|engine|doctor|tui|command|cli)/],
	},
];

const sourceFolder = new URL('../source/', import.meta.url).pathname;
const importPattern =
	/(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g;

interface Import {
	readonly file: string;
	readonly target: string;
}

const sourceFiles = (): readonly string[] =>
	readdirSync(sourceFolder, {recursive: true, encoding: 'utf8'}).filter(file => /\.tsx?$/.test(file));

const importsOf = (file: string): readonly Import[] =>
	[...readFileSync(path.join(sourceFolder, file), 'utf8').matchAll(importPattern)].map(match => ({
		file,
		target: match[1] ?? match[2] ?? match[3] ?? '',
	}));

const folderOf = (file: string): string => file.split('/')[0] ?? '';

const breaksFolderRule = ({file, target}: Import): boolean => {
	if (!target.startsWith('.')) {
		return false;
	}

	const from = folderOf(file);
	const to = folderOf(path.posix.join(path.posix.dirname(file), target));
	const allowed = mayImport[from] ?? [];
	return from !== to && !allowed.includes(to) && !allowed.includes('*');
};

const breaksPackageRule = ({file, target}: Import): boolean => {
	const rule = packagePlaces.find(({name}) => name.test(target));
	return rule !== undefined && !rule.places.some(place => place.test(file));
};

describe('the layers of source/', () => {
	const files = sourceFiles();
	const imports = files.flatMap(importsOf);

	test('were seen at all: a rule that reads no file proves nothing', () => {
		expect(files.length).toBeGreaterThan(20);
		expect(imports.length).toBeGreaterThan(50);
	});

	test('have no folder that the table does not know', () => {
		expect(files.map(folderOf).filter(folder => mayImport[folder] === undefined)).toEqual([]);
	});

	test('import only what the table allows', () => {
		expect(imports.filter(breaksFolderRule)).toEqual([]);
	});

	test('use each package only in its place', () => {
		expect(imports.filter(breaksPackageRule)).toEqual([]);
	});

	test('catch a planted fault of both kinds', () => {
		expect(breaksFolderRule({file: 'route/plan.ts', target: '../engine/door/accept.ts'})).toBe(true);
		expect(breaksPackageRule({file: 'tui/app.tsx', target: 'undici'})).toBe(true);
		expect(breaksPackageRule({file: 'route/plan.ts', target: 'node:crypto'})).toBe(true);
	});
});
