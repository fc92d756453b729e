import {isObject} from '../../../source/demo/read-request.ts';

/*
 * A schema language for the bodies that strict upstreams take: a shape names what is wrong with a value. What a shape does not name is
 * refused, as the strictest servers do.
 */

/** What is wrong with a value that stands at a place (`messages.0.content`); empty where nothing is. */
export type Shape = (value: unknown, at: string) => readonly string[];

const refuse = (at: string, wanted: string): readonly string[] => [`${at}: ${wanted} was expected`];

const typed =
	(type: 'string' | 'number' | 'boolean'): Shape =>
	(value, at) =>
		typeof value === type ? [] : refuse(at, `a ${type}`);

/** A string, also an empty one. */
export const text: Shape = typed('string');

/** A number. */
export const number: Shape = typed('number');

/** True or false. */
export const flag: Shape = typed('boolean');

/** A string that fits a pattern. */
export const matching =
	(pattern: RegExp): Shape =>
	(value, at) =>
		typeof value === 'string' && pattern.test(value) ? [] : refuse(at, `a text like ${pattern}`);

/** A string with something in it beside blanks. */
export const filled: Shape = matching(/\S/);

/** One of some values. */
export const exactly =
	(...values: ReadonlyArray<string | boolean | null>): Shape =>
	(value, at) =>
		values.some(wanted => wanted === value) ? [] : refuse(at, `one of ${JSON.stringify(values)}`);

/** Any JSON object. */
export const anyObject: Shape = (value, at) => (isObject(value) ? [] : refuse(at, 'an object'));

/** A JSON Schema whose root is an object, as every provider wants it of a tool. */
export const objectSchema: Shape = (value, at) =>
	isObject(value) && value['type'] === 'object' && !('$schema' in value) ? [] : refuse(at, 'a schema of an object');

/** A text that holds a JSON object. */
export const jsonObjectText: Shape = (value, at) => {
	try {
		return typeof value === 'string' && isObject(JSON.parse(value)) ? [] : refuse(at, 'the text of a JSON object');
	} catch {
		return refuse(at, 'the text of a JSON object');
	}
};

/** A list of at least one element. */
export const listOf =
	(shape: Shape): Shape =>
	(value, at) =>
		Array.isArray(value) && value.length > 0
			? value.flatMap((element: unknown, index) => shape(element, `${at}.${index}`))
			: refuse(at, 'a list with something in it');

/** An object with these keys and no others; a key that ends in `?` may be absent. */
export const object =
	(keys: Readonly<Record<string, Shape>>): Shape =>
	(value, at) => {
		if (!isObject(value)) {
			return refuse(at, 'an object');
		}

		const names = Object.keys(keys).map(key => key.replace(/\?$/, ''));
		const unknown = Object.keys(value).filter(key => !names.includes(key));
		return [
			...unknown.map(key => `${at}.${key}: unknown key`),
			...Object.entries(keys).flatMap(([key, shape]) => {
				const name = key.replace(/\?$/, '');
				const isAbsent = !(name in value);
				return isAbsent
					? key === name
						? refuse(`${at}.${name}`, 'a value')
						: []
					: shape(value[name], `${at}.${name}`);
			}),
		];
	};

/** A value that fits one of some shapes. */
export const either =
	(...shapes: readonly Shape[]): Shape =>
	(value, at) => {
		const faults = shapes.map(shape => shape(value, at));
		return faults.some(list => list.length === 0) ? [] : (faults.toSorted((a, b) => a.length - b.length)[0] ?? []);
	};

/** An object whose shape depends on one of its values, which stands under `key`. */
export const byKey =
	(key: string, shapes: Readonly<Record<string, Shape>>): Shape =>
	(value, at) => {
		const name = isObject(value) ? value[key] : undefined;
		const shape = typeof name === 'string' ? shapes[name] : undefined;
		return shape === undefined ? refuse(`${at}.${key}`, `one of ${Object.keys(shapes).join(', ')}`) : shape(value, at);
	};
