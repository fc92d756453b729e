import {demoClaudeTopics, demoSubagent, demoTopics} from './demo-topics.ts';
import {createRandom} from './random.ts';
import {
	apiError,
	message,
	reasoning,
	reviewFindings,
	stream,
	type Answer,
	type ReplyPart,
	type Rule,
	type Script,
	type StreamAnswer,
	type StreamOptions,
} from './script.ts';
import {startScriptedUpstream, type ScriptedUpstream} from './scripted-upstream.ts';
import type {ScriptedDialect} from './voice.ts';

/*
 * The demo's far ends: one healthy, one that is often over its limit, one that thinks long, one that breaks off, and a healthy one
 * that speaks Messages. They answer the prompts of the demo client, and any other prompt with a general answer.
 */

/** What the demo's configuration needs to know about one upstream. */
export interface DemoUpstream {
	readonly name: string;
	/** With `/v1`. */
	readonly baseUrl: string;
	readonly dialect: ScriptedDialect;
	readonly key: string;
}

/** The running upstreams of a demo. */
export interface DemoUpstreams extends AsyncDisposable {
	readonly upstreams: readonly DemoUpstream[];
	/** The scripted upstreams behind them, for tests. */
	readonly scripted: readonly ScriptedUpstream[];
	readonly close: () => Promise<void>;
}

/** Makes the answers of one rule, given in turn, from the healthy one. */
type Temper = (good: StreamAnswer) => readonly [Answer, ...Answer[]];

interface Character {
	readonly name: string;
	readonly dialect: ScriptedDialect;
	readonly pace: StreamOptions;
	readonly temper: Temper;
}

const quota = (percent: number): Readonly<Record<string, string>> => ({
	'x-codex-primary-used-percent': String(percent),
	'x-codex-primary-window-minutes': '300',
});

const characters: readonly Character[] = [
	{name: 'steady', dialect: 'responses', pace: {gapMs: 20, headers: quota(31)}, temper: good => [good]},
	{
		name: 'moody',
		dialect: 'responses',
		pace: {gapMs: 15, headers: quota(92)},
		temper: good => [
			apiError(429, 'rate_limit_exceeded', {
				message: 'Rate limit reached for requests.',
				headers: {'retry-after': '3'},
			}),
			good,
			apiError(503, 'server_error', {message: 'The upstream is overloaded.'}),
			good,
			apiError(500, 'server_error', {message: 'An error occurred while processing the request.'}),
		],
	},
	{
		name: 'slow',
		dialect: 'responses',
		pace: {delayHeadMs: 900, gapMs: 60, silence: {beforeEvent: 4, ms: 2500}},
		temper: good => [good],
	},
	{
		name: 'brittle',
		dialect: 'responses',
		pace: {gapMs: 25},
		temper: good => [
			{...good, cut: {afterEvent: 7, how: 'rst'}},
			good,
			{...good, end: {type: 'none'}},
			{...good, cut: {atByte: 900, how: 'fin'}},
		],
	},
	{name: 'steady-messages', dialect: 'messages', pace: {gapMs: 25}, temper: good => [good]},
];

const rotate = <Item>(items: readonly Item[], by: number): readonly Item[] => [
	...items.slice(by % items.length),
	...items.slice(0, by % items.length),
];

const codexRules = (rule: (match: Rule['match'], parts: readonly ReplyPart[]) => Rule): Script => [
	rule({kind: 'title'}, [message('{"title":"Look into the shop"}')]),
	rule({kind: 'review'}, [
		reviewFindings('One thing to fix before the merge.', [
			{title: 'Unbounded retry', body: 'The loop never gives up.', file: '/home/ana/shop/src/fetch.ts', line: 42},
		]),
	]),
	rule({kind: 'compaction'}, [
		message('So far: the failing test was fixed, the migration is written, the export streams again.'),
	]),
	rule({promptContains: demoSubagent.prompt}, [message(demoSubagent.answer)]),
	...demoTopics.flatMap(({prompt, thoughts, calls, answer}) => [
		rule({promptContains: prompt, toolOutputs: 0}, [reasoning(...thoughts), ...calls]),
		rule({promptContains: prompt, afterTool: true}, [reasoning('**Writing it up**'), message(answer, 'final_answer')]),
	]),
];

const claudeRules = (rule: (match: Rule['match'], parts: readonly ReplyPart[]) => Rule): Script => [
	rule({kind: 'title'}, [message('{"title":"Small questions"}')]),
	...demoClaudeTopics.map(({prompt, answer}) =>
		rule({promptContains: prompt}, [reasoning('A short look at the code is enough.'), message(answer)]),
	),
];

const general = message(
	'This answer comes from the demo: no model was asked and nothing left this machine.\n\nAdd a provider of your own to get real answers.',
);

const keyOf = (name: string): string => `demo-key-${name}`;

const scriptOf = ({dialect, pace, temper}: Character, random: () => number): Script => {
	const rule = (match: Rule['match'], parts: readonly ReplyPart[]): Rule => {
		const answers = temper(stream(parts, {...pace, usage: {cachedInputTokens: Math.floor(random() * 400)}}));
		return {...(match && {match}), answer: rotate(answers, Math.floor(random() * answers.length))};
	};
	return [...(dialect === 'responses' ? codexRules(rule) : claudeRules(rule)), rule(undefined, [general])];
};

/**
 * Starts the demo's upstreams on free ports of 127.0.0.1. The same seed gives the same answers and the same pattern of faults.
 * `forbiddenSecrets` are texts that must never reach them (the local token); a request that carries one is refused.
 */
export const startDemoUpstreams = async ({
	seed,
	forbiddenSecrets = [],
}: {
	readonly seed: number;
	readonly forbiddenSecrets?: readonly string[];
}): Promise<DemoUpstreams> => {
	const random = createRandom(seed);
	const scripted = await Promise.all(
		characters.map(async character =>
			startScriptedUpstream({
				name: character.name,
				dialect: character.dialect,
				key: keyOf(character.name),
				script: scriptOf(character, random),
				forbiddenSecrets,
				rememberedRequests: 100,
			}),
		),
	);
	const close = async (): Promise<void> => {
		await Promise.all(scripted.map(async upstream => upstream.close()));
	};
	return {
		upstreams: characters.map(({name, dialect}, index) => ({
			name,
			baseUrl: scripted[index]?.url ?? '',
			dialect,
			key: keyOf(name),
		})),
		scripted,
		close,
		[Symbol.asyncDispose]: close,
	};
};
