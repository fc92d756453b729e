import type {JsonObject} from '../../../wire/json-value.ts';
import {compact} from '../field.ts';
import type {ContentPart, MediaSource} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import type {ChatRequestQuirks} from '../quirks.ts';
import {mediaUrl} from '../responses/decode-content.ts';

/** What encoding content needs besides the content. */
export interface ContentContext {
	readonly quirks: ChatRequestQuirks;
	readonly losses: LossLog;
}

/** Base64 and other long outputs are clamped: this many bytes of a result go upstream, head and tail (translation.md 1.5). */
const mediaTextMax = 65_536;

const note = (text: string): JsonObject => ({type: 'text', text});

const imagePart = (part: ContentPart & {readonly type: 'image'}, {quirks, losses}: ContentContext): JsonObject => {
	const url = mediaUrl(part.source);
	if (!quirks.vision) {
		losses.add('image-omitted', 'The model has no image input; a marker stands where an image was.');
		return note('[image omitted: model has no image input]');
	}

	if (url === undefined) {
		losses.add('file-id', 'An uploaded file can be read by its own account only; a marker stands in its place.');
		return note('[image omitted: an uploaded file of another account]');
	}

	// `original` is Codex's own default and unknown elsewhere (translation.md 1.4).
	const detail = part.detail === 'original' ? 'high' : part.detail;
	return {type: 'image_url', image_url: compact({url, detail})};
};

const isText = (mimeType: string): boolean => /^(?:text\/|application\/(?:json|xml|javascript))/.test(mimeType);

const fileText = (source: MediaSource & {readonly kind: 'data'}, name: string): JsonObject =>
	note(`<file name="${name}">\n${Buffer.from(source.base64, 'base64').toString()}\n</file>`);

const filePart = (part: ContentPart & {readonly type: 'file'}, {quirks, losses}: ContentContext): JsonObject => {
	const name = part.filename ?? 'file';
	const {source} = part;
	if (source.kind === 'data' && quirks.files) {
		return {type: 'file', file: {filename: name, file_data: mediaUrl(source)}};
	}

	if (source.kind === 'data' && isText(source.mimeType)) {
		return fileText(source, name);
	}

	losses.add('file-omitted', 'The provider takes no files; a marker stands where a file was.');
	return note(
		source.kind === 'url' ? `[file ${name} not sent: ${source.url}]` : `[file ${name} omitted: no file input]`,
	);
};

/** One part in the Chat dialect; undefined for an empty text (translation.md 1.4). */
export const encodePart = (part: ContentPart, context: ContentContext): JsonObject | undefined => {
	switch (part.type) {
		case 'text':
		case 'refusal': {
			return part.text === '' ? undefined : note(part.text);
		}

		case 'image': {
			return imagePart(part, context);
		}

		case 'file': {
			return filePart(part, context);
		}

		case 'audio': {
			return {type: 'input_audio', input_audio: {data: part.base64, format: part.format}};
		}

		case 'unknown': {
			context.losses.add('unknown-part', 'A content part of a type that the bridge does not know was left out.');
			return undefined;
		}
	}
};

const textOf = (part: JsonObject): string | undefined => (typeof part['text'] === 'string' ? part['text'] : undefined);

/** Encoded parts as `content`: one string where all are text, or where the provider takes nothing else. */
export const joinParts = (
	parts: readonly JsonObject[],
	{quirks, losses}: ContentContext,
): string | readonly JsonObject[] => {
	const texts = parts.map(textOf).filter(text => text !== undefined);
	if (texts.length === parts.length || !quirks.contentArrays) {
		if (texts.length < parts.length) {
			losses.add('media-omitted', 'The provider takes content as text only; images and files were left out.');
		}

		return texts.join('\n');
	}

	return parts;
};

/** A tool's result: its text, and the media that must follow in a user message (translation.md 1.5). */
export interface ToolContent {
	readonly content: string | readonly JsonObject[];
	readonly media: readonly JsonObject[];
}

const clamp = (text: string): string => {
	if (text.length <= mediaTextMax || !/[A-Za-z\d+/]{4096}/.test(text)) {
		return text;
	}

	const half = mediaTextMax / 2;
	return `${text.slice(0, half)}\n[… ${text.length - mediaTextMax} characters left out …]\n${text.slice(-half)}`;
};

/** A tool's result as text with numbered markers for its media; `firstMedia` is the number of the first marker. */
export const encodeToolOutput = (
	output: string | readonly ContentPart[],
	firstMedia: number,
	context: ContentContext,
): ToolContent => {
	if (typeof output === 'string') {
		return {content: clamp(output), media: []};
	}

	const parts = output.map(part => encodePart(part, context)).filter(part => part !== undefined);
	if (context.quirks.toolImages === 'native') {
		return {content: joinParts(parts, context), media: []};
	}

	const media: JsonObject[] = [];
	const texts = parts.map(part => {
		const text = textOf(part);
		if (text !== undefined) {
			return text;
		}

		media.push(part);
		return `[media ${firstMedia + media.length - 1} attached below]`;
	});
	return {content: texts.join('\n'), media};
};
