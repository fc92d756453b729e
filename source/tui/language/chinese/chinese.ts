import type {Words} from '../words.ts';
import {commands} from './commands.ts';
import {frame} from './frame.ts';

/** Every word of the screen in Simplified Chinese. */
export const chinese: Words = {commands, frame};
