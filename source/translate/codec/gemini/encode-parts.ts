import {textField, type JsonObject} from '../../../wire/json-value.ts';
import type {ContentPart, MediaSource} from '../ir.ts';
import type {LossLog} from '../loss.ts';

const note = (text: string): JsonObject => ({text});

/** Addresses that Google itself can read; any other would be refused, and the bridge fetches nothing. */
const googleUrl =
	/^(?:gs:\/\/|https:\/\/generativelanguage\.googleapis\.com\/|https:\/\/(?:www\.)?youtu(?:be\.com|\.be)\/)/;

const mediaPart = (source: MediaSource, what: string, losses: LossLog): JsonObject => {
	switch (source.kind) {
		case 'data': {
			return {inlineData: {mimeType: source.mimeType, data: source.base64}};
		}

		case 'url': {
			if (googleUrl.test(source.url)) {
				return {fileData: {fileUri: source.url}};
			}

			losses.add('media-url', 'Google reads no addresses of others; the address stands as text.');
			return note(`[${what} not sent: ${source.url}]`);
		}

		case 'file-id': {
			losses.add('file-id', 'An uploaded file can be read by its own account only; a marker stands in its place.');
			return note(`[${what} omitted: an uploaded file of another account]`);
		}
	}
};

/** One part of a message; undefined for an empty text and for what the bridge does not know. */
export const encodePart = (part: ContentPart, losses: LossLog): JsonObject | undefined => {
	switch (part.type) {
		case 'text':
		case 'refusal': {
			return part.text === '' ? undefined : note(part.text);
		}

		case 'image': {
			return mediaPart(part.source, 'image', losses);
		}

		case 'file': {
			return mediaPart(part.source, `file ${part.filename ?? ''}`.trim(), losses);
		}

		case 'audio': {
			return {inlineData: {mimeType: `audio/${part.format}`, data: part.base64}};
		}

		case 'unknown': {
			losses.add('unknown-part', 'A content part of a type that the bridge does not know was left out.');
			return undefined;
		}
	}
};

/** A tool's result: its text, and the parts that are no text. */
export interface OutputParts {
	readonly text: string;
	readonly media: readonly JsonObject[];
}

/** A tool's result with a marker in its text for each image or file; `firstMedia` is the number of the first marker (translation.md 1.5). */
export const encodeOutput = (
	output: string | readonly ContentPart[],
	firstMedia: number,
	losses: LossLog,
): OutputParts => {
	if (typeof output === 'string') {
		return {text: output, media: []};
	}

	const media: JsonObject[] = [];
	const texts = output.flatMap(part => {
		const encoded = encodePart(part, losses);
		const text = textField(encoded, 'text');
		if (encoded === undefined || text !== undefined) {
			return text ?? [];
		}

		media.push(encoded);
		return `[media ${firstMedia + media.length - 1} attached]`;
	});
	return {text: texts.join('\n'), media};
};
