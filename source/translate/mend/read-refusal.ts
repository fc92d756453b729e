import {isJsonObject, parseJsonObject} from '../../wire/json-value.ts';
import {wouldChange, type Mend, type SentShape} from './mend.ts';

/*
 * Which mends an upstream's refusal asks for: a fixed list of signatures (translation.md 1.11). Only what was sent can be left out, and what no
 * request can do without never is.
 */

/** A refusal as it came. `body` is its text as far as it was kept. */
export interface Refusal {
	readonly status: number;
	readonly body: string;
}

const statuses: ReadonlySet<number> = new Set([400, 404, 415, 422]);
const longestText = 8192;
const deepest = 6;

/** What a body means without; a schema of the answer has an edit of its own in Chat. */
const kept: ReadonlySet<string> = new Set([
	...['model', 'messages', 'input', 'contents', 'system', 'systemInstruction', 'instructions', 'stream', 'tools'],
	...['max_tokens', 'max_completion_tokens', 'response_format', 'text', 'text.format', 'output_config.format'],
	...['responseMimeType', 'responseSchema', 'responseJsonSchema', 'maxOutputTokens'].map(
		name => `generationConfig.${name}`,
	),
	...['generationConfig', 'previous_response_id', 'store'],
]);

/** Words that say: this does not belong here. */
const denials: readonly string[] = [
	...['unknown parameter', 'unknown field', 'unknown name', 'unknown argument', 'unknown key', 'no such field'],
	...['unrecognized', 'unexpected keyword', 'unexpected field', 'cannot find field', 'additional properties'],
	...['unsupported', 'not supported', 'not support', "doesn't support", 'not permitted', 'not allowed'],
	...['extra_forbidden', 'extra fields', 'not implemented', '不支持', '未知参数', '不允许'],
];

/** Echoes of what was sent, and what is nested in them, say nothing about names. */
const echoes: ReadonlySet<string> = new Set(['input', 'ctx', 'failed_generation']);

/** Every text of an error body in its order, texts that are JSON themselves opened up. */
const textsIn = (value: unknown, depth = 0): readonly string[] => {
	if (depth > deepest) {
		return [];
	}

	if (typeof value === 'number') {
		return [String(value)];
	}

	if (typeof value === 'string') {
		const inner = value.startsWith('{') ? parseJsonObject(value) : undefined;
		return inner === undefined ? [value] : textsIn(inner, depth + 1);
	}

	if (Array.isArray(value)) {
		return value.flatMap(each => textsIn(each, depth + 1));
	}

	return isJsonObject(value)
		? Object.entries(value).flatMap(([name, each]) => (echoes.has(name) ? [] : textsIn(each, depth + 1)))
		: [];
};

const parseBody = (body: string): unknown => {
	try {
		return JSON.parse(body);
	} catch {
		// A sentence without JSON is an answer too.
		return body;
	}
};

/** `generation_config` and `generationConfig` are one name. */
const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();

const quotes = `"'\`“‘`;
const namedAfter =
	/(?:parameters?|fields?|arguments?|property|properties|names?|keys?|supplied|option)\s*(?:\(s\))?:?\s*$/i;

/** Where a text names a field and does not merely use the word: the whole text, in quotes, in snake case, or behind "parameter". */
const namesIn = (text: string): ReadonlyArray<{readonly name: string; readonly isWhole: boolean}> =>
	[...text.matchAll(/[A-Za-z_][\w.]*\w/g)].flatMap(({0: word, index}) => {
		const before = text.slice(Math.max(0, index - 24), index);
		const isWhole = word === text.trim();
		const isName = isWhole || word.includes('_') || quotes.includes(before.at(-1) ?? ' ') || namedAfter.test(before);
		return isName ? [{name: plain(word), isWhole}] : [];
	});

/** The fields of ours that a refusal names: all that stand alone in it (a list of places), else the first that it speaks of. */
const namedFields = (texts: readonly string[], {fields}: SentShape): readonly string[] => {
	// The first of a name counts, and one in full before one by its last part.
	const byEnd = new Map(fields.toReversed().map(each => [plain(each).split('.').at(-1), each]));
	const byName = new Map(fields.toReversed().map(each => [plain(each), each]));
	const found = texts.flatMap(namesIn).flatMap(({name, isWhole}) => {
		const field = byName.get(name) ?? byEnd.get(name);
		return field === undefined ? [] : [{field, isWhole}];
	});
	const alone = found.filter(({isWhole}) => isWhole).map(({field}) => field);
	const [first] = found;
	return alone.length > 0 ? [...new Set(alone)] : first === undefined ? [] : [first.field];
};

const roleDeveloper = /(?:role|messages?)[^\n]{0,80}developer|developer[^\n]{0,80}role|variant `developer`/;
const systemPlace = /system messages? (?:must|should|can|may)|(?:only|at most) one system|multiple system messages/;
const reasoningWanted =
	/(?:reasoning_content|thinking)[^\n]{0,120}(?:passed back|missing|required|must be provided)|missing[^\n]{0,60}reasoning_content/;
const stringWanted =
	/content[^]{0,200}(?:expected (?:a )?string|must be a string|should be a (?:valid )?string|string_type)/;
const callIdWanted = /tool[ _]?call[ _]?id[^\n]{0,160}(?:length|9|alphanumeric|a-z|invalid|format|pattern)/;

interface Rule {
	readonly mend: Mend;
	readonly fits: (text: string, isDenied: boolean) => boolean;
}

/** In the order in which they are tried: the first that fits and would change something counts. */
const rules: readonly Rule[] = [
	{mend: 'max_completion_tokens', fits: (text, isDenied) => isDenied && /\bmax_tokens\b/.test(text)},
	{mend: 'max_tokens', fits: (text, isDenied) => isDenied && text.includes('max_completion_tokens')},
	{mend: 'developer-as-system', fits: text => roleDeveloper.test(text)},
	{mend: 'one-system-message', fits: text => systemPlace.test(text) || /\b2013\b/.test(text)},
	{mend: 'reasoning-placeholder', fits: text => reasoningWanted.test(text)},
	{
		mend: 'no-past-reasoning',
		fits: (text, isDenied) => isDenied && /reasoning_(?:content|details)|property 'reasoning'/.test(text),
	},
	{mend: 'auto-tool-choice', fits: text => text.includes('tool_choice') && /thinking|reasoning/.test(text)},
	{mend: 'short-call-ids', fits: text => callIdWanted.test(text)},
	{mend: 'plain-content', fits: text => stringWanted.test(text)},
	{mend: 'no-images', fits: (text, isDenied) => isDenied && /image|\bvision\b|multimodal|图/.test(text)},
	{mend: 'schema-as-text', fits: (text, isDenied) => isDenied && /response_format|json_schema/.test(text)},
];

const sampling = /temperature|top_p/;
const samplingFault = /only [^\n]{0,40}(?:allowed|supported)|invalid temperature|must be (?:1|default)|fixed/;
const thinkingFields: readonly string[] = [
	...['reasoning_effort', 'thinking', 'enable_thinking', 'reasoning', 'chat_template_kwargs'],
	'generationConfig.thinkingConfig',
];

/** What holds something that is kept is kept with it. */
const isKept = (name: string, {fields}: SentShape): boolean =>
	kept.has(name) || fields.some(field => field.startsWith(`${name}.`) && kept.has(field));

const drops = (names: readonly string[], shape: SentShape): readonly Mend[] =>
	names.filter(name => !isKept(name, shape)).map(name => `drop:${name}` as const);

/** The fields that it refuses, or how hard to think where it refuses that in its own words. */
const dropsFor = (texts: readonly string[], lower: string, shape: SentShape): readonly Mend[] => {
	const named = drops(namedFields(texts, shape), shape);
	if (named.length > 0) {
		return named;
	}

	const thinking = /reasoning|thinking/.test(lower)
		? thinkingFields.find(field => shape.fields.includes(field))
		: undefined;
	return thinking === undefined ? [] : [`drop:${thinking}`];
};

/** The mends that would give an upstream what its refusal asks for; none where it says nothing of the kind, or the same would be sent again. */
export const mendsFor = ({status, body}: Refusal, shape: SentShape): readonly Mend[] => {
	if (!statuses.has(status)) {
		return [];
	}

	const texts = textsIn(parseBody(body.slice(0, longestText)));
	const lower = texts.join('\n').toLowerCase();
	const isDenied = denials.some(denial => lower.includes(denial));
	const rule = rules.find(({mend, fits}) => fits(lower, isDenied) && wouldChange(mend, shape));
	if (rule !== undefined) {
		return [rule.mend];
	}

	const isSampling = sampling.test(lower) && samplingFault.test(lower);
	const found = isDenied || isSampling ? dropsFor(texts, lower, shape) : [];
	return found.filter(mend => wouldChange(mend, shape));
};
