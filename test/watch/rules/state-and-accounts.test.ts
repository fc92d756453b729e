import {describe, expect, test} from 'vitest';
import type {AccountInfo} from '../../../source/event/account-view.ts';
import {configLoaded, endpointInfo} from '../../support/events.ts';
import {minute, Story} from '../../support/incident-story.ts';

const has = (label: string, fields: Partial<AccountInfo> = {}): AccountInfo => ({
	label,
	enabled: true,
	authSource: `env ${label.toUpperCase()}_KEY`,
	hasAuth: true,
	...fields,
});

const lacks = (label: string, fields: Partial<AccountInfo> = {}): AccountInfo =>
	has(label, {hasAuth: false, authSource: `missing env ${label.toUpperCase()}_KEY`, ...fields});

const pool = (...accounts: readonly AccountInfo[]) => endpointInfo('team', {location: 'c.toml:4', accounts});

describe('incident missing-auth of a pool', () => {
	test('opens before the first request for the one account that lacks its key', () => {
		const story = new Story().see(configLoaded(0, [pool(has('work'), lacks('spare'))]));
		expect(story.open).toMatchObject([
			{
				scope: 'codex/team/default#spare',
				title: 'account spare of team has no key',
				evidence: [{text: 'missing env SPARE_KEY (c.toml:4)'}],
			},
		]);
	});

	test('closes when the account has its key, is disabled, or is gone', () => {
		for (const accounts of [[has('spare')], [has('work'), lacks('spare', {enabled: false})], [has('work')]]) {
			const story = new Story().see(configLoaded(0, [pool(has('work'), lacks('spare'))]));
			expect(story.see(configLoaded(1, [pool(...accounts)])).open).toEqual([]);
		}
	});

	test('is one for each account', () => {
		const story = new Story().see(configLoaded(0, [pool(lacks('work'), lacks('spare'))]));
		expect(story.open.map(({scope}) => scope)).toEqual(['codex/team/default#work', 'codex/team/default#spare']);
	});

	test('stays closed for a disabled endpoint', () => {
		const story = new Story().see(configLoaded(0, [{...pool(lacks('work')), enabled: false}]));
		expect(story.open).toEqual([]);
	});
});

describe('incident state-lost', () => {
	test('opens with the first fault of state.db and closes after ten quiet minutes', () => {
		const message = 'state.db was damaged (malformed); it was set aside as state.db.bad-1 and a new one was begun.';
		const story = new Story().see({type: 'state-lost', atMs: 0, problem: 'damaged', message});
		expect(story.open).toMatchObject([{rule: 'state-lost', scope: 'state.db', evidence: [{text: message}]}]);
		expect(story.tick(9 * minute).open).toHaveLength(1);
		expect(story.tick(10 * minute + 1).open).toEqual([]);
	});
});
