import {deflateRawSync, inflateRawSync} from 'node:zlib';
import {jsonBytes} from '../../base/utf8.ts';
import type {Endpoint} from '../../config/config.ts';
import type {ProfileName} from '../../provider/profiles/names.ts';
import {quirksOf} from '../../provider/profiles/profiles.ts';
import {isJsonObject, parseJsonObject} from '../../wire/json-value.ts';
import type {Dialect} from '../../wire/names.ts';
import type {Call} from '../../identify/call.ts';
import {
	callIdsOf,
	createAnswerDecoder,
	decodeRequest,
	encodeRequest,
	type ClientDialect,
	type ProviderDialect,
} from '../../translate/codec/codec.ts';
import {geminiPath} from '../../translate/codec/gemini/encode-request.ts';
import {ChatAnswerEncoder} from '../../translate/codec/chat/encode-answer.ts';
import type {Packer} from '../../translate/codec/envelope.ts';
import {createIdSource} from '../../translate/codec/ids.ts';
import type {AnswerDecoder, AnswerEncoder, AnswerEvent} from '../../translate/codec/ir-event.ts';
import type {BridgeRequest} from '../../translate/codec/ir.ts';
import type {JsonObject} from '../../wire/json-value.ts';
import type {Loss} from '../../translate/codec/loss.ts';
import {mendedBody, mendedQuirks, shapeOf, type Mend, type SentShape} from '../../translate/mend/mend.ts';
import {MessagesAnswerEncoder} from '../../translate/codec/messages/encode-answer.ts';
import {readFailedGeneration} from '../../translate/text-tools/failed-generation.ts';
import type {PathProbe} from '../../translate/text-tools/intent/commands.ts';
import {IntentRecovery} from '../../translate/text-tools/intent/intent-recovery.ts';
import {nudged} from '../../translate/text-tools/intent/nudge.ts';
import {mayHoldTextCalls} from '../../translate/text-tools/request-facts.ts';
import {TextToolFilter} from '../../translate/text-tools/text-tools.ts';
import {codexOutput, sdkOutput, type ClientOutput, type ProviderQuirks} from '../../translate/codec/quirks.ts';
import type {ToolMap} from '../../translate/codec/tool-map.ts';
import {ResponsesAnswerEncoder} from '../../translate/codec/responses/encode-answer.ts';
import {toolNamesOf, type ToolNames} from './tool-log.ts';

/*
 * The bridge: a client's request in the dialect of the candidate, and the machines that bring its answer back (translation.md 0.1). Where both
 * speak the same dialect nothing of this runs: the bytes pass as they are.
 */

/** One request translated for one candidate. */
export interface Bridge {
	readonly body: Buffer;
	/** Below the upstream's base URL. */
	readonly path: string;
	/** What the upstream's dialect needs beside the credential. */
	readonly headers: Readonly<Record<string, string>>;
	readonly losses: readonly Loss[];
	/** What a mend could still change of it. */
	readonly shape: SentShape;
	/** What it translates, earlier reasoning included. */
	readonly request: BridgeRequest;
	readonly quirks: ProviderQuirks;
	/** The answer in a text that the upstream's own parser refused; undefined where it holds no call. */
	readonly readFailed: (text: string) => readonly AnswerEvent[] | undefined;
	/** New machines for one send. */
	readonly machines: () => BridgeMachines;
}

/** What reads one answer of the upstream. */
export interface BridgeReaders {
	readonly decoder: AnswerDecoder;
	/** Looks for tool calls in the text; not there for models that are not known to write any. */
	readonly filter: TextToolFilter | undefined;
}

/** What reads the upstream's answer and what writes the client's. */
export interface BridgeMachines extends BridgeReaders {
	/** Not there where nothing is done about a model that announces work and calls nothing. */
	readonly recovery: IntentRecovery | undefined;
	/** The request that asks the upstream once more, behind a text of its own, and what reads that answer. */
	readonly again: (text: string) => BridgeReaders & {readonly body: Buffer};
	readonly encoder: AnswerEncoder & {readonly whole: () => JsonObject | undefined};
}

const mostInflated = 4 * 1024 * 1024;

const packer: Packer = {
	deflate: bytes => deflateRawSync(bytes),
	inflate: bytes => {
		try {
			return inflateRawSync(bytes, {maxOutputLength: mostInflated});
		} catch {
			// Not ours after all, or damaged on its way through a client: the codec reports the state as lost.
			return undefined;
		}
	},
};

const clientDialects: readonly Dialect[] = ['responses', 'chat', 'messages'];
const providerDialects: readonly Dialect[] = ['responses', 'chat', 'messages', 'gemini'];

const isClientDialect = (dialect: Dialect | undefined): dialect is ClientDialect =>
	dialect !== undefined && clientDialects.includes(dialect);

const isProviderDialect = (dialect: Dialect): dialect is ProviderDialect => providerDialects.includes(dialect);

/** What the engine knows of earlier requests. */
export interface BridgeAids {
	/** `previous_response_id` of a request that was unfolded: its answer names it. */
	readonly parent: string | undefined;
	/** What a cut answer becomes (translation.md 2.8). */
	readonly onLength: ClientOutput['onLength'];
	/** The request with the reasoning that its client did not keep (translation.md 6.2). */
	readonly recall: (request: BridgeRequest, quirks: ProviderQuirks) => BridgeRequest;
}

/** What a bridge is built from. */
export interface BridgeInput {
	readonly call: Pick<Call, 'dialect' | 'client' | 'isStreaming' | 'model'>;
	/** The client's body after overrides and without the state that the candidate cannot read. */
	readonly body: Buffer;
	readonly dialect: Dialect;
	/** The provider profile: how it departs from its dialect. */
	readonly profile: ProfileName;
	readonly textTools: Endpoint['textTools'];
	readonly intent: Endpoint['intent'];
	/** Looks at a path below the client's working directory. */
	readonly probe?: PathProbe | undefined;
	/** The model's name at this candidate. */
	readonly model: string;
	readonly requestId: string;
	/** Told the names of the tools on both sides, at log level debug. */
	readonly onTools?: ((names: ToolNames) => void) | undefined;
	/** Edits that this candidate's refusals have asked for. */
	readonly mends?: readonly Mend[];
	/** Tools that are not offered here, by the file. */
	readonly toolDenylist?: readonly string[];
	/** Wall clock. */
	readonly nowMs: number;
	readonly aids?: BridgeAids | undefined;
}

/**
 * The bridge to a candidate of another dialect; undefined where either side's cannot be translated. Throws TranslationRefusal for a request that no
 * provider of that dialect could carry out.
 */
export const buildBridge = (input: BridgeInput): Bridge | undefined => {
	const {call, dialect, model, mends = []} = input;
	const body = parseJsonObject(input.body.toString());
	if (!isClientDialect(call.dialect) || !isProviderDialect(dialect) || body === undefined) {
		return undefined;
	}

	const quirks = mendedQuirks(withDenied(quirksOf(input.profile, model), input.toolDenylist), mends);
	const decoded = decodeRequest(call.dialect, body, packer);
	const request = input.aids?.recall(decoded.request, quirks) ?? decoded.request;
	const seed = input.requestId.replaceAll(/[^a-z0-9]/gi, '');
	// Apart, so that the machines below do not keep the whole body as values.
	const {json, ...first} = askUpstream(input, dialect, {request, quirks, seed});
	input.onTools?.(toolNamesOf(decoded.request, json));
	return {
		body: first.body,
		shape: shapeOf(json, {quirks, isChat: dialect === 'chat'}),
		...targetOf(dialect, {model, isStreaming: call.isStreaming, betas: first.betas}),
		losses: [...decoded.losses, ...first.losses],
		...{request, quirks},
		readFailed: text => readFailedGeneration(text, {request, tools: first.tools, ids: createIdSource(seed)}),
		machines: () => ({
			...first.readers(),
			encoder: createEncoder(input, body),
			recovery: createRecovery(input, request, first.tools),
			again: text => {
				const asked = nudged(request, text, input.textTools !== 'off');
				const second = askUpstream(input, dialect, {request: asked, quirks, seed: `${seed}n`});
				return {body: second.body, ...second.readers()};
			},
		}),
	};
};

const withDenied = (quirks: ProviderQuirks, denied: readonly string[] = []): ProviderQuirks =>
	denied.length === 0
		? quirks
		: {...quirks, names: {...quirks.names, toolDenylist: [...quirks.names.toolDenylist, ...denied]}};

/** One request to the upstream, and new machines for each of its answers. */
const askUpstream = (
	{model, mends = [], call, textTools}: BridgeInput,
	dialect: ProviderDialect,
	{request, quirks, seed}: {readonly request: BridgeRequest; readonly quirks: ProviderQuirks; readonly seed: string},
) => {
	const {body, tools, losses, betas} = encodeRequest(dialect, request, {model, stream: call.isStreaming, quirks});
	const json = mendedBody(body, mends);
	const knownCallIds = callIdsOf(request);
	return {
		...{tools, losses, betas, json, body: jsonBytes(JSON.stringify(json))},
		readers: (): BridgeReaders => {
			const ids = createIdSource(seed);
			return {
				decoder: createAnswerDecoder(dialect, {tools, quirks, ids, knownCallIds}),
				filter:
					textTools === 'off' || !mayHoldTextCalls(request, tools)
						? undefined
						: new TextToolFilter({request, tools, ids, mode: textTools}),
			};
		},
	};
};

const createRecovery = (
	{intent, requestId, probe}: BridgeInput,
	request: BridgeRequest,
	tools: ToolMap,
): IntentRecovery | undefined =>
	intent.level === 0 || !mayHoldTextCalls(request, tools)
		? undefined
		: new IntentRecovery({
				...intent,
				request,
				tools,
				probe,
				ids: createIdSource(requestId.replaceAll(/[^a-z0-9]/gi, '')),
			});

const targetOf = (
	dialect: ProviderDialect,
	{model, isStreaming, betas = []}: {model: string; isStreaming: boolean; betas: readonly string[] | undefined},
): Pick<Bridge, 'path' | 'headers'> => {
	switch (dialect) {
		case 'responses': {
			return {path: '/responses', headers: {}};
		}

		case 'chat': {
			return {path: '/chat/completions', headers: {}};
		}

		case 'messages': {
			const version = {'anthropic-version': '2023-06-01'};
			const headers = betas.length === 0 ? version : {...version, 'anthropic-beta': betas.join(',')};
			return {path: '/messages', headers};
		}

		case 'gemini': {
			return {path: geminiPath(model, isStreaming), headers: {}};
		}
	}
};

const createEncoder = ({call, requestId, nowMs, aids}: BridgeInput, request: JsonObject): BridgeMachines['encoder'] => {
	const seed = requestId.replaceAll(/[^a-z0-9]/gi, '');
	const ids = createIdSource(seed);
	const model = call.model ?? '';
	const createdAtS = Math.floor(nowMs / 1000);
	switch (call.dialect) {
		case 'chat': {
			const options = request['stream_options'];
			const streamUsage = typeof options === 'object' && options !== null && 'include_usage' in options;
			const encoder = new ChatAnswerEncoder({id: `chatcmpl-${seed}`, createdAtS, model, streamUsage});
			return {push: event => encoder.push(event), whole: () => encoder.completion};
		}

		case 'messages': {
			const thinking = request['thinking'];
			const showsThinking = !(isJsonObject(thinking) && thinking['type'] === 'disabled');
			const encoder = new MessagesAnswerEncoder({id: ids.next('msg'), model, packer, showsThinking});
			return {push: event => encoder.push(event), whole: () => encoder.message};
		}

		default: {
			const echoed = aids?.parent === undefined ? request : {...request, previous_response_id: aids.parent};
			const head = {id: ids.next('resp'), createdAtS, model, request: echoed};
			const output = outputFor(call, request, aids);
			const encoder = new ResponsesAnswerEncoder({head, output, ids, packer});
			return {
				push: event => encoder.push(event),
				pushRun: run => encoder.pushRun(run),
				whole: () => encoder.response,
			};
		}
	}
};

/** Codex keeps envelopes always, another client where it asks for encrypted reasoning (translation.md 6.2). */
const outputFor = (call: BridgeInput['call'], {include}: JsonObject, aids: BridgeAids | undefined): ClientOutput => {
	const output = call.client === 'codex' ? codexOutput : sdkOutput;
	return {
		...output,
		onLength: aids?.onLength ?? output.onLength,
		envelopes: output.envelopes || (Array.isArray(include) && include.includes('reasoning.encrypted_content')),
	};
};
