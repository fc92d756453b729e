import {parseJsonObject, type JsonObject} from '../../wire/json-value.ts';

/** The objects in a payload; some gateways glue two together without a separator (translation.md 2.1). */
export const parsePayload = (data: string): readonly JsonObject[] => {
	const whole = parseJsonObject(data);
	if (whole) {
		return [whole];
	}

	// A gateway that builds its events by hand may forget the last brace.
	const closed = parseJsonObject(`${data}}`);
	if (closed) {
		return [closed];
	}

	const halves = data.split(/(?<=\})\s*(?=\{)/).map(parseJsonObject);
	return halves.length > 1 && halves.every(half => half !== undefined) ? halves : [];
};
