import {expect, test} from 'vitest';
import {Continuity} from '../../../source/engine/brain/continuity.ts';
import {openStateStore} from '../../../source/engine/brain/state-store.ts';
import {sessionsView} from '../../../source/engine/brain/sessions-view.ts';
import {parseConfig} from '../../../source/config/load.ts';
import {fakeClock} from '../../support/clock.ts';
import {temporaryFolder} from '../../support/folder.ts';

const source = `version = 5

[codex]
default_profile = "fast"

[codex.profiles.fast]
model = "gpt-5.4"
service_tier = "priority"

[codex.profiles.deep]
extends = "fast"
reasoning_effort = "xhigh"

[codex.providers.team]
base_url = "https://team.example/v1"
auth_token = "sk-team-key-123456"
supported_models = {"gpt-5.5" = true, "gpt-5*" = true, "old" = false}
model_mapping = {"mine" = "gpt-5.5"}
`;

test('overrides and profiles of a session are one, ties come newest first, and choices are those of the file', () => {
	using folder = temporaryFolder();
	const clock = fakeClock();
	const store = openStateStore(`${folder.path}/state.db`, clock.now, () => undefined);
	const continuity = new Continuity({store, now: clock.now, onFault: () => undefined});
	continuity.overrides.set('codex', 's1', {effort: 'high'});
	continuity.profiles.apply('codex', 's1', 'deep');
	continuity.profiles.apply('claude', 's2', 'other');
	for (const sessionId of ['s1', 's2']) {
		continuity.affinities.recordSuccess({
			...{
				service: 'codex',
				sessionId,
				identitySource: undefined,
				account: 'default',
				graphKey: 'g',
				routePath: ['main'],
			},
			...{endpoint: {key: 'codex/team/default', baseUrl: 'https://team.example/v1'}, failedBefore: undefined},
		});
	}

	const config = {...parseConfig(source, {path: 'config.toml', env: {}}), hash: ''};
	const view = sessionsView(continuity, config);
	const none = {model: undefined, effort: undefined, tier: undefined};
	expect(view.overrides).toEqual([
		{...none, service: 'codex', sessionId: 's1', effort: 'high', profile: 'deep'},
		{...none, service: 'claude', sessionId: 's2', profile: 'other'},
	]);
	expect(view.affinities).toMatchObject([
		{service: 'codex', sessionId: 's2', endpointKey: 'codex/team/default', changeReason: 'first_success'},
		{service: 'codex', sessionId: 's1'},
	]);
	expect(view.choices.find(({service}) => service === 'codex')).toEqual({
		service: 'codex',
		models: ['gpt-5.4', 'gpt-5.5', 'mine'],
		profiles: [
			{name: 'fast', about: 'gpt-5.4, priority'},
			{name: 'deep', about: 'gpt-5.4, xhigh, priority'},
		],
		defaultProfile: 'fast',
	});
	expect(JSON.stringify(view)).not.toContain('sk-team');
	store.close();
});
