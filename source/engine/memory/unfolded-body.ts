import {jsonBytes} from '../../base/utf8.ts';
import type {JsonObject} from '../../wire/json-value.ts';
import {limits} from '../../wire/limits.ts';
import {tooLarge} from '../door/accept-body.ts';

/**
 * A request's body with these items as its `input`. Throws BodyError `body-too-large` before it is made where it would be: a few names of
 * earlier items can stand for a thousand times their own length.
 */
export const bodyWith = (fields: JsonObject, items: readonly JsonObject[]): Buffer => {
	const texts: string[] = [];
	let length = 0;
	for (const item of items) {
		const text = JSON.stringify(item);
		length += text.length;
		if (length > limits.requestBodyBytes) {
			throw tooLarge(limits.requestBodyBytes);
		}

		texts.push(text);
	}

	const others = JSON.stringify(fields).slice(1);
	return jsonBytes(`{"input":[${texts.join(',')}]${others === '}' ? '' : ','}${others}`);
};
