import {existsSync} from 'node:fs';
import {healSwitch, switchOn} from '../client/codex/switch.ts';
import {providerId} from '../client/codex/provider-edit.ts';
import {switchStatus, type SwitchStatus} from '../client/codex/switch-status.ts';
import {openHome, readOrCreateToken} from '../config/home.ts';
import type {CheckFinding} from '../event/doctor.ts';
import {fail, ok, skipped, warn, type Check} from './check.ts';
import {isListening} from './reach.ts';
import {doctorClocks, type DoctorSurroundings, type EngineAddresses} from './surroundings.ts';

/* Whether Codex sends its requests to us, and whether somebody is there to take them. */

const switchOnFix = 'Run "codex-tui switch on".';

const judgeOn = async (
	{baseUrl, file: where, profileOverride}: SwitchStatus,
	running: EngineAddresses | undefined,
): Promise<CheckFinding> => {
	const origin = (baseUrl ?? '').replace(/\/v1$/, '');
	if (running?.url !== undefined && origin !== running.url) {
		return fail(`Codex is pointed at ${origin}, but the engine listens on ${running.url}.`, {
			where,
			fix: switchOnFix,
			repair: `Point Codex at ${running.url}?`,
		});
	}

	if (running === undefined && !(await isListening(origin, doctorClocks.tcpMs))) {
		return fail(`Codex is pointed at ${origin}, where nothing listens: its requests fail.`, {
			where,
			fix: 'Start codex-tui, or give Codex back what it had with "codex-tui switch heal".',
			repair: 'Give Codex back what it had?',
		});
	}

	if (profileOverride !== undefined) {
		const {profile, modelProvider} = profileOverride;
		return warn(`Codex is pointed at codex-tui, but its profile ${profile} uses ${modelProvider} instead.`, {
			where,
			fix: `Take model_provider out of [profiles.${profile}], or start Codex with another profile.`,
		});
	}

	return ok(`Codex is pointed at ${origin}.`, {where});
};

const judge = async (status: SwitchStatus, running: EngineAddresses | undefined): Promise<CheckFinding> => {
	const {file: where, detail} = status;
	switch (status.state) {
		case 'on': {
			return await judgeOn(status, running);
		}

		case 'off': {
			return running?.url === undefined
				? ok('Codex is not pointed at codex-tui; that is done while it runs.', {where})
				: warn('Codex is not pointed at codex-tui: its requests go elsewhere.', {
						where,
						fix: switchOnFix,
						repair: `Point Codex at ${running.url}?`,
					});
		}

		case 'elsewhere': {
			// What points at another codex-tui belongs to somebody: only "switch on --yes" takes it, by a person who knows.
			const isForeign = status.modelProvider === providerId;
			const canRepair = !isForeign && running?.url !== undefined;
			return fail(isForeign ? `Codex is pointed at another codex-tui, ${status.baseUrl}.` : detail, {
				where,
				fix: isForeign ? 'Stop that one, or take Codex over with "codex-tui switch on --yes".' : switchOnFix,
				...(canRepair && {repair: `Point Codex at ${running.url}?`}),
			});
		}

		case 'broken': {
			return fail(detail, {where, fix: 'Mend the file by hand; codex-tui changes nothing that it cannot read.'});
		}
	}
};

/** Whether Codex is pointed at us; mends it by the same switch as `codex-tui switch`. */
export const codexCheck = (surroundings: DoctorSurroundings, running: EngineAddresses | undefined): Check => {
	const {home, codexHome, isDemo, env, onSwitch} = surroundings;
	return {
		id: 'client.codex',
		group: 'client',
		isForStart: true,
		look: async () => {
			if (isDemo) {
				return skipped('The demo leaves Codex alone.');
			}

			if (!existsSync(codexHome)) {
				return skipped(`Codex has no folder ${codexHome}: it was never started here.`);
			}

			return await judge(await switchStatus({home, codexHome}), running);
		},
		mend: async () => {
			const opened = await openHome(env);
			if (running?.url === undefined) {
				return (await healSwitch({home: opened})).detail;
			}

			const token = await readOrCreateToken(opened);
			const {status} = await switchOn({home: opened, codexHome, url: running.url, token, takeOver: false});
			onSwitch?.(true);
			return status.detail;
		},
	};
};
