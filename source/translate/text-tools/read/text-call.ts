import type {JsonObject} from '../../../wire/json-value.ts';

/** The number of a format in translation.md 5.1 (`T3` and `T18` are no calls: see intent). */
export type TextFormatId =
	| 'T1'
	| 'T2'
	| 'T4'
	| 'T5'
	| 'T6'
	| 'T7'
	| 'T8'
	| 'T9'
	| 'T10'
	| 'T11'
	| 'T12'
	| 'T13'
	| 'T14'
	| 'T15'
	| 'T16'
	| 'T17'
	| 'T19';

/** One parameter that stands alone in the text. */
export interface TextField {
	readonly key: string;
	readonly text: string;
	/** DSML says it (`string="true"`); undefined: the tool's schema decides. */
	readonly isString?: boolean | undefined;
}

/** What a model wrote as arguments: JSON or what it takes for JSON, an object, single fields, or the raw text of a custom tool. */
export type TextArguments =
	| {readonly kind: 'json'; readonly text: string}
	| {readonly kind: 'value'; readonly value: JsonObject}
	| {readonly kind: 'fields'; readonly fields: readonly TextField[]}
	| {readonly kind: 'raw'; readonly text: string};

/** A call as it stands in a text: nothing of it is checked yet. */
export interface TextCall {
	readonly format: TextFormatId;
	/** As the model wrote it. */
	readonly name: string;
	readonly arguments: TextArguments;
}

/** How a block stands in the text. */
export interface BlockFrame {
	readonly opening: string;
	/** Its end was written; false where the text ended first: then only what is whole by itself is a call. */
	readonly isClosed: boolean;
}

/** The calls in one block; undefined: it holds none. What is read passes the guards of translation.md 5.2 before it becomes a call. */
export type ReadBlock = (body: string, frame: BlockFrame) => readonly TextCall[] | undefined;
