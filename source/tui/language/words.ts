import type {ScreenState} from '../store/screen-state.ts';
import {chinese} from './chinese/chinese.ts';
import {english} from './english/english.ts';

/*
 * The words of the screen. A catalogue has one section per folder or page, each a file of its own; a value is a text or a function that puts
 * values into one. English defines the keys, so a language that lacks one does not compile, and a test finds keys that nobody reads.
 */

/** The languages that the screen speaks, in the order of the key `L`: BCP 47 tags. */
export const languages = ['en', 'zh-CN'] as const;

/** One of {@link languages}. */
export type Language = (typeof languages)[number];

/** All words of one language. */
export type Words = typeof english;

const catalogues: Readonly<Record<Language, Words>> = {en: english, 'zh-CN': chinese};

/** The words of the language that the screen speaks. */
export const wordsOf = ({language}: Pick<ScreenState, 'language'>): Words => catalogues[language];

/** The language that a tag or a locale (`zh_CN.UTF-8`) means; undefined: one that the screen does not speak. */
export const languageOf = (tag: string | undefined): Language | undefined => {
	const [spoken] = (tag ?? '').toLowerCase().split(/[-_.@]/);
	return languages.find(language => language.split('-')[0] === spoken);
};

/** The language of a POSIX environment: the first of LC_ALL, LC_MESSAGES and LANG that is set decides (POSIX.1-2024, 8.2). */
export const languageOfEnvironment = (environment: Readonly<Record<string, string | undefined>>): Language =>
	languageOf([environment['LC_ALL'], environment['LC_MESSAGES'], environment['LANG']].find(value => value)) ?? 'en';
