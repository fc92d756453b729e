import {parseJsonObject, type JsonObject} from '../../../wire/json-value.ts';
import type {CacheHint, CallItem, ContentPart, MediaSource, ReasoningItem, ResultItem} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import type {ProviderQuirks} from '../quirks.ts';
import {shimArguments} from '../shim.ts';
import type {ToolMap} from '../tool-map.ts';
import {unmarkedOutput} from '../tool-error.ts';

/** What encoding blocks needs besides the items. */
export interface BlockContext {
	readonly quirks: ProviderQuirks;
	readonly tools: ToolMap;
	readonly losses: LossLog;
}

/** M `cache_control` of a hint. */
export const cacheControl = (hint: CacheHint | undefined): JsonObject =>
	hint === undefined ? {} : {cache_control: hint === '1h' ? {type: 'ephemeral', ttl: '1h'} : {type: 'ephemeral'}};

const textBlock = (text: string, hint?: CacheHint): JsonObject => ({type: 'text', text, ...cacheControl(hint)});

const sourceOf = (source: MediaSource): JsonObject | undefined => {
	switch (source.kind) {
		case 'data': {
			return {type: 'base64', media_type: source.mimeType, data: source.base64};
		}

		case 'url': {
			return {type: 'url', url: source.url};
		}

		case 'file-id': {
			return undefined;
		}
	}
};

const isText = (mimeType: string): boolean => /^(?:text\/|application\/(?:json|xml|javascript))/.test(mimeType);

const documentBlock = (part: ContentPart & {readonly type: 'file'}): JsonObject | undefined => {
	const {source, filename, cacheHint} = part;
	const title = filename === undefined ? {} : {title: filename};
	if (source.kind === 'data' && isText(source.mimeType)) {
		const data = Buffer.from(source.base64, 'base64').toString();
		return {
			type: 'document',
			source: {type: 'text', media_type: 'text/plain', data},
			...title,
			...cacheControl(cacheHint),
		};
	}

	const isReadable = source.kind === 'url' || (source.kind === 'data' && source.mimeType === 'application/pdf');
	return isReadable ? {type: 'document', source: sourceOf(source), ...title, ...cacheControl(cacheHint)} : undefined;
};

/** One content part as a block; blank texts are 400 here and become nothing (translation.md 3.1). */
export const encodeBlock = (part: ContentPart, losses: LossLog): JsonObject | undefined => {
	switch (part.type) {
		case 'text': {
			return part.text.trim() === '' ? undefined : textBlock(part.text, part.cacheHint);
		}

		case 'refusal': {
			return part.text.trim() === '' ? undefined : textBlock(part.text);
		}

		case 'image': {
			const source = sourceOf(part.source);
			if (source === undefined) {
				losses.add('file-id', 'An uploaded file can be read by its own account only; a marker stands in its place.');
				return textBlock('[image omitted: an uploaded file of another account]');
			}

			return {type: 'image', source, ...cacheControl(part.cacheHint)};
		}

		case 'file': {
			const block = documentBlock(part);
			if (block === undefined) {
				losses.add(
					'file-omitted',
					'A file of a type that Messages does not take was left out; a marker stands in its place.',
				);
				return textBlock(`[file ${part.filename ?? 'without a name'} omitted]`);
			}

			return block;
		}

		case 'audio':
		case 'unknown': {
			losses.add('unknown-part', 'A content part of a type that Messages does not have was left out.');
			return undefined;
		}
	}
};

/** Parts as blocks. */
export const encodeBlocks = (parts: readonly ContentPart[], losses: LossLog): readonly JsonObject[] =>
	parts.map(part => encodeBlock(part, losses)).filter(block => block !== undefined);

/** M `tool_use`; its input is an object, whatever the history held. */
export const encodeToolUse = (call: CallItem, {tools}: BlockContext): JsonObject => {
	const text = shimArguments(call.tool.kind, call.payload);
	return {
		type: 'tool_use',
		id: call.callId,
		name: tools.wireNameOf(call.tool),
		input: parseJsonObject(text) ?? {_raw: text},
	};
};

/** M `tool_result`; `is_error` only where the client said so. */
export const encodeToolResult = (item: ResultItem, {losses}: BlockContext): JsonObject => {
	const {output, isError} = unmarkedOutput(item);
	const content = typeof output === 'string' ? output : encodeBlocks(output, losses);
	const failed = isError === true ? {is_error: true} : {};
	return {type: 'tool_result', tool_use_id: item.callId, content, ...failed, ...cacheControl(item.cacheHint)};
};

/**
 * Reasoning as the block that this family made, verbatim; unsigned thinking only where the endpoint takes it. Anything else is 400
 * there and is left out (translation.md 3.1).
 */
export const encodeThinking = (item: ReasoningItem, {quirks, losses}: BlockContext): JsonObject | undefined => {
	const {hidden, summary, content} = item;
	const shown = (content.length > 0 ? content : summary).join('\n\n');
	const isOwn = hidden !== undefined && 'family' in hidden && hidden.family === quirks.family;
	if (isOwn && hidden.kind === 'signed') {
		return {type: 'thinking', thinking: hidden.text || shown, signature: hidden.signature};
	}

	if (isOwn && hidden.kind === 'redacted') {
		return {type: 'redacted_thinking', data: hidden.data};
	}

	if (quirks.messages.unsignedThinking && hidden?.kind !== 'opaque' && shown !== '') {
		return {type: 'thinking', thinking: shown};
	}

	losses.add('foreign-reasoning', 'Reasoning of another provider cannot be read here and was left out.');
	return undefined;
};
