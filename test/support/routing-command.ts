import {runRouting} from '../../source/command/routing.ts';
import {type ControlAnswers, playControl} from './control-api.ts';

/** The moment at which the command runs. */
export const routingNowMs = Date.UTC(2026, 10, 21, 12);

/** The upstreams of {@link routingRoutes}. */
export const routingKeys = [
	'codex/team/default',
	'codex/team/backup',
	'codex/spare/east',
	'claude/team/default',
	'claude/anthropic/default',
] as const;

/** What every played engine knows. */
export const routingRoutes = {'GET /api/v1/routes': routingKeys.map(endpointKey => ({endpointKey}))};

/** Runs `routing` against a control API that answers so; gives the text, the exit code and what was asked. */
export const runRoutingAt = async (args: readonly string[], answers: ControlAnswers) => {
	await using control = await playControl({...routingRoutes, ...answers});
	const written: string[] = [];
	const code = await runRouting(args, {env: control.env, nowMs: routingNowMs, write: text => written.push(text)});
	return {code, text: written.join('\n'), asked: control.asked, changes: control.changes};
};

/** What it throws; `done` where it does not. */
export const refusedRouting = async (args: readonly string[], answers: ControlAnswers = {}): Promise<unknown> =>
	await runRoutingAt(args, answers).then(
		() => 'done',
		(error: unknown) => error,
	);
