import {CommandError, type ExitCode, exitCode} from '../base/errors.ts';
import {openHome} from '../config/home.ts';
import {dayText, lastDays, periodOf, rangeNames, type Period, type RangeName} from '../observe/usage/calendar.ts';
import {allTokens, promptTokens} from '../observe/usage/tally.ts';
import {groupings, type Grouping, type UsageRow, type UsageView} from '../observe/usage/usage-view.ts';
import {pillsLine, goodShare} from '../tui/panes/usage-figures.ts';
import {english} from '../tui/language/english/english.ts';
import {coverageNotes} from '../tui/panes/usage-coverage.ts';
import {
	formatCost,
	formatFirstByte,
	formatLeast,
	formatSpan,
	formatSpeed,
	formatTokens,
	formatUsd,
} from '../tui/panes/usage-format.ts';
import {filterUsage, sortUsage, usageSorts, type UsageSort} from '../tui/store/usage-rows.ts';
import {formatClock, formatShare} from '../tui/text/format.ts';
import {plainOf} from '../tui/text/line.ts';
import {unicodeGlyphs} from '../tui/theme/glyphs.ts';
import {readFlags} from './arguments.ts';
import {usageCsv, usageJson} from './usage-json.ts';
import {openUsage} from './usage-open.ts';

const help = `Usage: codex-tui usage [flags]

  What the requests of a time took: tokens, cost, errors, and what the figures leave out. It reads the ledger in
  logs/requests.jsonl with its rotated files; no engine has to run.

  --range NAME   today (default), yesterday, week, month, all (60 days)
  --days N       the last N days instead, 1 to 400
  --by NAME      provider (default), model, session, project, day, hour, error
  --sort NAME    size (default: tokens), cost, requests, errors, name
  --filter TEXT  rows only that match, as in the screen: words, name:gpt, cost>0.5, requests>=10, -word
  --limit N      so many rows at most (default 40 in the table, all else)
  --json         everything, unknown costs as null
  --csv          the rows

A cost with + is the least it was: something of it has no known price. Prices: pricing_overrides.toml, then the table.

Example:
  codex-tui usage --range week --by model
`;

/** What the command works with. */
export interface UsageCommandOptions {
	readonly env: NodeJS.ProcessEnv;
	readonly write: (text: string) => void;
	/** Wall clock. */
	readonly now: () => number;
}

const wrongUsage = (sentence: string): CommandError =>
	new CommandError(exitCode.usage, 'usage', `${sentence} See \`codex-tui usage --help\`.`);

const choose = <Name extends string>(
	flag: string,
	text: string | undefined,
	names: readonly Name[],
): Name | undefined => {
	const found = names.find(name => name === text);
	if (text !== undefined && found === undefined) {
		throw wrongUsage(`${flag} takes ${names.join(', ')}, not "${text.slice(0, 40)}".`);
	}

	return found;
};

const wholeNumber = (flag: string, text: string | undefined, most: number): number | undefined => {
	if (text === undefined) {
		return undefined;
	}

	const number = /^\d{1,6}$/.test(text) ? Number(text) : 0;
	if (number < 1 || number > most) {
		throw wrongUsage(`${flag} takes a whole number from 1 to ${most}, not "${text.slice(0, 40)}".`);
	}

	return number;
};

interface Asked {
	readonly period: Period;
	readonly grouping: Grouping;
	readonly sort: UsageSort;
	readonly filter: string;
	readonly limit: number | undefined;
	readonly format: 'text' | 'json' | 'csv';
}

const read = (args: readonly string[], nowMs: number): Asked | undefined => {
	const text = {type: 'string'} as const;
	const flag = {type: 'boolean'} as const;
	const flags = readFlags('usage', args[0] === 'summary' ? args.slice(1) : args, {
		...{range: text, days: text, by: text, sort: text, filter: text, limit: text, json: flag, csv: flag},
		help: {type: 'boolean', short: 'h'},
	});
	if (flags.help === true) {
		return undefined;
	}

	if (flags.json === true && flags.csv === true) {
		throw wrongUsage('--json and --csv exclude each other.');
	}

	if (flags.range !== undefined && flags.days !== undefined) {
		throw wrongUsage('--range and --days exclude each other.');
	}

	const days = wholeNumber('--days', flags.days, 400);
	const range: RangeName = choose('--range', flags.range, rangeNames) ?? 'today';
	return {
		period: days === undefined ? periodOf(range, nowMs) : lastDays(days, nowMs),
		grouping: choose('--by', flags.by, groupings) ?? 'provider',
		sort: choose('--sort', flags.sort, usageSorts) ?? 'size',
		filter: flags.filter ?? '',
		limit: wholeNumber('--limit', flags.limit, 100_000),
		format: flags.json === true ? 'json' : flags.csv === true ? 'csv' : 'text',
	};
};

const rowCells = (grouping: Grouping, {label, about, tally}: UsageRow, all: number) =>
	grouping === 'error'
		? {
				ERROR: label,
				UPSTREAM: about,
				TRIES: formatTokens(tally.requests),
				SEEN: formatTokens(tally.endings.failed),
			}
		: {
				[grouping.toUpperCase()]: label,
				REQ: formatTokens(tally.requests),
				OK: goodShare(tally),
				IN: formatTokens(promptTokens(tally)),
				OUT: formatTokens(tally.output),
				CACHED: formatShare(tally.cacheRead, promptTokens(tally)),
				COST: formatCost(tally, english.usage),
				SHARE: formatShare(allTokens(tally), all),
				'1ST BYTE': formatFirstByte(tally),
				SPEED: formatSpeed(tally),
			};

const tableText = async ({grouping, total}: UsageView, rows: readonly UsageRow[]): Promise<string> => {
	if (rows.length === 0) {
		return grouping === 'error' && total.requests > 0 ? 'No attempt failed.' : 'Nothing to show.';
	}

	const {printedTable} = await import('../tui/table/ink-table.ts');
	const cells = rows.map(row => rowCells(grouping, row, allTokens(total)));
	return printedTable(cells, Object.keys(cells[0] ?? {}));
};

/** `2026-11-21`, or `2026-11-15 to 2026-11-21`. */
const periodText = ({fromMs, toMs}: Period): string => {
	const [first, last] = [dayText(fromMs), dayText(toMs - 1)];
	return first === last ? first : `${first} to ${last}`;
};

const totalText = (view: UsageView): string => {
	const {total} = view;
	const tokens = `${formatTokens(allTokens(total))} tokens (${formatTokens(promptTokens(total))} in, ${formatShare(total.cacheRead, promptTokens(total))} of it cached; ${formatTokens(total.output)} out)`;
	return [
		`${periodText(view.period)}: ${formatTokens(total.requests)} request${total.requests === 1 ? '' : 's'}, ${goodShare(total)} ok, ${tokens}, cost ${formatCost(total, english.usage)}, ${formatSpan(total.durationMs)} of answers.`,
		plainOf(pillsLine(view, 200, {words: english.usage, glyphs: unicodeGlyphs})).trim(),
	].join('\n');
};

const moneyText = ({forecast}: UsageView): string => {
	const {spentNanoUsd, isSpentPartial, budgetNanoUsd, projectedNanoUsd, nanoUsdPerHour, windowMs, untilMs, confidence} =
		forecast;
	const budget = budgetNanoUsd === undefined ? '' : ` of ${formatUsd(budgetNanoUsd)}`;
	const told =
		projectedNanoUsd === undefined || nanoUsdPerHour === undefined
			? confidence === 'disabled'
				? ''
				: ` No forecast: ${confidence}.`
			: ` Forecast ${formatUsd(projectedNanoUsd)} by ${formatClock(untilMs).slice(0, 5)} at ${formatUsd(nanoUsdPerHour)}/h as in the last ${formatSpan(windowMs)} (${confidence}).`;
	return `Today ${formatLeast(spentNanoUsd, isSpentPartial)}${budget}.${told}`;
};

const textOf = async (view: UsageView, rows: readonly UsageRow[], warnings: readonly string[]): Promise<string> => {
	const notes = coverageNotes(view, english.coverage).map(({tone, text}) => (tone === 'warn' ? `! ${text}` : text));
	const prices = view.prices.map(({model, text}) => `Price of ${model}: ${text ?? 'unknown'}.`);
	return [
		totalText(view),
		await tableText(view, rows),
		moneyText(view),
		...notes,
		...warnings.map(warning => `! ${warning}`),
		...prices,
	].join('\n');
};

const tableRows = 40;

/** `codex-tui usage`. Throws CommandError `usage` (exit code 2), or an error that names the ledger where it cannot be read. */
export const runUsage = async (args: readonly string[], {env, write, now}: UsageCommandOptions): Promise<ExitCode> => {
	const asked = read(args, now());
	if (asked === undefined) {
		write(help.trimEnd());
		return exitCode.done;
	}

	const {source, warnings} = await openUsage(await openHome(env), {env, now});
	try {
		const view = await source.complete(asked);
		const filtered = filterUsage(sortUsage(view.rows, asked.sort, false), asked.filter);
		if (filtered.problem !== undefined) {
			throw wrongUsage(filtered.problem);
		}

		const rows = filtered.rows.slice(0, asked.limit ?? (asked.format === 'text' ? tableRows : undefined));
		write(
			asked.format === 'json'
				? JSON.stringify(usageJson(view, rows, warnings))
				: asked.format === 'csv'
					? usageCsv(view, rows)
					: await textOf(view, rows, warnings),
		);
		return exitCode.done;
	} finally {
		await source.close();
	}
};

/** `codex-tui usage`. */
export const run = async (args: readonly string[]): Promise<ExitCode> =>
	await runUsage(args, {env: process.env, write: text => console.log(text), now: Date.now});
