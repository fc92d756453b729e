import {messageOf} from '../../base/errors.ts';
import type {Config, Endpoint} from '../../config/config.ts';
import type {HistoryConfig} from '../../config/history.ts';
import {bodyWords} from '../../identify/body-words.ts';
import type {Call} from '../../identify/call.ts';
import {identify} from '../../identify/identify.ts';
import type {BridgeRequest} from '../../translate/codec/ir.ts';
import type {Loss} from '../../translate/codec/loss.ts';
import type {ProviderQuirks} from '../../translate/codec/quirks.ts';
import {ReasoningMemory} from '../../translate/store/reasoning-memory.ts';
import {inputItems, outputItems, type StoredResponse} from '../../translate/store/stored-response.ts';
import {
	isWholeHistory,
	referencesIn,
	resolveReferences,
	responseOfItem,
	unfoldInput,
} from '../../translate/store/unfold.ts';
import {parseJsonObject, type JsonObject} from '../../wire/json-value.ts';
import type {Dialect} from '../../wire/names.ts';
import {BodyError} from '../door/accept-body.ts';
import {AutoContinue} from './auto-continue.ts';
import type {BridgeAids} from '../bridge/bridge.ts';
import type {HistoryFiles} from './history-files.ts';
import {limitsOf, openHistory, type HistoryOptions} from './open-history.ts';
import {loadReasoning, reasoningFolder} from './reasoning-files.ts';
import type {ResponseStore} from './response-store.ts';
import {hiddenIn, isNameable, ownerOf, scopeOf, storedOf, type Answered, type Asker} from './stored-answer.ts';
import {bodyWith} from './unfolded-body.ts';

/*
 * What the bridge remembers between requests: answers that a client names later, reasoning that a provider needs back and a client did
 * not keep, and how often Codex was asked to go on (translation.md 6, 2.8). Upstreams that are not translated remember for themselves.
 */

/** A request that continued an earlier answer, as it came. */
interface Unfolded {
	readonly parent: string | undefined;
	/** The items that it added. */
	readonly input: readonly JsonObject[];
	readonly losses: readonly Loss[];
}

const reasoningShare = 8;
const reasoningPerResponse = 4;

/** Ids of this program's answers: `resp_`, the request's id, a count (translate/codec/ids.ts). */
const isOurs = (id: string): boolean => /^resp_req[0-9a-z]{22}[0-9a-f]{4}$/.test(id);

/** Whether a provider wants earlier reasoning at all. */
const wantsReasoning = (dialect: Dialect, {chat}: ProviderQuirks): boolean =>
	dialect === 'chat' ? chat.reasoningIn !== 'drop' : dialect === 'messages' || dialect === 'gemini';

/** The memory of one engine. */
export class BridgeMemory {
	readonly #responses: ResponseStore;
	readonly #reasoning: ReasoningMemory;
	readonly #files: HistoryFiles | undefined;
	readonly #now: () => number;
	readonly #onFault: (sentence: string) => void;
	readonly #autoContinue = new AutoContinue();
	readonly #unfolded = new WeakMap<Call, Unfolded>();
	#isOff: boolean;

	private constructor(
		{config, now, onFault}: HistoryOptions,
		{
			responses,
			reasoning,
			files,
		}: {
			readonly responses: ResponseStore;
			readonly reasoning: ReasoningMemory;
			readonly files: HistoryFiles | undefined;
		},
	) {
		this.#responses = responses;
		this.#reasoning = reasoning;
		this.#files = files;
		this.#now = now;
		this.#onFault = onFault;
		this.#isOff = config.store === 'off';
	}

	/** Opens it; what cannot be kept on disk is kept in memory, and the log says so. */
	static async open(options: HistoryOptions): Promise<BridgeMemory> {
		const {config, now, onFault} = options;
		const {files, responses} = await openHistory(options);
		const reasoning = new ReasoningMemory({
			count: config.count * reasoningPerResponse,
			bytes: config.memoryBytes / reasoningShare,
		});
		if (files) {
			await loadReasoning(files, reasoning, {oldestMs: now() - config.ttlMs, onFault});
		}

		return new BridgeMemory(options, {responses, reasoning, files});
	}

	/**
	 * Takes over other limits. Where things are kept stays as it was at the start; with `off` nothing is kept or found, and no file is
	 * removed.
	 */
	configure(config: HistoryConfig): void {
		this.#isOff = config.store === 'off';
		const limits = limitsOf(config, this.#files !== undefined);
		this.#responses.limit(this.#isOff && !this.#files ? {...limits, count: 0} : limits);
		if (this.#isOff) {
			this.#reasoning.clear();
		}
	}

	/** Resolves when all is written. */
	async close(): Promise<void> {
		await this.#files?.close();
	}

	/** Whether a request names what may be kept here; cheap where it does not. */
	names({state, client, target, words}: Call): boolean {
		return (
			target.operation === 'responses' &&
			(state.previousResponseId !== undefined || (client !== 'codex' && bodyWords.isIn(words, 'item_reference"')))
		);
	}

	/**
	 * The request with the items that it names by `item_reference` in their place, and with the conversation that its
	 * `previous_response_id` names in front of its own input; any other as it is. Rejects with BodyError
	 * `previous_response_not_found` where neither this program nor an upstream can know that response.
	 */
	async unfold(call: Call, exchange: Asker['exchange'], config: Config): Promise<Call> {
		const parent = call.state.previousResponseId;
		const fields = parseJsonObject(call.body?.toString());
		if (!fields) {
			return call;
		}

		const owner = ownerOf({call, exchange});
		const named = inputItems(fields['input']);
		const input = await this.#resolved(named, owner);
		if (parent === undefined) {
			return input === named ? call : this.#rewritten(call, {...fields, input}, {parent, input, losses: []});
		}

		const chain = await this.#found?.chain(parent, owner);
		if (chain) {
			const {items, added} = unfoldInput(chain, input);
			return this.#rewritten(call, {...fields, input: items}, {parent, input: added, losses: []});
		}

		if (!isOurs(parent) && hasNative(config, call)) {
			return call;
		}

		if (isWholeHistory(input)) {
			const text =
				'previous_response_id is not known here; the request carries its whole history and was sent without it';
			const losses = [{code: 'unknown-previous-response', count: 1, text}];
			return this.#rewritten(call, {...fields, input}, {parent: undefined, input, losses});
		}

		const shown = /^[\w-]{1,100}$/.test(parent) ? ` '${parent}'` : '';
		throw new BodyError(
			400,
			'previous_response_not_found',
			`Previous response with id${shown} not found. Send the whole conversation without previous_response_id.`,
		);
	}

	/** What was left out of a request when it was unfolded. */
	lossesOf(call: Call): readonly Loss[] {
		return this.#unfolded.get(call)?.losses ?? [];
	}

	/** What a bridge to an endpoint gets from here. */
	aidsFor({call, exchange}: Asker, endpoint: Endpoint): BridgeAids {
		const scope = scopeOf({call, exchange});
		return {
			parent: this.#unfolded.get(call)?.parent,
			onLength: this.#autoContinue.policyFor(call, endpoint.onLength),
			recall: (request: BridgeRequest, quirks: ProviderQuirks) =>
				wantsReasoning(endpoint.dialect, quirks) ? this.#reasoning.recall({scope, quirks}, request) : request,
		};
	}

	/** An answer is complete: it is kept behind the request's back. Returns the envelopes that the client did not get. */
	answered(answered: Answered): readonly string[] {
		const {call, answer} = answered;
		this.#autoContinue.answered(call, answer.whole);
		if (this.#isOff) {
			return [];
		}

		const {whole} = answer;
		const isKept = isNameable(call, whole);
		const hidden = isKept ? hiddenIn(whole, answer.items) : {};
		// The client may go on at once: its next request is read after this.
		setImmediate(() => {
			try {
				this.#keep(answered, isKept ? hidden : undefined);
			} catch (error) {
				// Nobody waits for it, and the answer was delivered.
				this.#onFault(`An answer of ${answered.endpoint.key} could not be remembered: ${messageOf(error)}.`);
			}
		});
		return Object.values(hidden);
	}

	/** A stored response of whoever asks, and the conversation that its request was answered in. */
	async read(id: string, asker: Asker): Promise<StoredResponse | undefined> {
		return this.#found?.get(id, ownerOf(asker));
	}

	/** The items of a stored response's input, those of earlier turns included. */
	async inputOf(id: string, asker: Asker): Promise<readonly JsonObject[] | undefined> {
		const chain = await this.#found?.chain(id, ownerOf(asker));
		return chain?.flatMap((stored, index) => [
			...stored.input,
			...(index === chain.length - 1 ? [] : outputItems(stored)),
		]);
	}

	/** Forgets a response of whoever asks; false where there is none. */
	forget(id: string, asker: Asker): boolean {
		return this.#found?.delete(id, ownerOf(asker)) ?? false;
	}

	/** Whether an id is one of this program's, or nobody else could know it. */
	isOwn(id: string, call: Call, config: Config): boolean {
		return isOurs(id) || !hasNative(config, call);
	}

	/** The same array where nothing of it is known here. */
	async #resolved(items: readonly JsonObject[], owner: string): Promise<readonly JsonObject[]> {
		const responses = new Set(referencesIn(items).flatMap(id => responseOfItem(id) ?? []));
		const found: StoredResponse[] = [];
		for (const id of responses) {
			const stored = await this.#found?.get(id, owner);
			found.push(...(stored ? [stored] : []));
		}

		return found.length === 0 ? items : resolveReferences(items, found);
	}

	/** Where earlier answers are looked for. */
	get #found(): ResponseStore | undefined {
		return this.#isOff ? undefined : this.#responses;
	}

	#rewritten(call: Call, fields: JsonObject, unfolded: Unfolded): Call {
		const {previous_response_id: _, input, ...rest} = fields;
		const body = bodyWith(rest, inputItems(input));
		const {method, path, query, target, headers} = call;
		const next = identify({method, path, query, target, headers, body});
		this.#unfolded.set(next, unfolded);
		return next;
	}

	#keep(answered: Answered, hidden: StoredResponse['hidden'] | undefined): void {
		this.#rememberReasoning(answered);
		if (hidden) {
			const unfolded = this.#unfolded.get(answered.call);
			this.#responses.put(storedOf(answered, {hidden, createdAtMs: this.#now(), ...unfolded}));
		}
	}

	#rememberReasoning({call, exchange, endpoint, answer, bridge}: Answered): void {
		const {quirks, request} = bridge;
		if (!wantsReasoning(endpoint.dialect, quirks)) {
			return;
		}

		const {kept, gone} = this.#reasoning.remember({scope: scopeOf({call, exchange}), quirks}, request, answer.items);
		for (const {kind, key} of gone) {
			this.#files?.remove(reasoningFolder(kind), key);
		}

		for (const entry of kept) {
			this.#files?.write(reasoningFolder(entry.kind), entry.key, `${JSON.stringify(entry)}\n`);
		}
	}
}

/** An upstream that keeps responses itself. */
const hasNative = ({services}: Config, {service}: Call): boolean =>
	services[service].endpoints.some(({enabled, dialect}) => enabled && dialect === 'responses');
