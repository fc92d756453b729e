import {
	array,
	assert,
	boolean,
	constantFrom,
	type Arbitrary,
	integer,
	oneof,
	property,
	record,
	tuple,
} from 'fast-check';
import {describe, expect, test} from 'vitest';
import {changeConfig, type ConfigEdit} from '../../../source/config/edit/config-edit.ts';
import {contentBefore, editBetween} from '../../../source/config/edit/edit-history.ts';
import {isTable, parseToml} from '../../../source/config/toml.ts';
import {propertyRuns} from '../../support/property-runs.ts';

/* Files in every way of writing, each line with a comment of its own, and every edit on them. */

const names = ['a', 'b', 'c'] as const;
type Name = (typeof names)[number];

const providerText = (name: Name, shape: 'header' | 'nested' | 'dotted', note: boolean): string => {
	const comment = (what: string): string => (note ? ` # ${name}-${what}` : '');
	const url = `"https://${name}.example/v1"`;
	const above = note ? `# above ${name}\n` : '';
	switch (shape) {
		case 'header': {
			return `${above}[codex.providers.${name}]${comment('head')}\nbase_url = ${url}${comment('url')}\nalias = '${name}'\nfuture = 1${comment('future')}\n${note ? `# below ${name}\n` : ''}\n`;
		}

		case 'nested': {
			return `${above}[codex.providers.${name}]\nbase_url = ${url}\ntags = { region = "eu" }${comment('tags')}\n  [codex.providers.${name}.limits]${comment('limits')}\n  queue = 3\n`;
		}

		case 'dotted': {
			return `${above}[codex.providers.${name}]\nbase_url = ${url}\nlimits.queue = 4${comment('queue')}\ntags.region = 'us'${comment('region')}\n\n`;
		}
	}
};

const routeText = (children: readonly string[], shape: 'lines' | 'line' | 'none'): string => {
	const head = '[codex.routing]\nentry = "main" # entry\n\n[codex.routing.routes.main] # main\n';
	const list =
		shape === 'lines'
			? `[ # list\n${children.map(child => `\t# over ${child}\n\t"${child}", # by ${child}\n`).join('')}\t# end\n]`
			: `[${children.map(child => `"${child}"`).join(', ')}] # line`;
	return shape === 'none' ? '' : `${head}children = ${list}\nstrategy = 'weighted'\n# last\n`;
};

interface Sample {
	readonly text: string;
	readonly children: readonly Name[];
}

const sample: Arbitrary<Sample> = record({
	shapes: tuple(...names.map(() => constantFrom('header', 'nested', 'dotted'))),
	note: boolean(),
	route: constantFrom('lines', 'line', 'none'),
	isCrlf: boolean(),
	hasMark: boolean(),
	isCut: boolean(),
}).map(({shapes, note, route, isCrlf, hasMark, isCut}) => {
	const providers = names.map((name, index) => providerText(name, shapes[index] ?? 'header', note)).join('');
	const plain = `# first\nversion = 5 # five\n${providers}${routeText(names, route)}`;
	const ended = isCut ? plain.trimEnd() : plain;
	const text = isCrlf ? ended.replaceAll('\n', '\r\n') : ended;
	return {text: hasMark ? `\uFEFF${text}` : text, children: names};
});

const nameOf = constantFrom(...names).map(provider => ({service: 'codex', provider}) as const);
const fieldOf = oneof(
	constantFrom('one', 'two "2"', 'drei\\').map(value => ({field: 'alias', value})),
	integer({min: 1, max: 99}).map(value => ({field: 'limits.queue', value})),
	integer({min: 1, max: 99}).map(value => ({field: 'limits.max_concurrent_requests', value})),
	constantFrom('x', 'y z').map(value => ({field: 'tags', value: {extra: value}, isMerged: true})),
	constantFrom({'gpt-5*': true}, {m: false, 'n.1': true}).map(value => ({field: 'supported_models', value})),
	constantFrom(['shell'], ['a', 'b']).map(value => ({field: 'tool_denylist', value})),
);

/** Edits that take nothing away. */
const gentle: Arbitrary<ConfigEdit> = oneof(
	tuple(nameOf, array(fieldOf, {minLength: 1, maxLength: 3})).map(
		([name, fields]) => ({kind: 'edit', name, fields}) as const,
	),
	nameOf.map(name => ({kind: 'enable', name, isEnabled: false}) as const),
	nameOf.map(name => ({kind: 'duplicate', name, copy: 'copy', placement: {route: undefined}}) as const),
	array(fieldOf, {maxLength: 3}).map(
		fields =>
			({
				kind: 'add',
				name: {service: 'codex', provider: 'new'},
				fields: [{field: 'base_url', value: 'https://new.example'}, ...fields],
				placement: {route: undefined},
			}) as const,
	),
	array(constantFrom(...names), {maxLength: 3}).map(
		children => ({kind: 'order', route: {service: 'codex', route: undefined}, children}) as const,
	),
);

const options = {path: '/c.toml', env: {}};

const commentsOf = (text: string): readonly string[] => {
	const document = parseToml('/c.toml', text);
	return document.comments.map(([start, end]) => document.text.slice(start, end).trimEnd()).toSorted();
};

/** The leaves of a file as texts. */
const leavesOf = (value: unknown, path = ''): readonly string[] =>
	isTable(value)
		? Object.entries(value).flatMap(([name, member]) => leavesOf(member, `${path}.${name}`))
		: [`${path} ${JSON.stringify(value)}`];

const valueOf = (text: string): readonly string[] => leavesOf(parseToml('/c.toml', text).value);

/** Which leaves an edit may touch. */
const mayChange = (edit: ConfigEdit, leaf: string): boolean => {
	if (leaf.startsWith('.codex.routing')) {
		return leaf.startsWith('.codex.routing.routes.main.children');
	}

	return (
		edit.kind === 'edit' &&
		edit.fields.some(({field, value}) =>
			[field, ...(isTable(value) ? Object.keys(value).map(key => `${field}.${key}`) : [])].some(key =>
				leaf.startsWith(`.codex.providers.${edit.name.provider}.${key} `),
			),
		)
	);
};

describe('whatever a file looks like', () => {
	test('an edit keeps every comment and every other value, the mark and the line ends', () => {
		assert(
			property(sample, gentle, ({text}, edit) => {
				const after = changeConfig(text, edit, options).text;
				const kept = commentsOf(after);
				const lost = commentsOf(text).filter(comment => !kept.includes(comment));
				expect(lost).toEqual([]);
				expect(kept.length).toBeGreaterThanOrEqual(commentsOf(text).length);
				const now = new Set(valueOf(after));
				expect(valueOf(text).filter(leaf => !now.has(leaf) && !mayChange(edit, leaf))).toEqual([]);
				expect(after.startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'));
				expect(text.includes('\r\n') && /[^\r]\n/.test(after)).toBe(false);
			}),
			propertyRuns(60),
		);
	});

	test('a removed provider takes only its own values along, and comments around it stay', () => {
		assert(
			property(sample, nameOf, ({text}, name) => {
				const after = changeConfig(text, {kind: 'remove', name, fromRoutes: true}, options).text;
				const own = [`.codex.providers.${name.provider}.`, '.codex.routing.routes.main.children'];
				const left = valueOf(text).filter(leaf => !own.some(start => leaf.startsWith(start)));
				expect(valueOf(after).filter(leaf => !own.some(start => leaf.startsWith(start)))).toEqual(left);
				expect(valueOf(after).some(leaf => leaf.startsWith(own[0] ?? ''))).toBe(false);
				const kept = commentsOf(after);
				const lost = commentsOf(text).filter(comment => !kept.includes(comment));
				expect(
					lost.filter(comment => !new RegExp(`^# (?:${name.provider}-|by ${name.provider}$)`).test(comment)),
				).toEqual([]);
			}),
			propertyRuns(30),
		);
	});

	test('an edit that is taken back leaves not a byte behind', () => {
		assert(
			property(sample, gentle, ({text}, edit) => {
				const before = Buffer.from(text);
				const after = Buffer.from(changeConfig(text, edit, options).text);
				const remembered = editBetween(before, after, {what: 'x', atMs: 1});
				expect(contentBefore(remembered, after)?.equals(before)).toBe(true);
				expect(Buffer.from(remembered.removed, 'base64').length).toBeLessThanOrEqual(before.length);
			}),
			propertyRuns(30),
		);
	});
});
