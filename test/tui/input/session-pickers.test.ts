import {describe, expect, test} from 'vitest';
import {bindingOf} from '../../../source/tui/input/key-layer.ts';
import {dispatchKey} from '../../../source/tui/input/dispatch.ts';
import {shownChoices} from '../../../source/tui/store/picker.ts';
import type {ScreenState} from '../../../source/tui/store/screen-state.ts';
import type {SessionChange} from '../../../source/tui/store/session-desk.ts';
import {recordControls} from '../../support/controls.ts';
import {firstThread} from '../../support/sample-sessions.ts';
import {sampleState} from '../../support/sample-state.ts';

const overridden = '5b20aaaa-0000-7000-8000-00000000009d';
const page = sampleState('full', 'sessions', [80, 24]);

const selecting = (selectedKey: string, state: ScreenState = page): ScreenState => ({
	...state,
	lists: {...state.lists, sessions: {selectedKey, filter: ''}},
});

/** Opens the picker of a key, chooses what is typed, and tells the change that was asked for. */
const choose = (state: ScreenState, key: string, typed: string): SessionChange => {
	const changes: SessionChange[] = [];
	const recorded = recordControls(state);
	const controls = {
		...recorded,
		sessions: {change: (change: SessionChange) => void changes.push(change)},
	};
	for (const each of [key, ...typed.split(''), 'enter']) {
		dispatchKey(each, controls);
	}

	return changes[0] ?? expect.fail('nothing was changed');
};

const labelsOf = (state: ScreenState, key: string): readonly string[] => {
	const controls = recordControls(state);
	dispatchKey(key, controls);
	const {picker} = controls.state();
	return picker === undefined
		? []
		: shownChoices(picker).map(({label, isCurrent}) => `${isCurrent ? '*' : ''}${label}`);
};

const reasonOf = (state: ScreenState, key: string): string | undefined =>
	bindingOf(key, state)?.disabledReason?.(state);

const whose = {service: 'codex', sessionId: firstThread} as const;

describe('the pickers of a session', () => {
	test('offer the models of the configuration and those that were seen, what holds now first marked', () => {
		expect(labelsOf(selecting(overridden), 'm')).toEqual(
			expect.arrayContaining(["the client's own", '*gpt-5.5', 'gpt-5.3-codex']),
		);
		expect(labelsOf(selecting(firstThread), 'm')[0]).toBe("*the client's own");
		expect(labelsOf(selecting('77e0aa00-1111-4000-8000-000000000012'), 'm')).not.toContain('gpt-5.5');
	});

	test('override a field, and know what makes it undone', () => {
		expect(choose(selecting(firstThread), 'e', 'xhigh')).toEqual({
			actions: [{type: 'override', ...whose, fields: {effort: 'xhigh'}}],
			undo: [{type: 'override', ...whose, fields: {effort: null}}],
			done: 'From its next request on the session asks for effort xhigh.',
		});
		expect(choose(selecting(overridden), 'm', 'own')).toMatchObject({
			actions: [{fields: {model: null}}],
			undo: [{fields: {model: 'gpt-5.5'}}],
		});
		expect(choose(selecting(firstThread), 'm', 'my-own-model')).toMatchObject({
			actions: [{fields: {model: 'my-own-model'}}],
		});
		expect(choose(selecting(firstThread), 'v', 'flex')).toMatchObject({actions: [{fields: {tier: 'flex'}}]});
	});

	test('apply a profile and take it away', () => {
		expect(choose(selecting(firstThread), 'P', 'deep')).toMatchObject({
			actions: [{profile: 'deep'}],
			undo: [{profile: null}],
		});
		expect(choose(selecting(overridden), 'P', 'no pro')).toMatchObject({
			actions: [{profile: null}],
			undo: [{profile: 'deep'}],
		});
	});

	test('pin an upstream for the session or for all, and give back the pin that was there', () => {
		expect(choose(selecting(firstThread), 'o', 'prefer openai this')).toMatchObject({
			actions: [{type: 'pin', ...whose, endpointKey: 'codex/openai/default', mode: 'prefer'}],
			undo: [{type: 'pin', ...whose, endpointKey: 'codex/relay-a/default', mode: 'only'}],
		});
		expect(choose(selecting(overridden), 'o', 'only openai this')).toMatchObject({
			undo: [{type: 'unpin', service: 'codex', sessionId: overridden}],
		});
		const all = choose(selecting(firstThread), 'o', 'only openai all');
		expect(all.actions).toEqual([
			{type: 'pin', service: 'codex', endpointKey: 'codex/openai/default', mode: 'only', untilMs: undefined},
		]);
		expect(all.undo).toMatchObject([
			{type: 'pin', service: 'codex', endpointKey: 'codex/relay-a/default', mode: 'prefer'},
		]);
		expect(choose(selecting(firstThread), 'o', 'routes decide this')).toMatchObject({
			actions: [{type: 'unpin', ...whose}],
		});
	});

	test('R asks first, then takes everything away, and undo gives it back', () => {
		const changes: SessionChange[] = [];
		const recorded = recordControls(selecting(overridden));
		const controls = {
			...recorded,
			sessions: {change: (change: SessionChange) => void changes.push(change)},
		};
		dispatchKey('R', controls);
		expect(controls.state().question?.text).toBe('Take every override and the pin of 5b20aaaa-0..9d away?');
		expect(changes).toEqual([]);
		dispatchKey('y', controls);
		expect(changes).toMatchObject([
			{
				actions: [
					{fields: {model: null, effort: null, tier: null}, profile: null},
					{type: 'unpin', sessionId: overridden},
				],
				undo: [{fields: {model: 'gpt-5.5', effort: 'xhigh', tier: null}, profile: 'deep'}, {type: 'unpin'}],
			},
		]);
	});
});

describe('why not', () => {
	test.each(['m', 'e', 'v', 'P', 'o', 'R'])('%s says it on a read-only screen, on a sub-agent and on nothing', key => {
		expect(reasonOf(selecting(overridden), key)).toBeUndefined();
		expect(reasonOf(selecting(overridden, {...page, isReadOnly: true}), key)).toContain('read-only');
		expect(reasonOf(selecting('01a9e3f1-0000-7000-8000-0000000000a1'), key)).toContain('select the thread above it');
		expect(reasonOf(sampleState('empty', 'sessions', [80, 24]), key)).toBe('No session is selected.');
		expect(reasonOf(selecting(overridden, {...page, brain: undefined}), key)).toContain('has not told');
	});

	test('a service without profiles or upstreams says so, and a session without changes', () => {
		const claude = selecting('77e0aa00-1111-4000-8000-000000000012');
		expect(reasonOf(claude, 'P')).toContain('[claude.profiles.NAME]');
		expect(reasonOf(claude, 'o')).toBe('There is no upstream of claude.');
		expect(reasonOf(claude, 'R')).toContain('Nothing is overridden');
	});
});
