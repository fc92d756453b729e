/** An object of a parsed body whose fields nobody has looked at yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a parsed value is an object (no array, not null). */
export const isJsonObject = (value: unknown): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object in a text; undefined for broken JSON and for any other value. For far ends' texts, where broken is an answer. */
export const parseJsonObject = (text: string | undefined): JsonObject | undefined => {
	if (text === undefined) {
		return undefined;
	}

	try {
		const value: unknown = JSON.parse(text);
		return isJsonObject(value) ? value : undefined;
	} catch {
		return undefined;
	}
};

/** The field as an object, or an empty one. */
export const objectField = (value: JsonObject | undefined, name: string): JsonObject => {
	const field = value?.[name];
	return isJsonObject(field) ? field : {};
};

/** The field where it is a string. */
export const textField = (value: JsonObject | undefined, name: string): string | undefined => {
	const field = value?.[name];
	return typeof field === 'string' ? field : undefined;
};

/** The field where it is a finite number. */
export const numberField = (value: JsonObject | undefined, name: string): number | undefined => {
	const field = value?.[name];
	return typeof field === 'number' && Number.isFinite(field) ? field : undefined;
};
