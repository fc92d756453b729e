import {genericQuirks, type ProviderQuirks} from '../../translate/codec/quirks.ts';

/** What of a row of quirks is different; what is not named stays. */
export interface QuirkChanges {
	readonly family?: string;
	readonly names?: Partial<ProviderQuirks['names']>;
	readonly answer?: Partial<ProviderQuirks['answer']>;
	readonly chat?: Partial<ProviderQuirks['chat']>;
	readonly responses?: Partial<ProviderQuirks['responses']>;
	readonly messages?: Partial<ProviderQuirks['messages']>;
	readonly gemini?: Partial<ProviderQuirks['gemini']>;
}

/** How tool calls are looked for in the text of answers (translation.md 5.2). */
export const textToolModes = ['off', 'strict', 'aggressive'] as const;

/** One of {@link textToolModes}: `strict` for models that are known to leak them; `aggressive` also takes what merely looks like a call. */
export type TextToolMode = (typeof textToolModes)[number];

/** Some models of a provider that differ from the others. */
export interface ModelRow {
	/** Tested against the provider's own name of the model in lower case, with its vendor (`openai/gpt-oss-120b`) where it has one. */
	readonly pattern: RegExp;
	readonly quirks: ProviderQuirks;
}

/** A provider as data: its quirks, and the models that differ. */
export interface ProviderProfile {
	readonly quirks: ProviderQuirks;
	/** The first row that fits a model counts. */
	readonly models: readonly ModelRow[];
	readonly textTools: TextToolMode;
}

/** A row of quirks with some changed. */
export const changeQuirks = (base: ProviderQuirks, changes: QuirkChanges): ProviderQuirks => ({
	family: changes.family ?? base.family,
	names: {...base.names, ...changes.names},
	answer: {...base.answer, ...changes.answer},
	chat: {...base.chat, ...changes.chat},
	responses: {...base.responses, ...changes.responses},
	messages: {...base.messages, ...changes.messages},
	gemini: {...base.gemini, ...changes.gemini},
});

/** What {@link defineProfile} takes: changes over the generic quirks, and changes by model over those. */
export interface ProfileDefinition {
	readonly quirks: QuirkChanges;
	readonly models?: ReadonlyArray<readonly [pattern: RegExp, changes: QuirkChanges]>;
	readonly textTools?: TextToolMode;
}

/** A profile from what differs; every row is complete afterwards, so that nothing is computed per request. */
export const defineProfile = ({
	quirks: changes,
	models = [],
	textTools = 'off',
}: ProfileDefinition): ProviderProfile => {
	const quirks = changeQuirks(genericQuirks, changes);
	return {
		quirks,
		models: models.map(([pattern, more]) => ({pattern, quirks: changeQuirks(quirks, more)})),
		textTools,
	};
};
