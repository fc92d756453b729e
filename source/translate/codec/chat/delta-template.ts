import {isJsonObject, type JsonObject} from '../../../wire/json-value.ts';
import {objectsField} from '../field.ts';
import {RunShape} from '../run-shape.ts';

/*
 * Most events of an answer are the same bytes round another piece of text. Parsing them is what translation costs (performance.md
 * 2.3), so a chunk that was parsed once becomes a template: the next ones that begin and end like it give up their text without
 * a parse. Whatever does not fit exactly is parsed.
 */

/** The fields of a delta whose growth can be read without a parse. */
export type TemplateField = 'content' | 'reasoning_content' | 'reasoning';

/** A text that a template found. */
export interface TemplateText {
	readonly field: TemplateField;
	readonly text: string;
}

const fields: readonly TemplateField[] = ['content', 'reasoning_content', 'reasoning'];

const isNothing = (value: unknown): boolean => value === undefined || value === null || value === '';

/** The one field of a chunk that says anything; undefined where there are several, or where the chunk has other news. */
const onlyField = (chunk: JsonObject): TemplateField | undefined => {
	const [choice, ...others] = objectsField(chunk, 'choices');
	const delta = choice?.['delta'];
	const hasNews = !isNothing(chunk['usage']) || chunk['x_groq'] !== undefined || !isNothing(choice?.['finish_reason']);
	if (!isJsonObject(delta) || others.length > 0 || hasNews || choice?.['message'] !== undefined) {
		return undefined;
	}

	const saying = Object.keys(delta).filter(name => name !== 'role' && !isNothing(delta[name]));
	const field = fields.find(name => name === saying[0]);
	return saying.length === 1 && typeof delta[saying[0] ?? ''] === 'string' ? field : undefined;
};

/** No JSON string holds one of them as it is. */
const controls = /\p{Cc}/u;

/** A text without quotes is a whole JSON string body, unless its last sign escapes the quote behind it. */
const isPlainBody = (body: string): boolean => !body.includes('"') && !body.endsWith('\\') && !controls.test(body);

const decodeBody = (body: string): string | undefined => {
	if (!body.includes('\\')) {
		return body;
	}

	try {
		const decoded: unknown = JSON.parse(`"${body}"`);
		return typeof decoded === 'string' ? decoded : undefined;
	} catch {
		// No JSON after all: the caller parses the whole event and finds out what is wrong with it.
		return undefined;
	}
};

/** Learns the shape of one stream's deltas. */
export class DeltaTemplate {
	#field: TemplateField = 'content';
	#head = '';
	#tail = '';
	#shape: RunShape | undefined;

	/** Whether its deltas are what the model says; any other is what it thinks. */
	get isContent(): boolean {
		return this.#field === 'content';
	}

	/** How its deltas look as lines of the stream; undefined where nothing was learned. */
	get shape(): RunShape | undefined {
		if (this.#head !== '') {
			this.#shape ??= new RunShape(`data: ${this.#head}`, `${this.#tail}\n\n`);
		}

		return this.#shape;
	}

	/** The text of an event that fits; undefined for one that must be parsed. */
	read(data: string): TemplateText | undefined {
		const length = data.length - this.#tail.length;
		// Comparing slices is one comparison of memory; `startsWith` looks at one sign after the other.
		const fits =
			this.#head !== '' &&
			length >= this.#head.length &&
			data.slice(0, this.#head.length) === this.#head &&
			data.slice(length) === this.#tail;
		if (!fits) {
			return undefined;
		}

		const body = data.slice(this.#head.length, length);
		const text = isPlainBody(body) ? decodeBody(body) : undefined;
		return text === undefined || text === '' ? undefined : {field: this.#field, text};
	}

	/** Takes the shape of a parsed chunk, where its text can be found in the data beyond doubt. */
	learn(data: string, chunk: JsonObject): void {
		this.#head = '';
		this.#shape = undefined;
		const field = onlyField(chunk);
		const marker = `"${field}":"`;
		const at = field === undefined ? -1 : data.indexOf(marker);
		if (field === undefined || at === -1 || data.includes(marker, at + 1)) {
			return;
		}

		const start = at + marker.length;
		const end = data.indexOf('"', start);
		if (end !== -1 && isPlainBody(data.slice(start, end))) {
			this.#field = field;
			this.#head = data.slice(0, start);
			this.#tail = data.slice(end);
		}
	}
}
