import {literal, pattern, type Pattern} from './pattern.ts';

/* The words that begin and end blocks, in the spellings that were seen (translation.md 5.1). */

const bars = '[|｜‖]{1,2}';
const blank = String.raw`\s?`;
const mark = [bars, blank, ...literal('DSML'), blank, bars, blank];
const dsmlOpen = (word: string): readonly string[] => ['<', blank, ...mark, ...literal(word)];
const dsmlClose = (word: string): readonly string[] => ['<', blank, '/', blank, ...mark, ...literal(word), blank, '>'];
const dsmlWords = ['tool_calls', 'function_calls', 'tool_use', 'calls'] as const;

const score = '[_▁]';
const bar = '[|｜]';
const deepToken = (...words: readonly string[]): readonly string[] => [
	'<',
	bar,
	...words.flatMap((word, index) => (index === 0 ? literal(word) : [score, ...literal(word)])),
	bar,
	'>',
];

/** DSML (T1). */
export const dsml = {
	wrapper: pattern(...dsmlWords.map(word => [...dsmlOpen(word), blank, '>'])),
	wrapperEnd: pattern(...dsmlWords.map(dsmlClose)),
	invoke: pattern(dsmlOpen('invoke')),
	invokeEnd: pattern(dsmlClose('invoke')),
} as const;

/** DeepSeek's older tokens (T12). */
export const deepTokens = {
	section: pattern(deepToken('tool', 'calls', 'begin')),
	sectionEnd: pattern(deepToken('tool', 'calls', 'end')),
	call: pattern(deepToken('tool', 'call', 'begin')),
	callEnd: pattern(deepToken('tool', 'call', 'end')),
} as const;

const texts = (...words: readonly string[]): Pattern => pattern(...words.map(literal));

/** Claude's own prefix, which models that learned from it repeat. */
const vendor = 'antml';

/** Tags of many models (T2, T4, T5, T6, T10, T11). */
export const tags = {
	bash: texts('<bash>'),
	bashEnd: texts('</bash>'),
	toolCall: pattern(literal('<tool_call>'), literal('<minimax:tool_call>'), literal(']<]minimax[>[<tool_call>'), [
		...literal('<tool_call '),
		`[^<>\\n]{1,40}`,
		'>',
	]),
	toolCallEnd: texts('</tool_call>', '</tool_call)>', '</minimax:tool_call>'),
	tools: texts('<tools>'),
	toolsEnd: texts('</tools>'),
	wrapper: texts('<function_calls>', '<tool_calls>', `<${vendor}:function_calls>`),
	wrapperEnd: texts('</function_calls>', '</tool_calls>', `</${vendor}:function_calls>`),
	invoke: texts('<invoke name=', `<${vendor}:invoke name=`, ']<]minimax[>[<invoke name='),
	invokeEnd: texts('</invoke>', `</${vendor}:invoke>`),
	callFunction: texts('<function=', '<function name='),
	callFunctionEnd: texts('</function>'),
} as const;

/** A name that is held back at the beginning of a line is no longer than that. */
const longestEatenName = 24;
const eatenPrefix = 'functions.';
const eatenRest = [':', String.raw`\d{1,3}`, ...literal('<|tool_call_argument_begin|>')];
const eatenEnd = pattern(eatenRest);
const nameAt = /[\w-]*/y;

const behindName = (text: string, at: number): {readonly name: string; readonly end: number} => {
	const start = text.startsWith(eatenPrefix, at) ? at + eatenPrefix.length : at;
	nameAt.lastIndex = start;
	const name = nameAt.exec(text)?.[0] ?? '';
	return {name, end: start + name.length};
};

/** The beginning of a call whose first token was eaten: only declared names are waited for. No expression is made per request. */
const eatenCall = (wireNames: readonly string[]): Pattern => {
	const names = wireNames.filter(name => name.length <= longestEatenName);
	const known = new Set(names);
	return {
		matchAt(text, at) {
			const {name, end} = behindName(text, at);
			const rest = known.has(name) ? eatenEnd.matchAt(text, end) : 0;
			return rest === 0 ? 0 : end + rest - at;
		},
		mayBegin(text, at) {
			const {name, end} = behindName(text, at);
			if (end === text.length) {
				return names.some(each => each.startsWith(name)) || eatenPrefix.startsWith(text.slice(at));
			}

			return known.has(name) ? eatenEnd.mayBegin(text, end) : eatenPrefix.startsWith(text.slice(at));
		},
	};
};

/** Kimi (T7). */
export const kimi = {
	section: texts('<|tool_calls_section_begin|>'),
	sectionEnd: texts('<|tool_calls_section_end|>'),
	call: texts('<|tool_call_begin|>'),
	callEnd: texts('<|tool_call_end|>'),
	/** K3 behind gateways. */
	open: texts('<|open|>toolscall'),
	openEnd: texts('<|close|>toolscall<|sep|>'),
	eaten: eatenCall,
} as const;

/** Mistral (T8), Llama (T9), gpt-oss (T13). */
export const tokens = {
	mistral: texts('[TOOL_CALLS]'),
	llama: texts('<|python_tag|>'),
	llamaEnd: texts('<|eom_id|>', '<|eot_id|>'),
	harmony: texts('<|channel|>commentary to=', '<|start|>assistant<|channel|>commentary to=', '<|channel|>analysis to='),
	harmonyEnd: texts('<|call|>', '<|end|>'),
} as const;

const keys = ['name', 'tool', 'tool_name', 'cmd', 'command', 'tool_calls', 'function', 'type', 'action', 'id'];
const shortBlank = String.raw`\s{0,4}`;
const jsonStart = keys.map(key => [String.raw`\{`, shortBlank, '"', ...literal(key), '"']);

/** What nothing but its shape marks as a call (T14 to T17). */
export const weak = {
	json: pattern(...jsonStart, ...jsonStart.map(atoms => [String.raw`\[`, shortBlank, ...atoms])),
	fence: pattern(
		...['json', 'tool_call', 'tool_code'].map(word => [
			...literal('```'),
			...literal(word),
			String.raw`[ \t]{0,3}`,
			String.raw`\r?`,
			String.raw`\n`,
		]),
	),
	fenceEnd: pattern([String.raw`\n`, ...literal('```')]),
	patch: texts('*** Begin Patch'),
	patchEnd: texts('*** End Patch'),
	heredoc: pattern([...literal('apply_patch <<'), '[\'"]?', ...literal('EOF'), '[\'"]?', String.raw`\n`]),
	heredocEnd: pattern([String.raw`\n`, ...literal('EOF')]),
	react: texts('Action:'),
} as const;

/** What models write behind their last block: the ends of what they believe to be in, and of the answer. */
export const endToken = pattern(
	...[
		'<|im_end|>',
		'<|eom_id|>',
		'<|eot_id|>',
		'<|endoftext|>',
		'<|end|>',
		'<|call|>',
		'<|return|>',
		'</s>',
		'<|tool_calls_section_end|>',
		'<|tool_call_end|>',
		'</tool_call>',
		'</tool_calls>',
		'</function_calls>',
		'</function>',
		']<]minimax[>[',
	].map(literal),
	deepToken('end', 'of', 'sentence'),
	deepToken('tool', 'calls', 'end'),
	deepToken('tool', 'call', 'end'),
	...[...dsmlWords, 'invoke'].map(dsmlClose),
);
