import {deflateRawSync, inflateRawSync} from 'node:zlib';
import type {ProfileName} from '../provider/profiles/names.ts';
import {quirksOf} from '../provider/profiles/profiles.ts';
import {isJsonObject, parseJsonObject} from '../wire/json-value.ts';
import type {Dialect} from '../wire/names.ts';
import type {Call} from '../identify/call.ts';
import {
	callIdsOf,
	createAnswerDecoder,
	decodeRequest,
	encodeRequest,
	type ClientDialect,
	type ProviderDialect,
} from '../translate/codec/codec.ts';
import {geminiPath} from '../translate/codec/gemini/encode-request.ts';
import {ChatAnswerEncoder} from '../translate/codec/chat/encode-answer.ts';
import type {Packer} from '../translate/codec/envelope.ts';
import {createIdSource} from '../translate/codec/ids.ts';
import type {AnswerDecoder, AnswerEncoder} from '../translate/codec/ir-event.ts';
import type {JsonObject} from '../wire/json-value.ts';
import type {Loss} from '../translate/codec/loss.ts';
import {mendedBody, mendedQuirks, shapeOf, type Mend, type SentShape} from '../translate/mend/mend.ts';
import {MessagesAnswerEncoder} from '../translate/codec/messages/encode-answer.ts';
import {codexOutput, sdkOutput, type ProviderQuirks} from '../translate/codec/quirks.ts';
import {ResponsesAnswerEncoder} from '../translate/codec/responses/encode-answer.ts';
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
	/** New machines for one send. */
	readonly machines: () => BridgeMachines;
}

/** What reads the upstream's answer and what writes the client's. */
export interface BridgeMachines {
	readonly decoder: AnswerDecoder;
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

/** What a bridge is built from. */
export interface BridgeInput {
	readonly call: Pick<Call, 'dialect' | 'client' | 'isStreaming' | 'model'>;
	/** The client's body after overrides and without the state that the candidate cannot read. */
	readonly body: Buffer;
	readonly dialect: Dialect;
	/** The provider profile: how it departs from its dialect. */
	readonly profile: ProfileName;
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
	const encoded = encodeRequest(dialect, decoded.request, {model, stream: call.isStreaming, quirks});
	const mended = mendedBody(encoded.body, mends);
	input.onTools?.(toolNamesOf(decoded.request, mended));
	const knownCallIds = callIdsOf(decoded.request);
	return {
		body: Buffer.from(JSON.stringify(mended)),
		shape: shapeOf(mended, {quirks, isChat: dialect === 'chat'}),
		...targetOf(dialect, {model, isStreaming: call.isStreaming, betas: encoded.betas}),
		losses: [...decoded.losses, ...encoded.losses],
		machines: () => ({
			decoder: createAnswerDecoder(dialect, {
				tools: encoded.tools,
				quirks,
				ids: createIdSource(input.requestId.replaceAll(/[^a-z0-9]/gi, '')),
				knownCallIds,
			}),
			encoder: createEncoder(input, body),
		}),
	};
};

const withDenied = (quirks: ProviderQuirks, denied: readonly string[] = []): ProviderQuirks =>
	denied.length === 0
		? quirks
		: {...quirks, names: {...quirks.names, toolDenylist: [...quirks.names.toolDenylist, ...denied]}};

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

const createEncoder = ({call, requestId, nowMs}: BridgeInput, request: JsonObject): BridgeMachines['encoder'] => {
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
			const output = call.client === 'codex' ? codexOutput : sdkOutput;
			const head = {id: ids.next('resp'), createdAtS, model, request};
			const encoder = new ResponsesAnswerEncoder({head, output, ids, packer});
			return {push: event => encoder.push(event), whole: () => encoder.response};
		}
	}
};
