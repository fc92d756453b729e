import {type ExtractRules, noRules} from '../../source/provider/balance/extract.ts';
import type {BalanceResult} from '../../source/provider/balance/kind.ts';
import {balanceKind} from '../../source/provider/balance/kinds.ts';
import type {BalanceReading} from '../../source/wire/balance.ts';

const nowMs = Date.UTC(2026, 6, 1, 12);

/** What a kind makes of an answer at noon of 2026-07-01 UTC. */
export const readBalance = (
	name: string,
	json: unknown,
	more: {baseUrl?: string; rules?: Partial<ExtractRules>} = {},
): BalanceResult => {
	const kind = balanceKind(name);
	if (kind === undefined) {
		throw new Error(`no kind ${name}`);
	}

	return kind.read({
		json,
		nowMs,
		baseUrl: more.baseUrl ?? 'https://relay.example/v1',
		rules: {...noRules, ...more.rules},
	});
};

/** The same where it must be a reading. */
export const readingOf = (...args: Parameters<typeof readBalance>): BalanceReading => {
	const result = readBalance(...args);
	if (result.kind !== 'reading') {
		throw new Error(result.text);
	}

	return result.reading;
};
