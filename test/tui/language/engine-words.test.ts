import {readdirSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import type {EngineEvent} from '../../../source/event/catalogue.ts';
import {eventToTrace} from '../../../source/observe/trace.ts';
import {noteSaying, skipSaying} from '../../../source/route/reason-text.ts';
import type {
	AffinityEvaluation,
	BlockedReason,
	NoteCode,
	SkipCode,
	SkipReason,
} from '../../../source/route/route-plan.ts';
import {chinese} from '../../../source/tui/language/chinese/chinese.ts';
import {sentencePhrases} from '../../../source/tui/language/chinese/sentence-phrases.ts';
import {sayingTexts} from '../../../source/tui/language/chinese/saying-texts.ts';
import {english} from '../../../source/tui/language/english/english.ts';
import {allRules} from '../../../source/watch/rules/all-rules.ts';
import {attemptEnd, callIdentified, replyEnd} from '../../support/events.ts';
import {sampleNowMs, sampleSnapshot} from '../../support/sample-screen.ts';

const han = /\p{Script=Han}/u;

// A code that is added to one of these must be added here, or this file does not compile.
const skipCodes: Readonly<Record<SkipCode, Partial<Pick<SkipReason, 'subject' | 'other' | 'count' | 'limit'>>>> = {
	unsupported_model: {subject: 'gpt-5.5'},
	runtime_disabled: {},
	cooldown: {},
	breaker_open: {count: 3},
	usage_exhausted: {count: 0.93, limit: 0.9},
	missing_auth: {subject: 'RELAY_KEY'},
	auth_failed: {},
	concurrency_saturated: {subject: 'team', count: 4, limit: 4},
	dialect_mismatch: {subject: 'messages', other: 'chat'},
	capability_missing: {subject: 'images', other: 'learned'},
	probe_running: {},
	state_bound: {subject: 'relay-a'},
	not_pinned: {subject: 'relay-b'},
	account_paused: {subject: 'one'},
	quota_group: {subject: 'team', other: 'one'},
	condition_not_met: {subject: 'main'},
};

const noteCodes: Readonly<Record<NoteCode, true>> = {
	pinned: true,
	affinity: true,
	state_home: true,
	needs_repair: true,
	attempt_avoided: true,
};

const blockedReasons: Readonly<Record<BlockedReason, true>> = {
	state_bound_compact_missing_affinity: true,
	provider_state_bound: true,
	hard_affinity: true,
	hard_first_attempt: true,
};

const affinityReasons: Readonly<Record<AffinityEvaluation['reason'], true>> = {
	...{none: true, endpoint_gone: true, policy_off: true, unavailable: true, other_group_is_better: true},
	...{fallback_ttl_elapsed: true, reprobe_preferred: true, pinned_elsewhere: true, sticky: true, compact: true},
	...{hard: true, state: true},
};

const skipOf = (code: SkipCode): SkipReason => ({
	...{code, location: undefined, untilMs: sampleNowMs + 41_000},
	...{subject: undefined, other: undefined, count: undefined, limit: undefined},
	...skipCodes[code],
});

const isSkipCode = (code: string): code is SkipCode => Object.hasOwn(skipCodes, code);
const isNoteCode = (code: string): code is NoteCode => Object.hasOwn(noteCodes, code);

/** The Chinese line of an event; the English one is the engine's own. */
const lineOf = (event: EngineEvent): string => {
	const entry = eventToTrace(event, 1);
	if (entry === undefined) {
		throw new Error(`${event.type} is no decision.`);
	}

	expect(english.engine.trace(entry)).toBe(entry.what);
	return chinese.engine.trace(entry);
};

const filesIn = (folder: string): readonly string[] =>
	readdirSync(new URL(`../../../source/${folder}/`, import.meta.url), {recursive: true, encoding: 'utf8'})
		.filter(file => file.endsWith('.ts'))
		.map(file => `${folder}/${file}`);

describe('what the engine says', () => {
	test.each(Object.keys(skipCodes).filter(isSkipCode))('the skip %s is said in both languages', code => {
		const saying = skipSaying(skipOf(code), sampleNowMs, text => text);
		expect(english.engine.reason(saying)).toBe(saying.text);
		const said = chinese.engine.reason(saying);
		expect(said).toMatch(han);
		expect(said).toContain('还剩 41 秒');
		for (const value of Object.values(skipCodes[code])) {
			expect(said).toContain(typeof value === 'number' && value < 1 ? `${value * 100}%` : String(value));
		}
	});

	test.each(Object.keys(noteCodes).filter(isNoteCode))('the note %s is said in both languages', code => {
		const saying = noteSaying(code, undefined);
		expect(english.engine.reason(saying)).toBe(saying.text);
		expect(chinese.engine.reason(saying)).toMatch(han);
	});

	test('every other sentence of an explanation has its Chinese', () => {
		const source = readFileSync(new URL('../../../source/engine/brain/explainer.ts', import.meta.url), 'utf8');
		const lines = source.split('\n').flatMap(line => line.split('code: ').slice(1));
		const codes = lines.flatMap(line => [...line.matchAll(/'([a-z_]+)'/g)].map(([, code = '']) => code));
		const computed = [
			...Object.keys(affinityReasons).map(reason => `affinity_${reason}`),
			...Object.keys(blockedReasons),
			...['pin_unknown', 'pin_disabled', 'attempt_success', 'attempt_running', 'attempt_cancelled'],
		];
		const wanted = [...codes, ...computed];
		expect(wanted.filter(code => sayingTexts[code] === undefined)).toEqual([]);
		expect(wanted).toEqual(expect.arrayContaining(['next', 'what_if', 'went_to', 'place', 'not_asked', 'pin_was']));
	});

	test('what has no code that is known stays as the engine says it', () => {
		const saying = {code: 'of_tomorrow', text: 'It is Tuesday.'};
		expect(chinese.engine.reason(saying)).toBe('It is Tuesday.');
		expect(chinese.engine.step({mark: 'no', subject: 'relay-a', text: 'answered 429'})).toBe('answered 429');
	});

	test('a step is put together from all that it says', () => {
		const sayings = [{code: 'pinned', text: 'you prefer it', values: {mode: 'prefer'}}];
		const place = {code: 'place', text: 'group 0 by main', values: {group: 0, by: 'main'}};
		const step = {
			mark: 'chosen',
			subject: 'relay-a',
			text: 'you prefer it, group 0 by main',
			sayings: [...sayings, place],
		} as const;
		expect(english.engine.step(step)).toBe('you prefer it, group 0 by main');
		expect(chinese.engine.step(step)).toBe('您设为优先；第 0 组，经 main');
	});

	test.each(allRules)('the incidents of the rule $id speak both languages', ({id, words}) => {
		const [sample] = sampleSnapshot(sampleNowMs).incidents;
		const scope = id === 'all-routes-down' ? 'all routes of codex' : 'codex/relay-b/default';
		const incident = sample && {...sample, rule: id, scope, ...words(scope)};
		if (incident === undefined) {
			throw new Error('There is no sample of an incident.');
		}

		expect(english.engine.incident(incident)).toBe(incident);
		const said = chinese.engine.incident(incident);
		expect(Object.keys(said).toSorted()).toEqual(['advice', 'closesWhen', 'effect', 'title']);
		for (const text of Object.values(said)) {
			expect(text).toMatch(han);
		}
	});

	test('a decision of the trace is made anew from the fields of its event', () => {
		const ofRequest = {requestId: 'req_1', atMs: 1000};
		const at = {...ofRequest, endpointKey: 'codex/relay-b/default'};
		const reason = {code: 'cooldown', text: 'it stated a limit', values: {leftMs: 41_000}};
		const candidates = [
			{endpointKey: 'codex/relay-a/default', preferenceGroup: 0, routePath: ['main'], eligible: true, reasons: []},
			{endpointKey: at.endpointKey, preferenceGroup: 1, routePath: ['main'], eligible: false, reasons: [reason]},
		];
		const plan = {service: 'codex', model: undefined, pin: undefined, candidates} as const;
		expect(lineOf({type: 'route-planned', ...ofRequest, plan})).toBe(
			'计划：relay-a；跳过 relay-b（上游给出了限制，还剩 41 秒）',
		);
		expect(lineOf({type: 'attempt-start', ...at, attempt: 2, reason: 'the next that can serve'})).toBe(
			'第 2 次尝试：relay-b；下一个可用的',
		);
		const ended = {outcome: 'soft', status: 429, retryAfterMs: 41_000, willRetry: true} as const;
		expect(lineOf(attemptEnd('req_1', 5, {endpointKey: at.endpointKey, ...ended}))).toBe(
			'relay-b 返回 429（retry-after 41 s），转到下一个候选',
		);
		expect(lineOf({type: 'reply-start', ...at, ttfbMs: 412})).toBe('relay-b 在 0.4 s 后开始回答');
		expect(lineOf(callIdentified('req_1', 3))).toMatch(/^codex 对话/);
		expect(lineOf(replyEnd('req_1', 9))).toMatch(/^成功（200），用时 /);
	});

	test('who waits for a place, and how that ended, is said in Chinese', () => {
		const place = {requestId: 'req_1', atMs: 5, endpointKey: 'codex/relay-b/default', account: 'work'};
		const full = {type: 'candidate-saturated', ...place, limitKey: 'codex/team', active: 4, limit: 4} as const;
		expect(lineOf({...full, ahead: 2})).toBe('等待 relay-b（账户 work） 的空位，前面 2 个（已占 4/4，codex/team）');
		expect(lineOf({...full, account: 'default'})).toBe('relay-b 没有空位：跳过（已占 4/4，codex/team）');
		const ended = {type: 'wait-end', ...place, account: 'default', waitedMs: 3100} as const;
		expect(lineOf({...ended, result: 'place'})).toBe('等待 3.1 s 后得到 relay-b 的空位');
		expect(lineOf({...ended, result: 'timeout'})).toBe('等待 3.1 s 后 relay-b 仍没有空位：跳过');
		expect(lineOf({...ended, result: 'stopped'})).toBe('对 relay-b 空位的等待在 3.1 s 后停止');
		const note = 'waits for a place at relay-b, 2 before it';
		expect(english.requests.said(note)).toBe(note);
		expect(chinese.requests.said(note)).toBe('等待 relay-b 的空位，前面 2 个');
	});

	test('every sample of the trace is said in Chinese', () => {
		const {trace} = sampleSnapshot(sampleNowMs);
		expect(trace.length).toBeGreaterThan(3);
		expect(trace.map(chinese.engine.trace).filter(text => !han.test(text))).toEqual([]);
	});

	test('answers to keys are said in Chinese, by the very words of their source', () => {
		expect(chinese.engine.answer('timeouts.connect_ms: 300 -> 500 (config.toml:3).')).toBe(
			'timeouts.connect_ms：300 改为 500（config.toml:3）。',
		);
		expect(chinese.engine.answer('app.theme is paper now; u takes it back.')).toBe(
			'app.theme 现在是 paper；按 u 撤销。',
		);
		expect(chinese.engine.answer('主题：paper。')).toBe('主题：paper。');
		const folder = new URL('../../../source/', import.meta.url);
		const source = [
			'command/config-show-desk.ts',
			'command/attach-link.ts',
			'config/edit/edit-file.ts',
			...filesIn('engine'),
		]
			.map(file => readFileSync(new URL(file, folder), 'utf8'))
			.join('\n');
		const pieces = sentencePhrases
			.flatMap(([said]) => said.split(/\{\w+#?\}|[();]| and /))
			.filter(piece => /[a-z]{3} [a-z]{2}/.test(piece));
		expect(pieces.length).toBeGreaterThan(40);
		expect(pieces.filter(piece => !source.includes(piece.trim()))).toEqual([]);
	});
});
