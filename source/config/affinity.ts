import type {AffinityConfig} from './graph.ts';
import type {Section} from './section.ts';

const policies = ['off', 'preferred-group', 'fallback-sticky', 'hard', 'hard-compact'] as const;
const anyWindow = [0, Number.MAX_SAFE_INTEGER] as const;

/**
 * The affinity keys of `[S.routing]` (codex-helper.md 1.5). `hard` in a file that holds nothing of codex-tui's own becomes `hard-compact`,
 * which is what codex-helper does with it (routing.md 3), and a note says so. Throws `ConfigError`.
 */
export const readAffinity = (
	routing: Section | undefined,
	isForeign: boolean,
): {readonly affinity: AffinityConfig; readonly notes: readonly string[]} => {
	const stated = routing?.choice('affinity_policy', policies) ?? 'fallback-sticky';
	const isMapped = stated === 'hard' && isForeign && routing !== undefined;
	const affinity: AffinityConfig = {
		policy: isMapped ? 'hard-compact' : stated,
		fallbackTtlMs: routing?.integer('fallback_ttl_ms', anyWindow),
		reprobePreferredAfterMs: routing?.integer('reprobe_preferred_after_ms', anyWindow),
	};
	if (!isMapped) {
		return {affinity, notes: []};
	}

	const {document, path} = routing;
	const line = document.locate([...path, 'affinity_policy'])?.line ?? 1;
	const note =
		'affinity_policy = "hard" is read as "hard-compact", as codex-helper reads it: the file has no key of codex-tui’s own. ' +
		'Write "hard-compact" to keep that, or add a table [listen] for "hard" on every turn.';
	return {affinity, notes: [`${document.path}:${line}: ${note}`]};
};
