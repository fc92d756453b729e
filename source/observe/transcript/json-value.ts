/* Reading other programs' JSON leniently: what is not there or not of the expected type is simply absent. */

/** An object of which nothing is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject = (value: unknown): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value under a key when it is an object. */
export const objectAt = (value: JsonObject | undefined, key: string): JsonObject | undefined => {
	const found = value?.[key];
	return isJsonObject(found) ? found : undefined;
};

/** The value under a key when it is a string. */
export const stringAt = (value: JsonObject | undefined, key: string): string | undefined => {
	const found = value?.[key];
	return typeof found === 'string' ? found : undefined;
};

/** The value under a key when it is a number. */
export const numberAt = (value: JsonObject | undefined, key: string): number | undefined => {
	const found = value?.[key];
	return typeof found === 'number' ? found : undefined;
};

/** The objects in the list under a key; an empty list where there is none. */
export const objectsAt = (value: JsonObject | undefined, key: string): readonly JsonObject[] => {
	const found = value?.[key];
	return Array.isArray(found) ? found.filter(isJsonObject) : [];
};

/** A JSON text when it is an object, else undefined. */
export const parseObject = (text: string): JsonObject | undefined => {
	try {
		const value: unknown = JSON.parse(text);
		return isJsonObject(value) ? value : undefined;
	} catch {
		// Half an event, HTML, an argument that the model is still writing: there is no object in it.
		return undefined;
	}
};

/** Tool arguments for people: `key: value` a line, strings as they are; what is no JSON object stays as it came. */
export const argumentsText = (value: unknown): string => {
	const object = typeof value === 'string' ? parseObject(value) : value;
	if (!isJsonObject(object)) {
		return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
	}

	return Object.entries(object)
		.map(([key, field]) => `${key}: ${typeof field === 'string' ? field : JSON.stringify(field)}`)
		.join('\n');
};
