import type {JsonObject} from '../../../wire/json-value.ts';
import {compact} from '../field.ts';
import type {CacheHint, ContentPart, MediaSource} from '../ir.ts';
import type {LossLog} from '../loss.ts';

/** M `cache_control` of a hint; the five minutes are what Anthropic takes where nothing is said. */
export const cacheControl = (hint: CacheHint | undefined): JsonObject | undefined =>
	hint === undefined ? undefined : hint === '1h' ? {type: 'ephemeral', ttl: '1h'} : {type: 'ephemeral'};

/** A text block, or undefined: Anthropic refuses blank ones (translation.md 3.1). */
export const textBlock = (text: string, hint?: CacheHint): JsonObject | undefined =>
	text.trim() === '' ? undefined : compact({type: 'text', text, cache_control: cacheControl(hint)});

const imageTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

const isText = (mimeType: string): boolean => /^(?:text\/|application\/(?:json|xml|javascript))/.test(mimeType);

/** Why a source cannot be sent, for the marker in its place; undefined for one that can. */
const obstacle = (source: MediaSource): string | undefined => {
	if (source.kind === 'file-id') {
		return 'an uploaded file of another account';
	}

	return source.kind === 'url' && !/^https?:/i.test(source.url) ? 'its address cannot be fetched' : undefined;
};

const marker = (kind: 'image' | 'file' | 'audio', reason: string, losses: LossLog): JsonObject => {
	losses.add(`${kind}-omitted`, `Messages cannot carry this ${kind} (${reason}); a marker stands in its place.`);
	return {type: 'text', text: `[${kind} omitted: ${reason}]`};
};

const encodeImage = (part: ContentPart & {readonly type: 'image'}, losses: LossLog): JsonObject => {
	const {source, cacheHint} = part;
	const reason = obstacle(source);
	if (reason !== undefined || source.kind === 'file-id') {
		return marker('image', reason ?? 'no address', losses);
	}

	if (source.kind === 'data' && !imageTypes.includes(source.mimeType)) {
		return marker('image', `images of type ${source.mimeType} are not taken`, losses);
	}

	const wire =
		source.kind === 'url'
			? {type: 'url', url: source.url}
			: {type: 'base64', media_type: source.mimeType, data: source.base64};
	return compact({type: 'image', source: wire, cache_control: cacheControl(cacheHint)});
};

const documentSource = (source: MediaSource): JsonObject | undefined => {
	if (source.kind !== 'data') {
		return source.kind === 'url' ? {type: 'url', url: source.url} : undefined;
	}

	if (source.mimeType === 'application/pdf') {
		return {type: 'base64', media_type: source.mimeType, data: source.base64};
	}

	return isText(source.mimeType)
		? {type: 'text', media_type: 'text/plain', data: Buffer.from(source.base64, 'base64').toString()}
		: undefined;
};

const encodeFile = (part: ContentPart & {readonly type: 'file'}, losses: LossLog): JsonObject => {
	const reason = obstacle(part.source);
	const source = documentSource(part.source);
	return reason === undefined && source !== undefined
		? compact({type: 'document', source, title: part.filename, cache_control: cacheControl(part.cacheHint)})
		: marker('file', reason ?? 'files of its type are not taken', losses);
};

/** One part as a block; undefined for a blank text and for what nobody knows (translation.md 3.1). */
export const encodePart = (part: ContentPart, losses: LossLog): JsonObject | undefined => {
	switch (part.type) {
		case 'text': {
			return textBlock(part.text, part.cacheHint);
		}

		case 'refusal': {
			return textBlock(part.text);
		}

		case 'image': {
			return encodeImage(part, losses);
		}

		case 'file': {
			return encodeFile(part, losses);
		}

		case 'audio': {
			return marker('audio', 'sound is not taken', losses);
		}

		case 'unknown': {
			losses.add('unknown-part', 'A content part of a type that the bridge does not know was left out.');
			return undefined;
		}
	}
};

/** All parts as blocks. */
export const encodeParts = (parts: readonly ContentPart[], losses: LossLog): readonly JsonObject[] =>
	parts.map(part => encodePart(part, losses)).filter(block => block !== undefined);
