import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, test} from 'vitest';
import type {EngineAction} from '../../../source/event/protocol.ts';
import {ActionDesk} from '../../../source/tui/store/action-desk.ts';
import {inverseOf} from '../../../source/tui/store/inverse.ts';
import {initialState, type ScreenState} from '../../../source/tui/store/screen-state.ts';
import {UndoDesk} from '../../../source/tui/store/undo-desk.ts';
import {TranscriptLayout} from '../../../source/tui/text/transcript-layout.ts';
import {FakeLink} from '../../support/fake-link.ts';
import {sampleBrain} from '../../support/sample-brain.ts';
import {sampleNowMs, sampleSnapshot} from '../../support/sample-screen.ts';

const start = (): ScreenState => ({
	...initialState({
		...{columns: 80, rows: 24, nowMs: sampleNowMs, isReadOnly: false, themeName: 'midnight'},
		layout: new TranscriptLayout(),
	}),
	engine: {...sampleSnapshot(sampleNowMs).engine, pins: {}},
	brain: sampleBrain(sampleNowMs),
});

/** An undo desk with an action desk over a state, and what they said. */
const desks = (link: FakeLink) => {
	let state = start();
	const said: string[] = [];
	const say = (text: string): void => void said.push(text);
	const screen = {
		state: () => state,
		update: (change: (before: ScreenState) => ScreenState) => {
			state = change({...state, nowMs: state.nowMs + 2000});
		},
		say,
	};
	const undo = new UndoDesk(screen);
	const {act} = new ActionDesk({link, undo, say, state: screen.state, expire: () => undefined});
	return {act, undo, said, screen};
};

const link = (): FakeLink => new FakeLink(sampleSnapshot(sampleNowMs));

const pin = (endpointKey: string): EngineAction => ({type: 'pin', service: 'codex', endpointKey, mode: 'only'});

describe('the way back from an action', () => {
	test('leads to the pin that held before, or to none', () => {
		const state = start();
		expect(inverseOf(state, pin('codex/a/default'))).toEqual([{type: 'unpin', service: 'codex', sessionId: undefined}]);
		const pinned: ScreenState = {
			...state,
			engine: state.engine && {
				...state.engine,
				pins: {codex: {endpointKey: 'codex/b/default', mode: 'prefer', setAtMs: 1, untilMs: 9}},
			},
		};
		expect(inverseOf(pinned, {type: 'unpin', service: 'codex'})).toMatchObject([
			{type: 'pin', endpointKey: 'codex/b/default', mode: 'prefer', untilMs: 9},
		]);
	});

	test('leads to the override that held before, and lets an account go on that was paused', () => {
		const {brain} = start();
		const overrides = [
			{service: 'codex' as const, sessionId: 's', model: 'm', effort: undefined, tier: undefined, profile: 'deep'},
		];
		const state: ScreenState = {...start(), brain: brain && {...brain, overrides}};
		const change: EngineAction = {type: 'override', service: 'codex', sessionId: 's', fields: {effort: 'high'}};
		expect(inverseOf(state, change)).toEqual([
			{...change, fields: {model: 'm', effort: null, tier: null}, profile: undefined},
		]);
		const pause: EngineAction = {type: 'account', service: 'codex', provider: 'p', account: 'a', isPaused: true};
		expect(inverseOf(state, pause)).toEqual([{...pause, isPaused: false}]);
	});

	test('puts dismissed cooldowns back with their ends, and there is none for what cannot be taken back', () => {
		const {brain} = start();
		const row = {
			id: 'x',
			scope: 'account',
			endpointKey: 'codex/a/default',
			account: 'default',
			model: undefined,
			cause: 'limit',
			reason: '429',
			isExtended: false,
		} as const;
		const actions = [
			{...row, expiresAtMs: sampleNowMs + 60_000},
			{...row, id: 'y', cause: 'auth' as const, expiresAtMs: undefined},
		];
		const state: ScreenState = {...start(), brain: brain && {...brain, actions}};
		expect(inverseOf(state, {type: 'dismiss', endpointKey: 'codex/a/default'})).toMatchObject([
			{type: 'cool-down', account: 'default', untilMs: sampleNowMs + 60_000, reason: '429'},
		]);
		expect(inverseOf(state, {type: 'move-request', requestId: 'r'})).toEqual([]);
		expect(inverseOf(state, {type: 'replay-request', requestId: 'r', to: 'codex/a/default'})).toEqual([]);
	});
});

describe('undo', () => {
	test('takes many steps back, the newest first, and says what; then there is nothing', async () => {
		const far = link();
		const {act, undo, said, screen} = desks(far);
		act(pin('codex/a/default'), 'Codex goes to a.');
		await sleep(1);
		act({type: 'account', service: 'codex', provider: 'p', account: 'x', isPaused: true}, 'p is paused.');
		await sleep(1);
		expect(screen.state().undos.map(({label}) => label)).toEqual(['p is paused.', 'Codex goes to a.']);
		undo.undo(1);
		undo.undo(1);
		undo.undo(1);
		await sleep(5);
		expect(far.actions.slice(2)).toMatchObject([{type: 'account', isPaused: false}, {type: 'unpin'}]);
		expect(said.slice(2)).toEqual([
			'Taken back: "p is paused."',
			'Taken back: "Codex goes to a."',
			'There is nothing to undo.',
		]);
	});

	test('what was refused leaves nothing, and what cannot be undone now stays', async () => {
		const far = link();
		const {act, undo, said, screen} = desks(far);
		far.refusal = 'No.';
		act(pin('codex/a/default'), 'done');
		await sleep(1);
		expect(screen.state().undos).toEqual([]);
		far.refusal = undefined;
		act(pin('codex/a/default'), 'done');
		await sleep(1);
		far.refusal = 'Not now.';
		undo.undo(1);
		await sleep(1);
		expect(said.at(-1)).toBe('Not now.');
		expect(screen.state().undos).toHaveLength(1);
	});

	test('parts of one change are one step', async () => {
		const order: string[] = [];
		let state = start();
		const undo = new UndoDesk({
			state: () => state,
			update: change => (state = change(state)),
			say: text => void order.push(text),
		});
		for (const account of ['a', 'b']) {
			undo.remember({
				label: 'Paused.',
				take: async () => {
					order.push(account);
					return undefined;
				},
			});
		}

		expect(state.undos).toHaveLength(1);
		undo.undo(1);
		await sleep(1);
		expect(order).toEqual(['b', 'a', 'Taken back: "Paused."']);
	});
});
