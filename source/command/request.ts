import {CommandError, exitCode, RelayError, type ExitCode} from '../base/errors.ts';
import {at, numberAt, textAt} from '../base/json.ts';
import {sanitizeLine} from '../base/sanitize.ts';
import {openHome} from '../config/home.ts';
import {curlText} from '../observe/curl-text.ts';
import {formatClock, formatDuration, nameOfEndpoint} from '../tui/text/format.ts';
import {costText} from '../tui/panes/usage-format.ts';
import {createCosts, requestsOf, type PricedJson} from './request-costs.ts';
import {readRequestFlags, wrongRequest, type RequestFlags} from './request-flags.ts';
import {endpointKeysOf, findNamed, needControl} from './routing-control.ts';
import type {ControlClient} from './control-client.ts';

const help = `Usage: codex-tui request VERB [flags]      the requests that the running engine of this home remembers

  list                   the newest requests, newest first
  show ID                what became of one: its upstreams, times, tokens and cost
  show ID --body         what the client sent; --answer: what it got. Secrets are masked
  curl ID                a curl command that sends it to this engine again; $KEY stands for the local token
  replay ID --to NAME    sends it once more, to NAME alone, as a new request that names the old one. It costs what a request costs

NAME is a provider, provider.endpoint, or a key such as codex/team/default.

Flags:
  --limit N    so many rows at most (default 40)
  --errors     list: only those that failed or broke off
  --raw        show: the body as it was, not indented
  --yes        replay: do not ask
  --json       JSON: the engine's own rows, with their cost where the price is known; or {"text":…} of a body

Exit codes: 0 done · 1 failed, or no engine runs · 2 wrong usage, or no such request · 6 not agreed to.

Example:
  codex-tui request list --errors && codex-tui request replay req_01 --to relay-b --yes
`;

interface Context {
	readonly control: ControlClient;
	readonly priced: ReturnType<typeof createCosts>;
	readonly write: (text: string) => void;
}

const cell = (row: unknown, name: string): string => sanitizeLine(textAt(row, name) ?? '');

const listRow = (row: PricedJson) => ({
	ID: cell(row, 'requestId'),
	TIME: formatClock(numberAt(row, 'startedAtMs') ?? 0),
	STATE: `${cell(row, 'state')} ${numberAt(row, 'statusCode') ?? ''}`.trim(),
	UPSTREAM: textAt(row, 'endpointKey') === undefined ? '' : nameOfEndpoint(cell(row, 'endpointKey')),
	MODEL: cell(row, 'model'),
	TOOK: formatDuration(numberAt(row, 'durationMs')),
	COST: costText(row) ?? '',
	NOTE: cell(row, 'note').slice(0, 60),
});

const isError = (row: unknown): boolean => ['failed', 'cut'].includes(textAt(row, 'state') ?? '');

const list = async ({control, priced, write}: Context, {limit, errors, json}: RequestFlags): Promise<void> => {
	const all = requestsOf(await control.read('/api/v1/requests')).toReversed();
	const rows = await priced(all.filter(row => !errors || isError(row)).slice(0, limit));
	if (json) {
		write(JSON.stringify(rows));
		return;
	}

	const {printedTable} = await import('../tui/table/ink-table.ts');
	const columns = ['ID', 'TIME', 'STATE', 'UPSTREAM', 'MODEL', 'TOOK', 'COST', 'NOTE'];
	write(rows.length === 0 ? 'No request is remembered.' : printedTable(rows.map(listRow), columns));
};

const pathOf = (id: string): string => `/api/v1/requests/${encodeURIComponent(id)}`;

interface WholeBody {
	readonly text: string;
	readonly isTruncated: boolean;
	readonly target: {readonly method: string; readonly path: string} | undefined;
}

/** Every page of a body, one after the other. Throws RelayError `body-missing` with the engine's reason. */
const readBody = async (control: ControlClient, id: string, asked: string): Promise<WholeBody> => {
	let text = '';
	for (;;) {
		const page = await control.read(`${pathOf(id)}/body?${asked}&from=${text.length}`);
		const missing = textAt(page, 'missing');
		const piece = at(page, 'text');
		if (missing !== undefined || typeof piece !== 'string') {
			throw new RelayError('body-missing', missing ?? "The engine's answer is no body; is it of another version?");
		}

		text += piece;
		if (piece === '' || text.length >= (numberAt(page, 'total') ?? 0)) {
			const [method, path] = [textAt(page, 'target', 'method'), textAt(page, 'target', 'path')];
			const target = method === undefined || path === undefined ? undefined : {method, path};
			return {text, isTruncated: at(page, 'isTruncated') === true, target};
		}
	}
};

const show = async ({control, priced, write}: Context, {id, part, raw, json}: RequestFlags): Promise<void> => {
	if (part !== undefined) {
		const {text, isTruncated} = await readBody(control, id, `part=${part}&form=${raw ? 'raw' : 'pretty'}`);
		write(json ? JSON.stringify({part, text, isTruncated}) : text);
		return;
	}

	const [row] = await priced(requestsOf([await control.read(pathOf(id))]));
	if (json) {
		write(JSON.stringify(row));
		return;
	}

	const attempts = at(row, 'attempts');
	const tried = Array.isArray(attempts) ? attempts : [];
	const usage = at(row, 'usage');
	const facts: ReadonlyArray<readonly [string, string]> = [
		['request', cell(row, 'requestId')],
		['repeats', cell(row, 'replayOf')],
		['call', `${cell(row, 'method')} ${cell(row, 'path')} ${cell(row, 'kind')} ${cell(row, 'client')}`],
		['state', `${cell(row, 'state')} ${numberAt(row, 'statusCode') ?? ''}`],
		['model', `${cell(row, 'model')} ${cell(row, 'effort')}`],
		['session', cell(row, 'sessionId')],
		['took', `${formatDuration(numberAt(row, 'durationMs'))}, first byte ${formatDuration(numberAt(row, 'ttfbMs'))}`],
		...tried.map((attempt, index): readonly [string, string] => [
			`try ${index + 1}`,
			`${cell(attempt, 'endpointKey')} ${cell(attempt, 'outcome')} ${cell(attempt, 'code')}: ${cell(attempt, 'reason')}`,
		]),
		[
			'tokens',
			usage === undefined
				? ''
				: `${numberAt(usage, 'inputTokens') ?? '-'} in, ${numberAt(usage, 'outputTokens') ?? '-'} out`,
		],
		['cost', row === undefined ? '' : (costText(row) ?? '')],
		['note', cell(row, 'note')],
	];
	const said = facts.map(([label, text]) => [label, text.trim()] as const).filter(([, text]) => text !== '');
	write(said.map(([label, text]) => `${label.padEnd(9)}${text}`).join('\n'));
};

const curl = async ({control, write}: Context, {id, json}: RequestFlags): Promise<void> => {
	const {text, target} = await readBody(control, id, 'part=request&form=raw');
	const url = textAt(await control.read('/api/v1/snapshot'), 'engine', 'url');
	if (target === undefined || url === undefined) {
		throw new RelayError('body-missing', `Where request ${id} went is not known any more.`);
	}

	const command = curlText(url, target, text);
	write(json ? JSON.stringify({curl: command}) : command);
};

const replay = async ({control, write}: Context, {id, to, isAgreed, json}: RequestFlags): Promise<void> => {
	const [endpoint, ...others] = findNamed(await endpointKeysOf(control), to ?? '', undefined);
	if (endpoint === undefined || others.length > 0) {
		throw wrongRequest(
			`"${to ?? ''}" means ${others.length + 1} endpoints: ${[endpoint, ...others].join(', ')}. Name one by its key.`,
		);
	}

	if (!isAgreed) {
		throw new CommandError(
			exitCode.cancelled,
			'not-agreed',
			`Sending request ${id} to ${endpoint} again costs what a request costs; say --yes.`,
		);
	}

	await control.change('/api/v1/replay', {request: id, to: endpoint});
	const news = requestsOf(await control.read('/api/v1/requests')).findLast(row => row['replayOf'] === id);
	const requestId = textAt(news, 'requestId');
	write(
		json
			? JSON.stringify({requestId, replayOf: id, endpoint})
			: `Request ${id} was sent again to ${endpoint}${requestId === undefined ? '' : ` as ${requestId}`}.`,
	);
};

const verbs = {list, show, curl, replay} as const;

/** `codex-tui request VERB`. Resolves with 0; throws CommandError and RelayError with the engine's own sentences. */
export const run = async (args: readonly string[]): Promise<ExitCode> => {
	const flags = readRequestFlags(args);
	if (flags === 'help') {
		console.log(help.trimEnd());
		return exitCode.done;
	}

	const context = {
		control: await needControl(process.env),
		priced: createCosts(await openHome(process.env), process.env),
		write: (text: string) => console.log(text),
	};
	await verbs[flags.verb](context, flags);
	return exitCode.done;
};
