import type {Dialect} from '../../wire/names.ts';
import type {JsonObject} from '../../wire/json-value.ts';
import {ChatAnswerDecoder} from './chat/decode-answer.ts';
import {decodeChatRequest} from './chat/decode-request.ts';
import {encodeChatRequest} from './chat/encode-request.ts';
import type {DecodeOptions} from './decode-options.ts';
import type {EncodedRequest, EncodeOptions} from './encode-options.ts';
import type {Packer} from './envelope.ts';
import {GeminiAnswerDecoder} from './gemini/decode-answer.ts';
import {encodeGeminiRequest} from './gemini/encode-request.ts';
import type {AnswerDecoder} from './ir-event.ts';
import type {BridgeRequest} from './ir.ts';
import {MessagesAnswerDecoder} from './messages/decode-answer.ts';
import {decodeMessagesRequest} from './messages/decode-request.ts';
import {encodeMessagesRequest} from './messages/encode-request.ts';
import {TranslationRefusal} from './refusal.ts';
import {ResponsesAnswerDecoder} from './responses/decode-answer.ts';
import {decodeResponsesRequest, unsupportedParameter, type DecodedRequest} from './responses/decode-request.ts';
import {encodeResponsesRequest} from './responses/encode-request.ts';

/*
 * The bridge between any client and any provider (translation.md 0.1): one internal representation, a codec per dialect, no pair of
 * dialects that knows the other. Everything here is a pure function or a machine fed by hand: no I/O, no clock, no chance; ids and
 * times come in. The same request gives the same bytes.
 */

/** The dialects that clients speak. */
export type ClientDialect = 'responses' | 'chat' | 'messages';

/** The dialects that the bridge speaks to providers. Code Assist is `gemini` in a wrapper (gemini/code-assist.ts). */
export type ProviderDialect = Exclude<Dialect, 'code-assist' | 'command-code'>;

/** A client's request in the internal representation. Throws {@link TranslationRefusal} for what no provider could carry out. */
export const decodeRequest = (dialect: ClientDialect, body: JsonObject, packer?: Packer): DecodedRequest => {
	switch (dialect) {
		case 'responses': {
			const parameter = unsupportedParameter(body);
			if (parameter !== undefined) {
				const message = `This provider cannot carry out "${parameter}": leave it out.`;
				throw new TranslationRefusal('unsupported_parameter', message, parameter);
			}

			return decodeResponsesRequest(body, packer);
		}

		case 'chat': {
			return decodeChatRequest(body);
		}

		case 'messages': {
			return decodeMessagesRequest(body, packer);
		}
	}
};

/** The request for a provider. Throws {@link TranslationRefusal} for an empty conversation. */
export const encodeRequest = (
	dialect: ProviderDialect,
	request: BridgeRequest,
	options: EncodeOptions,
): EncodedRequest => {
	switch (dialect) {
		case 'responses': {
			return encodeResponsesRequest(request, options);
		}

		case 'chat': {
			return encodeChatRequest(request, options);
		}

		case 'messages': {
			return encodeMessagesRequest(request, options);
		}

		case 'gemini': {
			return encodeGeminiRequest(request, options);
		}
	}
};

/** The machine that reads the provider's answer; `tools` is the map that {@link encodeRequest} returned. */
export const createAnswerDecoder = (dialect: ProviderDialect, options: DecodeOptions): AnswerDecoder => {
	switch (dialect) {
		case 'responses': {
			return new ResponsesAnswerDecoder(options);
		}

		case 'chat': {
			return new ChatAnswerDecoder(options);
		}

		case 'messages': {
			return new MessagesAnswerDecoder(options);
		}

		case 'gemini': {
			return new GeminiAnswerDecoder(options);
		}
	}
};

/** The call ids of a conversation, for {@link DecodeOptions}: a provider that uses one again gets it renamed. */
export const callIdsOf = (request: BridgeRequest): ReadonlySet<string> =>
	new Set(request.items.flatMap(item => (item.type === 'call' ? [item.callId] : [])));
