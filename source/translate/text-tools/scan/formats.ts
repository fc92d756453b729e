import type {ToolMap} from '../../codec/tool-map.ts';
import type {BlockEnding} from './block-end.ts';
import {readJsonCalls} from '../read/json-calls.ts';
import {deepTokens, dsml, kimi, tags, tokens, weak} from './markers.ts';
import {anyOf, literal, startsLike, type Pattern} from './pattern.ts';
import {readTagCalls, readToolCallBody} from '../read/tag-calls.ts';
import {shellTool, toolFor} from '../fit/shell-command.ts';
import type {ReadBlock} from '../read/text-call.ts';
import {
	readBash,
	readDeepCalls,
	readFence,
	readHarmony,
	readKimi,
	readMistral,
	readOpenCall,
	readPatch,
	readPython,
	readReact,
} from '../read/token-calls.ts';

/* The formats of translation.md 5.1 as data: where a block may begin, how it goes on and ends, and what reads it. */

/** What begins a block: tokens of a model anywhere, tags behind a blank, JSON at the beginning of a line or of the text. */
export type BlockPlace = 'anywhere' | 'word' | 'line' | 'text';

/** One way to begin a block. */
export interface TextFormat {
	readonly place: BlockPlace;
	readonly opening: Pattern;
	/** The opening belongs to what is read. */
	readonly keepsOpening?: true;
	readonly ending: BlockEnding;
	/** Whether a body that begins like this can still become a call; once false, false for every longer one. */
	readonly mayBe: (body: string, opening: string) => boolean;
	readonly read: ReadBlock;
	/** Beside structured calls it is a leftover of them, and is taken out of the text (translation.md 5.2). */
	readonly isLeftover?: true;
	/** Only its shape makes it a call: where it is none, nothing went wrong. */
	readonly isWeak?: true;
}

/** How much is looked for: only what is marked as a call, or also what merely looks like one (translation.md 5.2). */
export type ScanMode = 'strict' | 'aggressive';

const marker = (closing: Pattern): BlockEnding => ({kind: 'marker', closing});
const always = (): boolean => true;

/** What must follow an opening that is kept. */
const behind =
	(follows: (text: string) => boolean): TextFormat['mayBe'] =>
	(body, opening) =>
		follows(body.slice(opening.length));

const tagFollows = startsLike([String.raw`\s*`, '<']);
const nameFollows = startsLike(
	['"', String.raw`[\w.:/-]{1,80}`, '"', String.raw`\s*`, '[>/]'],
	["'", String.raw`[\w.:/-]{1,80}`, "'", String.raw`\s*`, '[>/]'],
	[String.raw`[\w.:/-]{1,80}`, String.raw`\s*`, '[>/]'],
);
const attributeFollows = startsLike([String.raw`\s+`, ...literal('name'), String.raw`\s*`, '=']);
const toolCallFollows = startsLike(
	[String.raw`\s*`, String.raw`(?:\]<\]minimax\[>\[)?`, '[{<[]'],
	[String.raw`\s*`, String.raw`[\w.:/-]{1,80}`, String.raw`[ \t]*`, String.raw`[\n<]`],
);
const jsonFollows = startsLike([String.raw`\s*`, '[{[]']);
const callFollows = startsLike([String.raw`\s*`, String.raw`[\w.-]{1,80}`, '[:<]']);

const jsonStart = /^\s*(?=[[{])|^\s*[\w.-]+(?:\[CALL_ID\]\w*)?(?:\[ARGS\])?\s*(?=\{)/;
const mistralFollows = startsLike(
	[String.raw`\s*`, '[{[]'],
	[String.raw`\s*`, String.raw`[\w.-]{1,80}`, String.raw`\s*`, '[{[]'],
);

const marked: readonly TextFormat[] = [
	{
		place: 'anywhere',
		opening: dsml.wrapper,
		ending: marker(dsml.wrapperEnd),
		mayBe: tagFollows,
		read: (body, {isClosed}) => readTagCalls(body, 'T1', isClosed),
		isLeftover: true,
	},
	{
		place: 'anywhere',
		opening: dsml.invoke,
		keepsOpening: true,
		ending: marker(dsml.invokeEnd),
		mayBe: behind(attributeFollows),
		read: (body, {isClosed}) => readTagCalls(body, 'T1', isClosed),
		isLeftover: true,
	},
	{
		place: 'word',
		opening: tags.toolCall,
		ending: marker(tags.toolCallEnd),
		mayBe: toolCallFollows,
		read: readToolCallBody,
	},
	{place: 'word', opening: tags.tools, ending: marker(tags.toolsEnd), mayBe: jsonFollows, read: readToolCallBody},
	{
		place: 'word',
		opening: tags.wrapper,
		ending: marker(tags.wrapperEnd),
		mayBe: tagFollows,
		read: (body, {isClosed}) => readTagCalls(body, 'T5', isClosed),
	},
	{
		place: 'word',
		opening: tags.invoke,
		keepsOpening: true,
		ending: marker(tags.invokeEnd),
		mayBe: behind(nameFollows),
		read: (body, {opening, isClosed}) => readTagCalls(body, opening.includes('minimax') ? 'T11' : 'T5', isClosed),
	},
	{
		place: 'word',
		opening: tags.callFunction,
		keepsOpening: true,
		ending: marker(tags.callFunctionEnd),
		mayBe: behind(nameFollows),
		read: (body, {isClosed}) => readTagCalls(body, 'T5', isClosed),
	},
	{
		place: 'anywhere',
		opening: kimi.section,
		ending: marker(kimi.sectionEnd),
		mayBe: tagFollows,
		read: readKimi,
		isLeftover: true,
	},
	{
		place: 'anywhere',
		opening: kimi.call,
		ending: marker(kimi.callEnd),
		mayBe: callFollows,
		read: readKimi,
		isLeftover: true,
	},
	{
		place: 'anywhere',
		opening: kimi.open,
		ending: marker(kimi.openEnd),
		mayBe: startsLike([String.raw`\s`]),
		read: readOpenCall,
		isLeftover: true,
	},
	{
		place: 'anywhere',
		opening: tokens.mistral,
		ending: {kind: 'json', from: body => jsonStart.exec(body)?.[0].length},
		mayBe: mistralFollows,
		read: readMistral,
	},
	{place: 'anywhere', opening: tokens.llama, ending: marker(tokens.llamaEnd), mayBe: always, read: readPython},
	{
		place: 'anywhere',
		opening: deepTokens.section,
		ending: marker(deepTokens.sectionEnd),
		mayBe: tagFollows,
		read: readDeepCalls,
	},
	{
		place: 'anywhere',
		opening: deepTokens.call,
		ending: marker(deepTokens.callEnd),
		mayBe: callFollows,
		read: readDeepCalls,
	},
	{
		place: 'anywhere',
		opening: tokens.harmony,
		ending: marker(tokens.harmonyEnd),
		mayBe: startsLike([String.raw`[\w.-]{1,80}`, '[ <]']),
		read: readHarmony,
	},
];

/** The name in JSON that begins like a call; undefined while it is not whole. */
const jsonName = /^\s*\[?\s*\{\s*"(?:name|tool|tool_name|action)"\s*:\s*"((?:[^"\\]|\\.)*)"/;
const otherValue = /^\s*\[?\s*\{\s*"(?:name|tool|tool_name|action)"\s*:\s*[^\s"]/;

const bareJson = (place: BlockPlace, tools: ToolMap): TextFormat => ({
	place,
	opening: weak.json,
	keepsOpening: true,
	isWeak: true,
	ending: {kind: 'json', from: () => 0},
	mayBe: body => {
		const name = jsonName.exec(body)?.[1];
		return !otherValue.test(body) && (name === undefined || toolFor(name, tools) !== undefined);
	},
	read: body => readJsonCalls(body, {format: 'T14', isMarked: false}),
});

const patchFormats: readonly TextFormat[] = [
	{
		place: 'text',
		opening: weak.patch,
		keepsOpening: true,
		ending: marker(weak.patchEnd),
		mayBe: always,
		read: readPatch,
	},
	{
		place: 'text',
		opening: weak.heredoc,
		ending: marker(weak.heredocEnd),
		mayBe: startsLike(literal('*** Begin Patch')),
		read: readPatch,
	},
];

const looseFormats: readonly TextFormat[] = [
	{place: 'text', isWeak: true, opening: weak.fence, ending: marker(weak.fenceEnd), mayBe: always, read: readFence},
	{
		place: 'line',
		opening: weak.react,
		ending: {kind: 'json', from: body => /^[ \t]*[\w.-]+[ \t]*\n[ \t]*Action Input:\s*(?=[{[])/.exec(body)?.[0].length},
		mayBe: startsLike([
			String.raw`[ \t]*`,
			String.raw`[\w.-]{1,80}`,
			String.raw`[ \t]*`,
			String.raw`\n`,
			String.raw`[ \t]*`,
			...literal('Action Input:'),
			String.raw`\s*`,
			'[{[]',
		]),
		read: readReact,
	},
];

const bash: TextFormat = {
	place: 'word',
	opening: tags.bash,
	ending: marker(tags.bashEnd),
	mayBe: always,
	read: readBash,
};

const eatenKimi = (tools: ToolMap): TextFormat => ({
	place: 'line',
	opening: kimi.eaten(tools.list().map(({wireName}) => wireName)),
	keepsOpening: true,
	ending: marker(kimi.callEnd),
	mayBe: always,
	read: readKimi,
	isLeftover: true,
});

/** Everything that may stand inside of a line, in one pattern. */
export const anyMarker = anyOf([...marked, bash].map(({opening}) => opening));

/** What is looked for in an answer: only formats of which something is declared. JSON is the answer itself where the client asked for JSON. */
export const textFormats = (mode: ScanMode, tools: ToolMap, wantsJson: boolean): readonly TextFormat[] => {
	const isLoose = mode === 'aggressive';
	return [
		...marked,
		...(shellTool(tools) ? [bash] : []),
		eatenKimi(tools),
		...(wantsJson ? [] : [bareJson(isLoose ? 'line' : 'text', tools)]),
		...(isLoose && !wantsJson ? looseFormats : []),
		...(isLoose && tools.find('apply_patch') ? patchFormats : []),
	];
};
