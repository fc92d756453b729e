import {isRecord} from '../base/json.ts';

/* Whether a value that came over a socket has the shape of a type: guards that are put together as the type is. */

/** Tells whether a value is a `Type`. */
export type Guard<Type> = (value: unknown) => value is Type;

/** Any string. */
export const isText = (value: unknown): value is string => typeof value === 'string';

/** Any number that JSON can say. */
export const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** Yes or no. */
export const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';

/** One of these texts, all of which the type must name. */
export const isOneOf =
	<const Text extends string>(...texts: readonly Text[]): Guard<Text> =>
	(value): value is Text =>
		// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- compared, not believed
		texts.includes(value as Text);

/** The same, or not there. */
export const maybe =
	<Type>(guard: Guard<Type>): Guard<Type | undefined> =>
	(value): value is Type | undefined =>
		value === undefined || guard(value);

/** A list of such. */
export const isList =
	<Type>(guard: Guard<Type>): Guard<readonly Type[]> =>
	(value): value is readonly Type[] =>
		Array.isArray(value) && value.every(member => guard(member));

/** Names, each with such a value. */
export const isTable =
	<Type>(guard: Guard<Type>): Guard<Readonly<Record<string, Type>>> =>
	(value): value is Readonly<Record<string, Type>> =>
		isRecord(value) && Object.values(value).every(member => guard(member));

/** A guard for each member of a type; members that the type does not name are let be. */
export type Members<Type> = {readonly [Name in keyof Type]-?: Guard<Type[Name]>};

/** An object with these members. */
export const isShaped = <Type extends object>(members: Members<Type>): Guard<Type> => {
	const guards: ReadonlyArray<readonly [string, Guard<unknown>]> = Object.entries(members);
	return (value): value is Type => isRecord(value) && guards.every(([name, guard]) => guard(value[name]));
};
