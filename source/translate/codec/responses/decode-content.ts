import {isJsonObject, objectField, textField, type JsonObject} from '../../../wire/json-value.ts';
import type {ContentPart, MediaSource} from '../ir.ts';

const dataUrl = /^data:([^;,]*)((?:;[^;,]*)*),/i;

/** The parts of a `data:` URL, or the URL as it is. A missing type means `image/png` (translation.md 1.4). */
export const readMediaUrl = (url: string): MediaSource => {
	// The head is short; the rest may be megabytes and is not walked.
	const match = dataUrl.exec(url.slice(0, 256));
	if (match?.[2]?.toLowerCase().endsWith(';base64') !== true) {
		return {kind: 'url', url};
	}

	const mimeType = match[1] === '' || match[1] === undefined ? 'image/png' : match[1].toLowerCase();
	return {kind: 'data', mimeType, base64: url.slice(match[0].length)};
};

/** A media source as one URL; undefined for a file id. */
export const mediaUrl = (source: MediaSource): string | undefined => {
	switch (source.kind) {
		case 'data': {
			return `data:${source.mimeType};base64,${source.base64}`;
		}

		case 'url': {
			return source.url;
		}

		case 'file-id': {
			return undefined;
		}
	}
};

const imageUrlOf = (part: JsonObject): string | undefined =>
	textField(part, 'image_url') ?? textField(objectField(part, 'image_url'), 'url');

const decodeImage = (part: JsonObject): ContentPart => {
	const url = imageUrlOf(part);
	const fileId = textField(part, 'file_id');
	const detail = textField(part, 'detail') ?? textField(objectField(part, 'image_url'), 'detail');
	if (url === undefined && fileId === undefined) {
		return {type: 'unknown', raw: part};
	}

	const source: MediaSource = url === undefined ? {kind: 'file-id', id: fileId ?? ''} : readMediaUrl(url);
	return {type: 'image', source, ...(detail !== undefined && {detail})};
};

const fileSource = (part: JsonObject): MediaSource | undefined => {
	const data = textField(part, 'file_data');
	const url = textField(part, 'file_url');
	const id = textField(part, 'file_id');
	if (data !== undefined) {
		const source = readMediaUrl(data);
		// Some clients send the base64 alone.
		return source.kind === 'data' ? source : {kind: 'data', mimeType: 'application/octet-stream', base64: data};
	}

	return url === undefined ? (id === undefined ? undefined : {kind: 'file-id', id}) : {kind: 'url', url};
};

const decodeFile = (part: JsonObject): ContentPart => {
	const source = fileSource(part);
	const filename = textField(part, 'filename');
	return source === undefined
		? {type: 'unknown', raw: part}
		: {type: 'file', source, ...(filename !== undefined && {filename})};
};

const decodeAudio = (part: JsonObject): ContentPart => {
	const audio = objectField(part, 'input_audio');
	const base64 = textField(audio, 'data');
	return base64 === undefined
		? {type: 'unknown', raw: part}
		: {type: 'audio', base64, format: textField(audio, 'format') ?? 'wav'};
};

const decodeText = (part: JsonObject): ContentPart => {
	const annotations = Array.isArray(part['annotations']) ? part['annotations'].filter(isJsonObject) : [];
	return {type: 'text', text: textField(part, 'text') ?? '', ...(annotations.length > 0 && {annotations})};
};

/** An image as MCP servers write it (`{type:"image", data, mimeType}`) or as Messages does (`{type:"image", source}`). */
const decodeForeignImage = (part: JsonObject): ContentPart => {
	const source = objectField(part, 'source');
	const base64 = textField(part, 'data') ?? textField(source, 'data');
	const url = textField(source, 'url');
	if (base64 !== undefined) {
		const mimeType = textField(part, 'mimeType') ?? textField(source, 'media_type') ?? 'image/png';
		return {type: 'image', source: {kind: 'data', mimeType, base64}};
	}

	return url === undefined ? {type: 'unknown', raw: part} : {type: 'image', source: {kind: 'url', url}};
};

/** One content part of Responses or Chat, whose names do not clash (translation.md 1.4). Unknown ones are kept as they are. */
export const decodePart = (part: unknown): ContentPart => {
	if (typeof part === 'string') {
		return {type: 'text', text: part};
	}

	if (!isJsonObject(part)) {
		return {type: 'unknown', raw: {value: part}};
	}

	switch (part['type']) {
		case 'input_text':
		case 'output_text':
		case 'summary_text':
		case 'reasoning_text':
		case 'text': {
			return decodeText(part);
		}

		case 'input_image':
		case 'image_url': {
			return decodeImage(part);
		}

		case 'image': {
			return decodeForeignImage(part);
		}

		case 'input_file': {
			return decodeFile(part);
		}

		case 'file': {
			return decodeFile(objectField(part, 'file'));
		}

		case 'input_audio': {
			return decodeAudio(part);
		}

		case 'refusal': {
			return {type: 'refusal', text: textField(part, 'refusal') ?? ''};
		}

		default: {
			return {type: 'unknown', raw: part};
		}
	}
};

/** The content of a message: a string, an array of parts, one part, or nothing. */
export const decodeContent = (content: unknown): readonly ContentPart[] => {
	if (content === undefined || content === null) {
		return [];
	}

	return (Array.isArray(content) ? content : [content]).map(decodePart);
};

/** The texts of parts, in order; empty ones left out. */
export const textsOf = (parts: readonly ContentPart[]): readonly string[] =>
	parts.flatMap(part => ((part.type === 'text' || part.type === 'refusal') && part.text !== '' ? [part.text] : []));
