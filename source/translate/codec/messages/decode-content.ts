import {isJsonObject, objectField, textField, type JsonObject} from '../../../wire/json-value.ts';
import {objectsField} from '../field.ts';
import type {CacheHint, ContentPart, MediaSource} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import {readCitation} from './citation.ts';

/** M `cache_control` as a hint. */
export const cacheHintOf = (block: JsonObject): {readonly cacheHint?: CacheHint} => {
	const mark = block['cache_control'];
	return isJsonObject(mark) ? {cacheHint: mark['ttl'] === '1h' ? '1h' : '5m'} : {};
};

const decodeText = (block: JsonObject, losses: LossLog): ContentPart => {
	const text = textField(block, 'text') ?? '';
	const cited = objectsField(block, 'citations');
	const annotations = cited
		.map(citation => readCitation(citation, {start: 0, end: text.length}))
		.filter(annotation => annotation !== undefined);
	if (annotations.length < cited.length) {
		losses.add('citation', 'A citation of a document has no twin in other protocols and was left out.');
	}

	return {type: 'text', text, ...cacheHintOf(block), ...(annotations.length > 0 && {annotations})};
};

const decodeSource = (source: JsonObject): MediaSource | undefined => {
	switch (source['type']) {
		case 'base64': {
			const base64 = textField(source, 'data');
			const mimeType = textField(source, 'media_type') ?? 'application/octet-stream';
			return base64 === undefined ? undefined : {kind: 'data', mimeType, base64};
		}

		case 'text': {
			const text = textField(source, 'data') ?? '';
			return {kind: 'data', mimeType: 'text/plain', base64: Buffer.from(text).toString('base64')};
		}

		case 'url': {
			const url = textField(source, 'url');
			return url === undefined ? undefined : {kind: 'url', url};
		}

		case 'file': {
			const id = textField(source, 'file_id');
			return id === undefined ? undefined : {kind: 'file-id', id};
		}

		default: {
			return undefined;
		}
	}
};

const decodeDocument = (block: JsonObject, losses: LossLog): readonly ContentPart[] => {
	const source = objectField(block, 'source');
	if (source['type'] === 'content') {
		return decodeParts(source['content'], losses);
	}

	const media = decodeSource(source);
	const title = textField(block, 'title');
	return media === undefined
		? [{type: 'unknown', raw: block}]
		: [{type: 'file', source: media, ...(title !== undefined && {filename: title}), ...cacheHintOf(block)}];
};

/** A search result that a tool returned, as the text that every provider can read. */
const decodeSearchResult = (block: JsonObject): ContentPart => {
	const texts = objectsField(block, 'content').map(part => textField(part, 'text') ?? '');
	const head = [textField(block, 'title'), textField(block, 'source')].filter(line => line !== undefined);
	return {type: 'text', text: [...head, ...texts].join('\n'), ...cacheHintOf(block)};
};

/** A block of text or media as parts (translation.md 4.1); a block of any other type is kept as it is. */
export const decodeBlock = (block: JsonObject, losses: LossLog): readonly ContentPart[] => {
	switch (block['type']) {
		case 'text': {
			return [decodeText(block, losses)];
		}

		case 'image': {
			const source = decodeSource(objectField(block, 'source'));
			return source === undefined ? [{type: 'unknown', raw: block}] : [{type: 'image', source, ...cacheHintOf(block)}];
		}

		case 'document': {
			return decodeDocument(block, losses);
		}

		case 'search_result': {
			return [decodeSearchResult(block)];
		}

		default: {
			return [{type: 'unknown', raw: block}];
		}
	}
};

/** The blocks of a message or of a tool's result: a string, an array, or nothing. */
export const blocksOf = (content: unknown): readonly JsonObject[] => {
	if (typeof content === 'string') {
		return [{type: 'text', text: content}];
	}

	return Array.isArray(content)
		? content.map(block => (isJsonObject(block) ? block : {type: 'text', text: String(block)}))
		: [];
};

/** Text and media of a tool's result, or of a document that holds blocks. */
export function decodeParts(content: unknown, losses: LossLog): readonly ContentPart[] {
	return blocksOf(content).flatMap(block => decodeBlock(block, losses));
}
