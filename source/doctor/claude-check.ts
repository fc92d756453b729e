import {existsSync} from 'node:fs';
import path from 'node:path';
import type {Config} from '../config/config.ts';
import type {CheckFinding} from '../event/doctor.ts';
import {fail, ok, skipped, warn, type Check} from './check.ts';
import {readClaudePlaces, type ClaudePlace} from './claude-settings.ts';
import {readLocalToken} from './engine-checks.ts';
import {isListening, isLoopback} from './reach.ts';
import {doctorClocks, type DoctorSurroundings, type EngineAddresses} from './surroundings.ts';

/* Whether Claude Code sends its requests to us. Nothing here writes: its settings are the user's. */

interface Claude {
	readonly places: readonly ClaudePlace[];
	/** The place whose address counts. */
	readonly from: ClaudePlace | undefined;
	/** Our door for it; undefined where no provider of the service is configured. */
	readonly door: string | undefined;
	readonly userFile: string;
	readonly tokenFile: string;
	readonly token: string | undefined;
	readonly isRunning: boolean;
	readonly needsToken: boolean;
}

const originOf = (address: string): string | undefined => {
	try {
		return new URL(address).origin;
	} catch {
		return undefined;
	}
};

const pointFix = ({userFile, door, tokenFile}: Claude): string =>
	`Set ANTHROPIC_BASE_URL to ${door} and ANTHROPIC_AUTH_TOKEN to the text in ${tokenFile}, both under "env" in ${userFile}.`;

const hasDeadPort = async (address: string): Promise<boolean> => {
	const origin = originOf(address);
	return (
		origin !== undefined && isLoopback(new URL(origin).hostname) && !(await isListening(origin, doctorClocks.tcpMs))
	);
};

const judgeToken = (claude: Claude, where: string): CheckFinding => {
	const {places, door, token, tokenFile, needsToken} = claude;
	const sent = places.find(place => place.token !== undefined);
	if (needsToken && (sent?.token === undefined || sent.token !== token)) {
		const what =
			sent === undefined
				? `Claude Code is pointed at ${door}, but without the local token.`
				: `Claude Code is pointed at ${door}, but with another token (${sent.name}).`;
		return fail(what, {where, fix: `Set ANTHROPIC_AUTH_TOKEN to the text in ${tokenFile}.`});
	}

	const keyed = places.find(place => place.apiKey !== undefined);
	return keyed === undefined
		? ok(`Claude Code is pointed at ${door}.`, {where})
		: warn(`Claude Code is pointed at ${door}, but also sends the ANTHROPIC_API_KEY of ${keyed.name}.`, {
				where,
				fix: `Take ANTHROPIC_API_KEY out of ${keyed.name}.`,
			});
};

const judge = async (claude: Claude): Promise<CheckFinding> => {
	const {places, from, door, isRunning, userFile} = claude;
	const unreadable = places.find(({problem}) => problem !== undefined);
	if (unreadable !== undefined) {
		return fail(`Claude Code's settings cannot be read: ${unreadable.problem}.`, {
			where: unreadable.name,
			fix: 'Mend the file by hand; Claude Code ignores it as it is.',
		});
	}

	const address = from?.baseUrl;
	const where = from?.name ?? userFile;
	const isOurs = door !== undefined && address !== undefined && originOf(address) === door;
	if (address !== undefined && (!isOurs || !isRunning) && (await hasDeadPort(address))) {
		return fail(`Claude Code is pointed at ${originOf(address)}, where nothing listens: its requests fail.`, {
			where,
			fix:
				door === undefined
					? `Take ANTHROPIC_BASE_URL out of ${where}.`
					: `Start codex-tui, or take ANTHROPIC_BASE_URL out of ${where}.`,
		});
	}

	if (door === undefined) {
		return skipped('No provider is configured under [claude.providers], so Claude Code is not expected here.');
	}

	if (isOurs) {
		return judgeToken(claude, where);
	}

	const to = address === undefined ? 'its maker' : (originOf(address) ?? 'an address that is no URL');
	return warn(`Claude Code goes to ${to}, not to codex-tui.`, {where, fix: pointFix(claude)});
};

/** The origin of our door for Claude Code. */
const doorOf = (config: Config | undefined, running: EngineAddresses | undefined): string | undefined => {
	const port = config?.listen.claudePort;
	return running?.claudeUrl ?? (port === undefined || port === 0 ? undefined : `http://127.0.0.1:${port}`);
};

/** Whether Claude Code is pointed at us. */
export const claudeCheck = (
	surroundings: DoctorSurroundings,
	{config, running}: {readonly config: Config | undefined; readonly running: EngineAddresses | undefined},
): Check => ({
	id: 'client.claude',
	group: 'client',
	isForStart: true,
	look: async () => {
		const {claudeHome, folder, env, home, isDemo} = surroundings;
		if (isDemo) {
			return skipped('The demo leaves Claude Code alone.');
		}

		const places = await readClaudePlaces({claudeHome, folder, env});
		const from = places.find(({baseUrl}) => baseUrl !== undefined);
		if (!existsSync(claudeHome) && from === undefined) {
			return skipped(`Claude Code has no folder ${claudeHome}: it was never started here.`);
		}

		return await judge({
			places,
			from,
			door: doorOf(config, running),
			userFile: path.join(claudeHome, 'settings.json'),
			tokenFile: home.token,
			token: await readLocalToken(home.token),
			isRunning: running !== undefined,
			needsToken: config?.listen.auth !== 'none',
		});
	},
});
